"""References to secrets that k6 does not resolve."""

import pytest

from k6cfg.k6.grammars import reference_kind

REFERENCES = {
    "op://Private/k6/token": "a 1Password reference",
    '"op://Private/k6/token"': "a 1Password reference",
    "bws://0000": "a Bitwarden reference",
    "ref+vault://k6/token#value": "a vals reference",
    "vault:secret/data/k6#token": "a Vault reference",
    "vault://secret/k6": "a Vault reference",
    ">>vault:secret/data/k6#token": "a Vault reference",
    "doppler://k6/token": "a reference to a secret store",
    "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]": "a value that SOPS encrypted",
    "$ANSIBLE_VAULT;1.1;AES256\n6162": "a value that Ansible Vault encrypted",
    "!vault |": "a value that Ansible Vault encrypted",
    "arn:aws:secretsmanager:eu-west-1:000000000000:secret:k6": "an AWS Secrets Manager reference",
    "arn:aws-us-gov:secretsmanager:us-gov-west-1:000000000000:secret:k6": "an AWS Secrets Manager reference",
    "{{resolve:secretsmanager:k6:SecretString:token}}": "an AWS CloudFormation reference",
    "arn:aws:ssm:eu-west-1:000000000000:parameter/k6": "an AWS Parameter Store reference",
    "ssm:/k6/token": "an AWS Parameter Store reference",
    "arn:aws:kms:eu-west-1:000000000000:key/k6": "an AWS KMS reference",
    "sm://project/k6-token": "a Google Secret Manager reference",
    "projects/1/secrets/k6/versions/latest": "a Google Secret Manager reference",
    "@Microsoft.KeyVault(SecretUri=https://k6.vault.azure.net/secrets/token)": "an Azure Key Vault reference",
    "https://k6.vault.azure.net/secrets/token": "an Azure Key Vault reference",
    "${{ secrets.K6_CLOUD_TOKEN }}": "an expression that the CI system did not replace",
    "{{ .Values.token }}": "a template expression that was not replaced",
    "((k6-token))": "a template expression that was not replaced",
    "$(cat /run/secrets/token)": "a command that was not run",
    "`cat token`": "a command that was not run",
    "${TOKEN}": "a variable that was not expanded",
    "${TOKEN:-}": "a variable that was not expanded",
    "$TOKEN": "a variable that was not expanded",
    "$env:TOKEN": "a variable that was not expanded",
    "%TOKEN%": "a variable that was not expanded",
}


@pytest.mark.parametrize(("text", "kind"), REFERENCES.items())
def test_a_reference_is_recognised(text: str, kind: str) -> None:
    assert reference_kind(text) == kind
    assert reference_kind(f"  {text}\n") == kind


@pytest.mark.parametrize(
    "text",
    ["", "abc", "0123456789abcdef", "glsa_abc_0", "p@ss:word", "$ecret", "vault", "vault:", "op:", "ENC", "(a)", "50%",
     "https://example.com/vault:x", "http://user@host:1/op://x", "a/b+c=", "$1$salt$hash"],
)  # fmt: skip
def test_other_texts_are_no_references(text: str) -> None:
    assert reference_kind(text) is None
