"""Secrets are found by their form, and never shown."""

import base64

import pytest

from quantumlayer.parser import Severity, SourceText, project_findings
from quantumlayer.parser.lint_secrets import lint_secrets

# Put together here, so that no file of this project looks as if it held one.
SECRETS = {
    "AWS Access Key": "AKIA" + "QYLPMN5HHHFPZAM2",
    "GitHub Token": "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx",
    "Slack Token": "xoxb-" + "34532454-e039d02840a0b9379c",
    "Stripe Access Key": "sk_" + "live_ReTllpYQYfIZu2Jnf2lAPFjD",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq" * 4,
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


async def test_secrets_are_part_of_what_is_found_in_a_project() -> None:
    files = [SourceText(path="config.yaml", content=f"token: {SECRETS['GitHub Token']}\n")]
    assert [one.rule for one in await project_findings(files, ())] == ["secret-in-source"]


def token(claims: str, *, header: str = '{"alg":"HS256"}', signed: bool = True) -> str:
    parts = [
        base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in (header, claims)
    ]
    return ".".join([*parts, "Zm9yZ2VkLXNpZ25hdHVyZQ" if signed else ""])


LIVING = '{"sub":"4f1d","role":"service","exp":4102444800}'


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("src/api.ts", token(LIVING), True),
        ("src/api.ts", token('{"sub":"4f1d","exp":1516239022}'), False),
        ("src/api.ts", token('{"sub":"1234567890","name":"John Doe"}'), False),
        ("src/api.ts", token(LIVING, header='{"alg":"none"}'), False),
        ("src/api.ts", token(LIVING, signed=False), False),
        ("src/api.ts", "eyJub3QiOiJhIHRva2VuI.eyJ4", False),
        ("tests/test_api.py", token(LIVING), False),
        ("docs/login.md", token(LIVING), False),
        # A key is more than its heading, and one of tests opens nothing.
        ("src/keys.py", "if text.startswith('" + "-----BEGIN RSA " + "PRIVATE KEY-----'):", False),
        (
            "src/keys.go",
            "// " + SECRETS["Private Key"].split("\n")[0] + " is what it begins with",
            False,
        ),
        ("src/keys.go", "const key = `" + SECRETS["Private Key"] + "`", True),
        ("tests/data/key.pem", SECRETS["Private Key"], False),
        # A piece of an image, of a hash, of a word.
        ("logo.py", "data = 'iVBORw0KGgo" + SECRETS["AWS Access Key"] + "Uhk5Y=='", False),
        ("logo.py", "key = '" + SECRETS["AWS Access Key"] + "'", True),
        ("yarn.txt", "integrity sha512-" + "AC" + "d" * 32 + "aa==", False),
        ("tests/test_aws.py", "key = '" + SECRETS["AWS Access Key"] + "'", True),
        ("src/a.py", "key: ghp_" + "a" * 36, False),
    ],
)
async def test_what_has_the_form_must_be_able_to_open_something(
    path: str, content: str, found: bool
) -> None:
    assert bool(await lint_secrets([SourceText(path=path, content=content + "\n")])) is found
