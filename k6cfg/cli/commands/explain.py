"""``k6cfg explain``: one option, rule, variable or flag."""

import sys
from typing import Annotated, Final

import typer

from k6cfg.cli.context import Format, Situation, VersionOption
from k6cfg.cli.exit_codes import USAGE
from k6cfg.cli.terminal import complain, out, painter_for
from k6cfg.engine.explanation import Unknown, explain

SETTINGS: Final = {"ignore_unknown_options": True}
"""A flag of k6's is what this command is about, not an option of its own."""


def command(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="KEY|RULE|VARIABLE|FLAG",
            help="Such as dns.ttl, unknown-key, K6_VUS or --vus.",
            show_default=False,
        ),
    ],
    k6_version: VersionOption = None,
    output_format: Annotated[Format, typer.Option("--output-format", help="How it is printed.")] = Format.TEXT,
) -> None:
    """Explain one option, rule, variable or flag: what it does, what it takes, what became of it."""
    if not subject.strip():
        raise typer.BadParameter("name a key, a rule, a variable or a flag")
    situation = Situation(k6_version)
    try:
        found = explain(subject, situation.schema)
    except Unknown as error:
        from k6cfg.cli.key_argument import harmless

        near = ", ".join(error.near)
        help_ = f"did you mean {near}?" if near else "k6cfg schema lists every key"
        complain(f"{harmless(subject)} is no key, rule, variable or flag that k6cfg knows", help_)
        raise typer.Exit(USAGE) from None
    if output_format is Format.JSON:
        from k6cfg.report.explain import render_json

        out(render_json(found, situation.schema) + "\n")
    else:
        from k6cfg.report.explain import render

        out(render(found, situation.schema, painter_for(sys.stdout)))
