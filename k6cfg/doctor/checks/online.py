"""Whether Grafana Cloud takes the token: asked with ``--online`` alone."""

from collections.abc import Iterator

from k6cfg.doctor.check import Check, Result, could_not, error, of_settings, ok, skipped
from k6cfg.doctor.checks.token import fault
from k6cfg.doctor.context import Machine
from k6cfg.doctor.shell_commands import k6cfg
from k6cfg.engine import Checked
from k6cfg.k6 import cloud
from k6cfg.machine.grafana_cloud import Answer, Unverified, foreign, server, verify


def run(machine: Machine, checked: Checked) -> Iterator[Result]:
    """The request that k6's own login makes, with the token that k6 would use, to the server that it would ask."""
    if not machine.online:
        yield skipped("Grafana Cloud was not asked whether it takes the token; --online asks it")
        return
    token = _token(machine, checked)
    if token is None:
        yield skipped("there is no token to ask about")
    elif fault(token) is not None:
        yield skipped(
            "what stands there as a token cannot be one, so nobody was asked about it; the check `token` says why"
        )
    else:
        yield from _asked(machine, checked, token)


def _token(machine: Machine, checked: Checked) -> str | None:
    """The token that k6 goes by: of the variable, of the options, of the login."""
    document, schema = checked.document, checked.schema
    routes = [route for route in (("cloud", "token"), cloud.TOKEN) if schema.find(route) is not None]
    stored = (cloud.said(document, schema, route, {}) for route in routes)
    return machine.environ.get(cloud.VARIABLE) or next((token for token in stored if token is not None), None)


def _asked(machine: Machine, checked: Checked, token: str) -> Iterator[Result]:
    version, document, schema = machine.k6.judged_as, checked.document, checked.schema
    stack = cloud.said(document, schema, cloud.STACK_URL, machine.environ) if version >= cloud.STACK_SINCE else None
    if stack is None and version >= cloud.STACK_NEEDED:
        yield could_not(
            f"k6 {version} has tokens verified for one stack, and no address of one is known (stackURL)",
            "The number of a stack does not do for that.",
            k6cfg(machine, "set collectors.cloud.stackURL https://NAME.grafana.net"),
        )
        return
    try:
        stack = cloud.stack_url(stack, version) if stack is not None else None
    except ValueError as failure:
        yield could_not(
            f"the token was not verified: the stack of the file or of the variable cannot be used: {failure}",
            "Nobody knows whether the token is good.",
            k6cfg(machine, "set collectors.cloud.stackURL https://NAME.grafana.net"),
        )
        return
    route = cloud.HOST_V6 if stack is not None else cloud.HOST
    host = cloud.said(document, schema, route, machine.environ)
    by_file = cloud.of_variable(schema, route, machine.environ) is None
    why = foreign(host, named_by_file=by_file) if host is not None else "is not known"
    if host is None or why is not None:
        yield could_not(
            f"the token was not sent to the server of {'.'.join(route)}, which {why}",
            "Whoever runs that server would get the token.",
        )
        return
    try:
        answer = verify(token, host=host, stack_url=stack)
    except Unverified as failure:
        said = f"the token was not verified: {failure.message}"
        if failure.refused:
            remedy = f"Store another one: {k6cfg(machine, 'set-token')}; {failure.help}."
            yield error(said, "Every cloud command fails with it.", remedy)
        else:
            yield could_not(said, "Nobody knows whether it is good.", f"{failure.help}.")
        return
    yield _compared(machine, checked, answer, server(host))


def _compared(machine: Machine, checked: Checked, answer: Answer, asked: str) -> Result:
    """A good token, and whether the number of its stack is the one that k6 would use."""
    node = checked.schema.find(cloud.STACK_ID)
    given = next((machine.environ[name] for name in (node.env if node else ()) if machine.environ.get(name)), None)
    value = cloud.value_of(checked.document, checked.schema, cloud.STACK_ID)
    number = given or (checked.document.source(value).strip('"') if value is not None else None)
    if answer.stack_id is None or number is None or number == str(answer.stack_id):
        return ok(f"{asked} accepts the token")
    where = f"`export {node.env[0]}={answer.stack_id}`" if given and node is not None else None
    return error(
        f"{asked} accepts the token, but the number of its stack is {answer.stack_id}, not what stackID says",
        "Cloud runs would be started in another stack, or refused.",
        where or k6cfg(machine, f"set collectors.cloud.stackID {answer.stack_id}"),
    )


CHECK = Check("online", "Does Grafana Cloud take the token?", of_settings(run))
