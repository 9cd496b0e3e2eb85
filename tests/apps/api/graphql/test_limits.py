"""What an operation asks for, measured before it is executed."""

from graphql import parse

from quantumlayer.api.graphql.limits import MAX_COST, Measure, excess, measure
from quantumlayer.api.graphql.types.scalars import Verdict
from quantumlayer.qtest import Verdict as QualityVerdict


def measured(text: str, **variables: object) -> Measure:
    """The measure of an operation."""
    return measure(parse(text), variables)


def test_fields_count_once_and_lists_multiply_what_stands_in_them() -> None:
    assert measured("{ viewer { role } }").cost == 2
    assert measured("{ runs(first: 10) { nodes { id } } }").cost == 1 + 10 * 2
    assert measured("query($n: Int!) { runs(first: $n) { nodes { id } } }", n=50).cost == 101


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
