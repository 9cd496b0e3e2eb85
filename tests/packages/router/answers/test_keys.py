"""What makes two questions one, and what never does."""

from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.answers import RequestFacts, answer_key, cacheable

ORGANISATION = UUID(int=1)

documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
requests = st.dictionaries(st.text(), documents, max_size=4)


def turned(value: object) -> object:
    """The same document with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(list(value))}
    if isinstance(value, list):
        return [turned(one) for one in value]
    return value


@given(request=requests)
def test_the_order_of_keys_makes_no_difference_at_any_depth(request: dict[str, object]) -> None:
    other = turned(request)
    assert isinstance(other, dict)
    assert answer_key(ORGANISATION, request) == answer_key(ORGANISATION, other)


@given(one=requests, other=requests)
def test_two_requests_share_a_key_only_when_they_are_the_same_json(
    one: dict[str, object], other: dict[str, object]
) -> None:
    same = orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        other, option=orjson.OPT_SORT_KEYS
    )
    assert (answer_key(ORGANISATION, one) == answer_key(ORGANISATION, other)) is same


@given(request=requests)
def test_two_organisations_never_share_a_digest_or_a_name(request: dict[str, object]) -> None:
    ours, theirs = answer_key(uuid4(), request), answer_key(uuid4(), request)

    assert ours.digest != theirs.digest
    assert ours.redis_name != theirs.redis_name
    assert f"{{{ours.organisation_id}}}" in ours.redis_name


def test_what_is_not_json_has_no_key() -> None:
    with pytest.raises(TypeError):
        answer_key(ORGANISATION, {"messages": object()})


@pytest.mark.parametrize(
    ("facts", "use"),
    [
        (RequestFacts(enabled=True), True),
        (RequestFacts(enabled=True, asked=True), True),
        (RequestFacts(enabled=True, asked=False), False),
        (RequestFacts(enabled=False, asked=True), False),
        (RequestFacts(enabled=True, tools_act=True), False),
        (RequestFacts(enabled=True, tools_act=True, asked=True), True),
        (RequestFacts(enabled=True, sampled=True), False),
        (RequestFacts(enabled=True, sampled=True, asked=True), True),
        (RequestFacts(enabled=True, stateful=True, asked=True), False),
    ],
)
def test_whether_a_question_may_be_answered_from_the_cache(facts: RequestFacts, use: bool) -> None:
    decision = cacheable(facts)

    assert decision.use is use
    assert bool(decision.reason) is not use
