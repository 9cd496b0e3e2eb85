"""The table of failures: complete, and changed only to what exists."""

import pytest
from pydantic import ValidationError

from quantumlayer.router.routing import Effect, FailureKind, Then, failover_rules


def test_every_kind_of_failure_has_a_rule() -> None:
    assert set(failover_rules()) == set(FailureKind)


@pytest.mark.parametrize(
    "kind", ["bad_request", "context_too_long", "content_filtered", "cancelled"]
)
def test_what_the_caller_did_never_counts_against_a_deployment(kind: str) -> None:
    assert failover_rules()[FailureKind(kind)].breaker is Effect.NONE


@pytest.mark.parametrize("kind", ["authentication", "unknown_model", "quota"])
def test_what_waiting_does_not_mend_opens_at_once_and_goes_to_the_next(kind: str) -> None:
    rule = failover_rules()[FailureKind(kind)]
    assert (rule.breaker, rule.then) == (Effect.OPEN, Then.NEXT)


def test_a_configuration_changes_one_rule_and_keeps_the_others() -> None:
    changed = failover_rules({"content_filtered": {"then": "next_group", "breaker": "none"}})

    assert changed[FailureKind.CONTENT_FILTERED].then is Then.NEXT_GROUP
    assert changed[FailureKind.TIMEOUT] == failover_rules()[FailureKind.TIMEOUT]


@pytest.mark.parametrize(
    "changes",
    [
        {"flood": {"then": "next", "breaker": "none"}},
        {"timeout": {"then": "again", "breaker": "none"}},
        {"timeout": {"then": "next"}},
    ],
)
def test_a_rule_that_does_not_exist_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        failover_rules(changes)
