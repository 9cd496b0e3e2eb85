"""Answers of one process: bounded by bytes, forgotten in time, least recently used first."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.answers import Answer, AnswerKey, MemoryAnswers
from tests.support.clocks import Clock

ROOM = 20_000


def key(number: int) -> AnswerKey:
    return AnswerKey(UUID(int=1), str(number))


def an_answer(size: int) -> Answer:
    return Answer(200, (), (bytes(size),))


def test_an_answer_is_good_for_its_time(clock: Clock) -> None:
    memory = MemoryAnswers(ROOM, clock)
    memory.keep(key(1), an_answer(10), ttl_seconds=60)

    clock.passes(59)
    assert memory.find(key(1)) == an_answer(10)
    clock.passes(1)
    assert memory.find(key(1)) is None
    assert (len(memory), memory.bytes) == (0, 0)


def test_the_least_recently_used_makes_room(clock: Clock) -> None:
    memory = MemoryAnswers(ROOM, clock)
    for number in range(3):
        memory.keep(key(number), an_answer(6000), ttl_seconds=60)
    assert memory.find(key(0)) is not None
    memory.keep(key(3), an_answer(6000), ttl_seconds=60)

    assert [memory.find(key(number)) is not None for number in range(4)] == [
        True,
        False,
        True,
        True,
    ]


def test_one_that_is_larger_than_all_room_drives_nobody_out(clock: Clock) -> None:
    memory = MemoryAnswers(ROOM, clock)
    memory.keep(key(1), an_answer(10), ttl_seconds=60)
    memory.keep(key(2), an_answer(ROOM), ttl_seconds=60)

    assert memory.find(key(1)) is not None
    assert memory.find(key(2)) is None


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["keep", "find", "pass"]),
            st.integers(0, 9),
            st.integers(0, 8000),
            st.integers(-1, 50),
        ),
        max_size=60,
    )
)
def test_whatever_happens_it_holds_to_its_bytes_and_gives_only_what_was_last_kept(
    steps: list[tuple[str, int, int, int]],
) -> None:
    clock = Clock()
    memory = MemoryAnswers(ROOM, clock)
    kept: dict[int, tuple[int, float]] = {}
    for what, number, size, seconds in steps:
        if what == "keep":
            memory.keep(key(number), an_answer(size), seconds)
            kept[number] = (size, clock() + seconds)
        elif what == "pass":
            clock.passes(max(0, seconds))
        else:
            found = memory.find(key(number))
            if found is not None:
                expected, until = kept[number]
                assert (found.size, clock() < until) == (expected, True)
        assert 0 <= memory.bytes <= ROOM
        assert (memory.bytes == 0) is (len(memory) == 0)
