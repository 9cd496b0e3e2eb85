"""Where calls may go is what organisation, project, key and request say together."""

import pytest

from quantumlayer.router.configuration import Routes
from quantumlayer.router.configuration.routes import combined


def regions(*levels: Routes) -> tuple[tuple[str, ...], bool]:
    found = combined(levels)
    return found.regions, found.only


def test_without_a_word_every_deployment_will_do() -> None:
    assert combined((Routes(), Routes(), Routes())) == Routes()


def test_tags_of_all_levels_must_be_there() -> None:
    found = combined((Routes(tags=("safe",)), Routes(tags=("fast", "safe"))))
    assert found.tags == ("safe", "fast")


def test_the_narrowest_strategy_is_chosen() -> None:
    wide, narrow = Routes(strategy="lowest_cost"), Routes(strategy="least_latency")
    assert combined((wide, narrow, Routes())).strategy == "least_latency"
    assert combined((wide, Routes())).strategy == "lowest_cost"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((Routes(regions=("eu",)), Routes(regions=("us", "eu"))), (("us", "eu"), False)),
        ((Routes(regions=("eu", "ch"), only=True), Routes()), (("eu", "ch"), True)),
        (
            (Routes(regions=("eu", "ch"), only=True), Routes(regions=("ch", "us"))),
            (("ch", "eu"), True),
        ),
        (
            (Routes(regions=("eu", "ch"), only=True), Routes(regions=("ch", "us"), only=True)),
            (("ch",), True),
        ),
        ((Routes(regions=("eu",), only=True), Routes(regions=("us",), only=True)), ((), True)),
        ((Routes(), Routes(regions=("us",), only=True)), (("us",), True)),
    ],
    ids=["order", "kept in", "prefers within", "narrower", "nothing in common", "key alone"],
)
def test_regions_are_preferred_and_those_of_a_wider_level_are_never_left(
    levels: tuple[Routes, ...], expected: tuple[tuple[str, ...], bool]
) -> None:
    assert regions(*levels) == expected
