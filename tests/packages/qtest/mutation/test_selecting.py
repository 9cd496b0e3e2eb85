"""What is tried first, and by which tests: from the code and its traces alone."""

from quantumlayer.qtest.mutation.mutations import Mutation, Place
from quantumlayer.qtest.mutation.operators import mutations_of
from quantumlayer.qtest.mutation.selecting import Chosen, TestChoice, in_order
from quantumlayer.qtest.runners.traces import LOADING, Traces

SOURCE = """\
LIMIT = 5


def discount(total):
    if total > LIMIT:
        return total / 2
    return total


def label(cart):
    return cart.name.upper()


def unused(cart):
    return cart + 1
"""
NAMES = ("tests/test_a.py::test_everything", "tests/test_a.py::test_discount_above_limit",
         "tests/test_a.py::test_label")  # fmt: skip
EVERYTHING, DISCOUNT, LABEL = 0b10, 0b100, 0b1000
TRACES = Traces(
    ("", *NAMES),
    {
        "a.py": {
            1: LOADING, 4: LOADING, 10: LOADING, 14: LOADING,
            5: EVERYTHING | DISCOUNT, 6: DISCOUNT, 7: EVERYTHING, 11: EVERYTHING | LABEL,
        }
    },
)  # fmt: skip


def mutations() -> list[Mutation]:
    return mutations_of("a.py", SOURCE)


def chosen(
    line: int, operator: str, traces: Traces = TRACES, most: int | None = None
) -> Chosen | None:
    everything = mutations()
    [one] = [each for each in everything if (each.line, each.operator) == (line, operator)]
    return TestChoice(NAMES, traces, everything).near(one, most)


def test_every_function_is_asked_once_before_any_is_asked_twice() -> None:
    ordered = in_order(mutations())
    names = [one.function or one.owner for one in ordered]
    first = names[: len(set(names))]
    assert len(set(first)) == len(first)
    assert first[0] == "discount", "the function that decides most comes first"


def test_within_a_function_what_decides_comes_first() -> None:
    weights = [one.weight for one in in_order(mutations()) if one.function == "discount"]
    assert weights == sorted(weights, reverse=True)


def test_the_order_does_not_depend_on_the_order_of_finding() -> None:
    assert in_order(mutations()) == in_order(reversed(mutations()))


def test_the_tests_that_run_the_line_are_chosen_the_nearest_by_name_first() -> None:
    found = chosen(5, "boundary")
    assert found is not None
    assert found.tests == (NAMES[1], NAMES[0])
    assert found.place is Place.BODY


def test_a_limit_of_tests_keeps_the_nearest() -> None:
    found = chosen(5, "boundary", most=1)
    assert found is not None
    assert found.tests == (NAMES[1],)


def test_a_line_that_no_test_runs_has_no_tests() -> None:
    assert chosen(15, "arithmetic") is None


def test_a_constant_concerns_whoever_runs_a_function_that_reads_it() -> None:
    found = chosen(1, "constant")
    assert found is not None
    assert set(found.tests) == set(NAMES[:2])
    assert found.place is Place.CONSTANT


def test_a_constant_that_no_function_reads_concerns_every_test() -> None:
    everything = mutations_of("a.py", "LIMIT = 5\n")
    found = TestChoice(NAMES, TRACES, everything).near(everything[0], None)
    assert found is not None
    assert set(found.tests) == set(NAMES)


def test_what_ran_while_loading_has_to_load_again() -> None:
    lines = dict(TRACES.files["a.py"]) | {5: EVERYTHING | LOADING, 7: EVERYTHING | LOADING}
    called = Traces(TRACES.contexts, {"a.py": lines})
    for line, operator in ((5, "boundary"), (1, "constant")):
        found = chosen(line, operator, called)
        assert found is not None
        assert found.place is Place.LOADING


def test_variants_of_one_test_leave_room_for_others() -> None:
    variants = tuple(f"tests/test_a.py::test_discount[{n}]" for n in range(9))
    other = "tests/test_b.py::test_totals"
    names = (*variants, other)
    ran = sum(1 << n for n in range(1, len(names) + 1))
    traces = Traces(("", *names), {"a.py": {4: LOADING, 5: ran}})
    everything = mutations()
    [one] = [each for each in everything if each.operator == "boundary"]
    found = TestChoice(names, traces, everything).near(one, None)
    assert found is not None
    assert found.tests.index(other) <= 3
    assert len(found.tests) == 10
