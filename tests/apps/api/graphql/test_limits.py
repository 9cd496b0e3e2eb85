"""What an operation asks for, measured before it is executed."""

import pytest
from graphql import parse

from quantumlayer.api.graphql.limits import MAX_COST, Measure, excess, measure
from quantumlayer.api.graphql.schema import schema
from quantumlayer.api.graphql.types.scalars import Verdict
from quantumlayer.qtest import Verdict as QualityVerdict

ALL = "fragment all on RunConnection { nodes { id } }"
PAGE = "fragment q on Query { runs(first: $n) { nodes { id } } }"


def measured(text: str, **variables: object) -> Measure:
    """The measure of an operation."""
    return measure(schema._schema, parse(text), variables)


def test_fields_count_once_and_lists_multiply_what_stands_in_them() -> None:
    assert measured("{ viewer { role } }").cost == 2
    assert measured("{ runs(first: 10) { nodes { id } } }").cost == 1 + 10 * 2
    assert measured("query($n: Int!) { runs(first: $n) { nodes { id } } }", n=50).cost == 101


@pytest.mark.parametrize(
    "text",
    [
        "query($n: Int! = 100) { runs(first: $n) { nodes { id } } }",
        f"query($n: Int = 100) {{ page: runs(first: $n) {{ ...all }} }} {ALL}",
        "query($n: Int = 100) { ... on Query { runs(first: $n) { ... { nodes { id } } } } }",
        f"query($n: Int = 100, $m: Int = 1) {{ ...q }} {PAGE}",
        "query { runs(first: 100) { nodes { id } } }",
    ],
)
def test_a_variables_default_counts_as_what_is_executed(text: str) -> None:
    assert measured(text).cost == 1 + 100 * 2


def test_a_value_that_is_given_wins_over_the_default() -> None:
    text = "query($n: Int = 100) { runs(first: $n) { nodes { id } } }"
    assert measured(text, n=3).cost == 1 + 3 * 2


def test_lists_in_lists_multiply_with_all_their_defaults() -> None:
    text = (
        "query($n: Int = 100, $m: Int = 200)"
        " { runs(first: $n) { nodes { events(first: $m) { type sequence } } } }"
    )
    found = measured(text)
    assert found.cost == 1 + 100 * (1 + 1 + 200 * 2)
    assert excess(found) is not None


def test_an_argument_that_is_left_out_has_the_schemas_default() -> None:
    assert measured('{ run(id: "x") { events { type } } }').cost == 1 + 1 + 100
    assert measured("{ runs { nodes { id } } }").cost == 1 + 20 * 2


def test_a_list_that_nobody_limits_is_taken_to_be_long() -> None:
    assert measured('{ run(id: "x") { files { path size } } }').cost == 1 + 1 + 20 * 2
    assert measured("{ viewer { permissions } models }").cost == 3


def test_an_operation_of_each_kind_has_its_own_defaults() -> None:
    text = f"query a($n: Int = 10) {{ ...q }} query b($n: Int = 20) {{ ...q }} {PAGE}"
    assert measured(text).cost == (1 + 10 * 2) + (1 + 20 * 2)


def test_fragments_cost_what_they_hold_at_every_spread() -> None:
    text = "{ runs(first: 5) { ...page } } fragment page on RunConnection { nodes { id title } }"
    assert measured(text).cost == 1 + 5 * 3


def test_fragments_of_fragments_are_measured_without_being_unfolded() -> None:
    """Unfolded these would be 2 to the power of 60 fields."""
    fragments = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60))
    found = measured(f"{{ ...f0 }} {fragments} fragment f60 on Query {{ viewer {{ role }} }}")
    assert found.cost == 2 * 2**60
    assert excess(found) is not None


def test_a_fragment_within_itself_is_measured_to_an_end() -> None:
    assert measured("{ ...a } fragment a on Query { viewer { role } ...a }").cost == 2


def test_depth_aliases_and_directives_are_counted_through_inline_fragments() -> None:
    found = measured("{ a: viewer { ... on Viewer @include(if: true) { b: role } } }")
    assert (found.depth, found.aliases, found.directives) == (2, 2, 1)


def test_introspection_may_go_deeper_than_data() -> None:
    found = measured("{ __schema { types { fields { type { ofType { name } } } } } }")
    assert (found.depth, found.introspection_depth) == (0, 6)


def test_what_is_within_limits_is_not_complained_about() -> None:
    assert excess(Measure(depth=5, cost=MAX_COST, aliases=3)) is None
    assert "costly" in (excess(Measure(cost=MAX_COST + 1)) or "")


def test_verdicts_are_spelled_as_everywhere_else() -> None:
    assert {verdict.value for verdict in Verdict} == {verdict.value for verdict in QualityVerdict}
