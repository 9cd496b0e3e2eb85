"""The quality of a file, by its documented formula."""

import pytest

from quantumlayer.parser.metrics import FunctionShape, quality

COMFORTABLE = FunctionShape(cognitive=3, cyclomatic=4, lines=20, nesting=1, parameters=2)
NOTHING = FunctionShape(0, 1, 0, 0, 0)


def test_a_comfortable_file_is_perfect() -> None:
    assert quality([COMFORTABLE], NOTHING, duplicated_share=0, has_errors=False) == 100
    assert quality([], NOTHING, duplicated_share=0, has_errors=False) == 100


@pytest.mark.parametrize(
    "worse",
    [{"cognitive": 40}, {"cyclomatic": 30}, {"lines": 200}, {"nesting": 7}, {"parameters": 10}],
)
def test_each_measure_counts(worse: dict[str, int]) -> None:
    shape = COMFORTABLE._replace(**worse)
    assert quality([shape], NOTHING, duplicated_share=0, has_errors=False) < 90


def test_the_formula_holds() -> None:
    # Half way between comfortable and hopeless, for half of the lines.
    half = COMFORTABLE._replace(cyclomatic=30)
    measured = quality([COMFORTABLE, half], NOTHING, duplicated_share=0.1, has_errors=False)
    assert measured == round(100 * (0.8 * 0.75 + 0.2 * 0.7))


def test_a_long_function_weighs_more_than_a_short_one() -> None:
    bad = COMFORTABLE._replace(cyclomatic=50)
    small = quality(
        [bad, COMFORTABLE._replace(lines=60)], NOTHING, duplicated_share=0, has_errors=False
    )
    large = quality(
        [bad._replace(lines=60), COMFORTABLE], NOTHING, duplicated_share=0, has_errors=False
    )
    assert large < small


def test_errors_halve_it_and_the_worst_is_zero() -> None:
    assert quality([COMFORTABLE], NOTHING, duplicated_share=0, has_errors=True) == 50
    hopeless = COMFORTABLE._replace(cognitive=1_000)
    assert quality([hopeless], NOTHING, duplicated_share=1, has_errors=True) == 0
