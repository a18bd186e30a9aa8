"""``--verify``: Grafana Cloud is asked before anything is written."""

from collections.abc import Sequence
from typing import NamedTuple

from k6cfg.cli.context import Situation
from k6cfg.cli.exit_codes import COULD_NOT, DECLINED, FINDINGS, USAGE
from k6cfg.cli.terminal import complain, say
from k6cfg.engine import Checked
from k6cfg.engine.edit import Route
from k6cfg.k6.cloud import (
    DEFAULT_PROJECT_ID,
    HOST,
    HOST_V6,
    STACK_ID,
    STACK_NEEDED,
    STACK_SINCE,
    STACK_URL,
    of_variable,
    said,
    stack_url,
)
from k6cfg.machine.grafana_cloud import Unverified, foreign, server, verify

_Values = tuple[tuple[Route, object], ...]


class Server(NamedTuple):
    """Who verifies the token, and for which stack."""

    host: str
    stack: str | None


def server_for(
    situation: Situation, base: Checked, settings: Sequence[tuple[Route, object]], *, force: bool
) -> Server | int:
    """Return who would verify a token, or the exit code; so nobody types a token that cannot be verified."""
    given = dict(settings)
    version = situation.k6.version
    stack = given.get(STACK_URL) or (
        said(base.document, base.schema, STACK_URL, situation.environ) if version >= STACK_SINCE else None
    )
    if stack is None and version >= STACK_NEEDED:
        complain(
            f"k6 {version} verifies tokens for one stack, and none is named; nothing was written",
            "add --stack: the name in the address of your Grafana Cloud, such as my-team of my-team.grafana.net",
        )
        return USAGE
    try:
        stack = stack_url(str(stack), version) if stack is not None else None
    except ValueError as error:
        complain(f"the stack of the file or of the variable cannot be used: {error}", "name it with --stack")
        return USAGE
    route = HOST_V6 if stack is not None else HOST
    host = said(base.document, base.schema, route, situation.environ)
    if host is None:
        complain(f"k6 {version} has no server to ask", "leave out --verify")
        return COULD_NOT
    why = foreign(host, named_by_file=of_variable(base.schema, route, situation.environ) is None)
    if why is not None and not (force and why != "is no URL"):
        complain(
            f"{'.'.join(route)} (of the file or of a variable) {why}, and would get the token; nothing was sent",
            "remove it if you do not know that server; --force sends the token there",
        )
        return DECLINED
    return Server(host, stack)


def verified(asked: Server, token: str, settings: Sequence[tuple[Route, object]]) -> _Values | int:
    """What the answer says is to be written with a good token, or the exit code."""
    given = dict(settings)
    try:
        answer = verify(token, host=asked.host, stack_url=asked.stack)
    except Unverified as error:
        without = "" if error.refused else "; or leave out --verify to write the token without asking"
        complain(f"the token was not verified: {error.message}; nothing was written", error.help + without)
        return FINDINGS if error.refused else COULD_NOT
    if answer.stack_id is not None and given.get(STACK_ID, answer.stack_id) != answer.stack_id:
        complain(
            f"the number of that stack is {answer.stack_id}, not the one of --stack-id; nothing was written",
            "leave out --stack-id: --verify writes the right one",
        )
        return FINDINGS
    say(f"{server(asked.host)} accepts the token")
    found: list[tuple[Route, object]] = []
    if answer.stack_id is not None and STACK_ID not in given:
        found.append((STACK_ID, answer.stack_id))
    if answer.default_project_id is not None and DEFAULT_PROJECT_ID not in given:
        found.append((DEFAULT_PROJECT_ID, answer.default_project_id))
    return tuple(found)
