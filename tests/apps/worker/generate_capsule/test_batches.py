"""Which files are written in one answer."""

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.qlayer import FileRole
from quantumlayer.worker.generate_capsule.batches import (
    CHARACTERS_AT_ONCE,
    FILES_AT_ONCE,
    batches,
    writer,
)
from quantumlayer.worker.nouns import PlannedItem


def item(path: str, characters: int = 1_000, agent: str = "", test: bool = False) -> PlannedItem:
    role = FileRole.TEST if test else FileRole.SOURCE
    return PlannedItem(path=path, role=role, depends_on=(), agent=agent, characters=characters)


ITEMS = st.lists(
    st.tuples(
        st.integers(0, 2 * CHARACTERS_AT_ONCE),
        st.sampled_from(["", "front end", "data"]),
        st.booleans(),
    ),
    max_size=40,
).map(lambda drawn: [item(f"file-{place}", *one) for place, one in enumerate(drawn)])


def paths(items: list[PlannedItem]) -> list[list[str]]:
    return [[one.path for one in batch] for batch in batches(items)]


def test_small_files_come_together_and_a_long_one_alone() -> None:
    assert paths([item("a"), item("b"), item("c", 11_500), item("d")]) == [["a", "b", "d"], ["c"]]


def test_what_fits_together_comes_together_wherever_it_stands_in_the_plan() -> None:
    items = [item("a", 7_000), item("b", 7_000), item("c", 5_000), item("d", 5_000)]
    assert paths(items) == [["a", "c"], ["b", "d"]]


def test_tests_and_what_an_agent_was_given_stand_apart() -> None:
    items = [item("a"), item("t", test=True), item("page", agent="front end"), item("b")]
    assert paths(items) == [["a", "b"], ["t"], ["page"]]


def test_a_test_goes_to_whoever_is_named_and_else_to_the_tester() -> None:
    assert writer(item("t", agent="browser-tester", test=True)) == "browser-tester"
    assert writer(item("t", test=True)) == "tester"


def test_a_test_comes_with_no_source_whoever_writes_both() -> None:
    items = [item("a", agent="front end"), item("t", agent="front end", test=True)]
    assert paths(items) == [["a"], ["t"]]


@given(ITEMS)
def test_every_file_is_in_one_batch_and_none_is_too_long(items: list[PlannedItem]) -> None:
    packed = batches(items)
    assert sorted(one.path for batch in packed for one in batch) == sorted(
        one.path for one in items
    )
    for batch in packed:
        assert len({writer(one) for one in batch}) == 1
        assert len(batch) <= FILES_AT_ONCE
        assert len(batch) == 1 or sum(one.characters for one in batch) <= CHARACTERS_AT_ONCE
