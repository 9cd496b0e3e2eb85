"""Secrets are found by their form, and never shown."""

import pytest

from quantumlayer.parser import Severity, SourceText, lint
from quantumlayer.parser.lint_secrets import lint_secrets

# Put together here, so that no file of this project looks as if it held one.
SECRETS = {
    "AWS Access Key": "AKIA" + "QYLPMN5HHHFPZAM2",
    "GitHub Token": "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx",
    "Slack Token": "xoxb-" + "34532454-e039d02840a0b9379c",
    "Stripe Access Key": "sk_" + "live_ReTllpYQYfIZu2Jnf2lAPFjD",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("path", ["src/a.py", "deploy.yaml", ".env"])
async def test_a_secret_is_found_in_any_file(kind: str, path: str) -> None:
    (found,) = await lint_secrets([SourceText(path=path, content=f"a\nkey: {SECRETS[kind]}\n")])
    column = 11 if kind == "Private Key" else 6
    assert (found.path, found.line, found.column) == (path, 2, column)
    assert found.severity is Severity.HIGH
    assert found.message.startswith(kind)
    assert SECRETS[kind] not in found.model_dump_json()
    assert (found.rule, found.tool, found.cwe) == ("secret-in-source", "detect-secrets", 798)


@pytest.mark.parametrize(
    "content",
    [
        "key = os.environ['KEY']\n",
        "url = 'https://user:password@host'\n",
        f"key = '{'AKIA' + 'IOSFODNN7EXAMPLE'}'\n",
        "digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'\n",
        "url = 'https://example.org:8080/path'\n",
    ],
)
async def test_what_is_none_is_left_alone(content: str) -> None:
    assert await lint_secrets([SourceText(path="a.py", content=content)]) == ()


async def test_secrets_are_part_of_what_linters_say() -> None:
    files = [SourceText(path="config.yaml", content=f"token: {SECRETS['GitHub Token']}\n")]
    assert [one.rule for one in await lint(files)] == ["secret-in-source"]
