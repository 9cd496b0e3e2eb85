"""Secrets are found by their providers' shapes, by their places, and by values like chance."""

import pytest

from quantumlayer.router.guardrails.secrets import find

_CHANCE = "Zx7Qm2Lp9Rt4Vb6Nc8Ks3Wd5Yh1Jg0FaUeIoTyBqXzPw"  # made here, valid nowhere


def chance(length: int) -> str:
    return (_CHANCE * 8)[:length]


FOUND = [
    ("AWS access key", "aws = " + "AKIA" + "Q7ZK2LPWRTVBNCKS"),
    ("GitHub token", "gh" + "p_" + chance(36)),
    ("GitHub fine-grained token", "github_" + "pat_" + chance(22) + "_" + chance(59)),
    ("GitLab token", "glp" + "at-" + chance(20)),
    ("OpenAI key", "sk-" + "proj-" + chance(80)),
    ("API key", "key: sk" + "-" + chance(40)),
    ("Anthropic key", "sk-" + "ant-api03-" + chance(90)),
    ("Hugging Face token", "h" + "f_" + chance(34)),
    ("Google API key", "AI" + "za" + chance(35)),
    ("Slack token", "xox" + "b-123456789012-1234567890123-" + chance(24)),
    ("Stripe key", "sk_" + "live_" + chance(24)),
    ("npm token", "np" + "m_" + chance(36)),
    ("JSON Web Token", "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiI0NzExIn0." + chance(43)),
    (
        "private key",
        "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASC\n-----END "
        "PRIVATE KEY-----",
    ),
    ("password in a URL", "postgresql://app:" + chance(12) + "@db.prod.io/app"),
    ("authorization header", "curl -H 'Authorization: Bearer " + chance(32) + "'"),
    ("value of a secret", f'DB_PASSWORD = "{chance(20)}"'),
    ("value of a secret", f"client_secret: {chance(30)}\n"),
    ("value of a secret", f"export API_KEY={chance(24)}"),
]


@pytest.mark.parametrize(("name", "text"), FOUND)
def test_a_secret_is_found_and_named(name: str, text: str) -> None:
    assert [secret.name for secret in find(f"Some words.\n{text}\nMore words.")] == [name]


NOT_FOUND = [
    'api_key = os.environ["OPENAI_API_KEY"]',
    'token = "your-token-goes-here-123"',
    'password: "${DB_PASSWORD}"',
    'key = "AKIA" + "IOSFODNN7EXAMPLE"',
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "postgresql://postgres:postgres@localhost:5432/app",
    "https://user:{password}@host/path",
    'if "-----BEGIN PRIVATE KEY-----" in text:',
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'secret_name = "quantumlayer-signing-key"',
    "task-management-of-disk-1234567890abcdefghij",
    'token_id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"',
]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert find(text) == []


def test_two_in_a_text_are_told_from_left_to_right() -> None:
    text = "a gh" + "p_" + chance(36) + " and AKIA" + "Q7ZK2LPWRTVBNCKS"

    first, second = find(text)

    assert (first.name, second.name) == ("GitHub token", "AWS access key")
    assert text[second.start : second.end] == "AKIA" + "Q7ZK2LPWRTVBNCKS"
