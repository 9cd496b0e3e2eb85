"""A key is somebody's, with all that its organisation, its project and itself allow together."""

from datetime import UTC, datetime

import pytest

from quantumlayer.core.identity import secret_hash
from quantumlayer.gateway.tenants import Caller, Refusal, callers
from quantumlayer.router.configuration import read_text

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SECRET = "ql_" + "s" * 43


def recognised(
    key: str, organisation: str = "", secret: str | None = SECRET, now: datetime = NOW
) -> Caller | Refusal:
    text = f"""\
providers: {{openai: {{}}}}
modules: {{a: {{module: a}}, b: {{module: b}}}}
organisations:
  acme:
    keys: {{ci: {{hash: "sha256:{secret_hash(SECRET)}"{key}}}}}
{organisation}
"""
    return callers(read_text(text, {})).recognised(secret, now)


def caller(key: str, organisation: str = "") -> Caller:
    found = recognised(key, organisation)
    assert isinstance(found, Caller)
    return found


def test_a_key_is_recognised_as_its_organisations() -> None:
    found = caller("")
    assert (found.organisation, found.project, found.key) == ("acme", None, "ci")


@pytest.mark.parametrize("secret", [None, "", "x", "ql_" + "z" * 43, SECRET[:-1], SECRET + " "])
def test_any_other_secret_opens_nothing(secret: str | None) -> None:
    expected = Refusal.UNKNOWN if secret else Refusal.MISSING
    assert recognised("", secret=secret) is expected


def test_a_key_that_was_revoked_says_so() -> None:
    assert recognised(", revoked: true") is Refusal.REVOKED


@pytest.mark.parametrize(
    ("expires", "opens"),
    [
        ("2026-11-29T12:00:01Z", True),
        ("2026-11-29T12:00:00Z", False),
        ("2026-11-29T11:00:00", False),
        ("2026-11-29T13:30:00+02:00", False),
        ("2026-11-29T13:30:00+01:00", True),
    ],
)
def test_a_key_expires_at_its_moment_and_a_moment_without_a_zone_is_utc(
    expires: str, opens: bool
) -> None:
    assert isinstance(recognised(f", expires: {expires}"), Caller) is opens


@pytest.mark.parametrize(
    ("key", "organisation", "project", "asked", "allowed"),
    [
        ("", "", "", "fast", True),
        ("[fast]", "", "", "fast", True),
        ("[fast]", "", "", "faster", False),
        ("['fast*']", "", "", "faster", True),
        ("['*']", "[fast]", "", "slow", False),
        ("[fast]", "[fast, slow]", "[slow]", "fast", False),
        ("[fast]", "[fast, slow]", "[fast]", "fast", True),
        ("[]", "", "", "fast", False),
        ("['openai/*']", "", "", "openai/gpt-5", True),
        ("['openai/*']", "", "", "x-openai/gpt-5", False),
        ("[a.c]", "", "", "abc", False),
    ],
)
def test_a_model_must_be_allowed_by_organisation_project_and_key(
    key: str, organisation: str, project: str, asked: str, allowed: bool
) -> None:
    own = f", models: {key}" if key else ""
    theirs = f"    models: {organisation}\n" if organisation else ""
    inner = f"models: {project}" if project else ""
    found = caller(f"{own}, project: search", f"{theirs}    projects: {{search: {{{inner}}}}}")
    assert found.may_ask(asked) is allowed


def test_the_nearest_list_of_modules_counts_and_an_empty_one_is_a_list() -> None:
    organisation = "    modules: [a]\n    projects: {search: {modules: [b]}, all: {}}"
    assert caller("", organisation).modules == ("a",)
    assert caller(", project: all", organisation).modules == ("a",)
    assert caller(", project: search", organisation).modules == ("b",)
    assert caller(", project: search, modules: []", organisation).modules == ()


def test_every_budget_above_a_key_is_its_budget_too() -> None:
    budgets = "    budgets: [{usd: 100}]\n    projects: {search: {budgets: [{usd: 10, per: day}]}}"
    found = caller(", project: search, budgets: [{usd: 1, per: lifetime}]", budgets)
    assert [(limit.scope.id, str(limit.usd)) for limit in found.budgets] == [
        ("acme", "100"),
        ("acme/search", "10"),
        ("acme/search/ci", "1"),
    ]
