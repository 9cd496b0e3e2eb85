"""Merge patches do what RFC 7396 says, example by example."""

import pytest
from pydantic import JsonValue

from quantumlayer.router.configuration.merging import patched

EXAMPLES: list[tuple[dict[str, JsonValue], dict[str, JsonValue], dict[str, JsonValue]]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("base", "patch", "expected"), EXAMPLES)
def test_the_examples_of_the_rfc(
    base: dict[str, JsonValue], patch: dict[str, JsonValue], expected: dict[str, JsonValue]
) -> None:
    assert patched(base, [patch]) == expected


def test_neither_the_base_nor_a_patch_is_changed_by_those_that_follow() -> None:
    base: dict[str, JsonValue] = {"a": {"b": 1}}
    first: dict[str, JsonValue] = {"a": {"c": [1]}}
    assert patched(base, [first, {"a": {"b": 2}}, {"a": {"c": None}}]) == {"a": {"b": 2}}
    assert (base, first) == ({"a": {"b": 1}}, {"a": {"c": [1]}})
