"""References to secrets: what other tools replace by a secret, and k6 does not."""

import re
from typing import Final

from k6cfg.text.lazy_regex import late

_MARKS: Final = frozenset(":[{($%@`/")
"""One of them is in every reference; a text without any is not looked at any further."""

_KINDS: Final = (
    (late(r"op://.+"), "a 1Password reference"),
    (late(r"(?:bws?|bitwarden)://.+", re.IGNORECASE), "a Bitwarden reference"),
    (late(r"ref\+[a-z0-9]+://.+", re.IGNORECASE), "a vals reference"),
    (late(r"(?:>>)?(?:vault|hcvault)(?::|://).+", re.IGNORECASE), "a Vault reference"),
    (late(r"(doppler|infisical|akeyless|keeper|conjur|lastpass|gopass|keepass|secret|secrets)://.+", re.IGNORECASE),
     "a reference to a secret store"),
    (late(r"ENC\[.*"), "a value that SOPS encrypted"),
    (late(r"\$ANSIBLE_VAULT;.*|!vault\b.*", re.DOTALL), "a value that Ansible Vault encrypted"),
    (late(r"arn:aws[a-z-]*:secretsmanager:.*|(?:aws-?sm|secretsmanager)(?::|://).+", re.IGNORECASE),
     "an AWS Secrets Manager reference"),
    (late(r"\{\{resolve:.*"), "an AWS CloudFormation reference"),
    (late(r"arn:aws[a-z-]*:ssm:.*|(?:aws-?)?ssm(?::|://).+", re.IGNORECASE), "an AWS Parameter Store reference"),
    (late(r"arn:aws[a-z-]*:kms:.*", re.IGNORECASE), "an AWS KMS reference"),
    (late(r"(?:sm|berglas|gcp-?sm|gsm)://.+|gcp:secretmanager:.+|projects/[^/]+/secrets/.+", re.IGNORECASE),
     "a Google Secret Manager reference"),
    (late(r"@Microsoft\.KeyVault\(.*|https://[^/]+\.vault\.azure\.net(?:/.*)?|azurekeyvault://.+", re.IGNORECASE),
     "an Azure Key Vault reference"),
    (late(r"\$\{\{.*", re.DOTALL), "an expression that the CI system did not replace"),
    (late(r"\{\{.*|\{%.*|<%.*%>|\(\([^()]+\)\)", re.DOTALL), "a template expression that was not replaced"),
    (late(r"\$\(.*|`.+`", re.DOTALL), "a command that was not run"),
    (late(r"\$\{.*|\$[A-Z_][A-Z0-9_]*|\$env:\w+|%[A-Z_][A-Z0-9_]*%", re.DOTALL), "a variable that was not expanded"),
)  # fmt: skip
"""What a reference looks like, and what it is; the first that fits counts."""


def reference_kind(text: str) -> str | None:
    """Return what a text is, as a noun (``a 1Password reference``), where another tool should have replaced it.

    ``None`` where it is no reference. Nothing of the text is in the answer. k6 uses such a text as it is: it looks up
    no secret and expands no variable. Quotes and white space around the text do not matter.
    """
    bare = text.strip().strip("\"'").strip()
    if _MARKS.isdisjoint(bare) and not bare.startswith("!vault"):
        return None
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(bare)), None)
