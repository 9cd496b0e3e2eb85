"""A loop that leads nowhere is noticed, and one that moves is left alone."""

import pytest

from quantumlayer.agents.integrator.calls import Run
from quantumlayer.agents.integrator.observing import Observation
from quantumlayer.agents.integrator.reading import Call, Refused
from quantumlayer.agents.integrator.stuck import Seen, seen_of, stuck

TALK = Seen()


def did(action: str, outcome: str = "ok", *, failed: bool = False) -> Seen:
    return Seen(action=action, outcome=outcome, failed=failed)


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ([], ""),
        ([did("a")] * 3, ""),
        ([did("a")] * 4, "same answer 4 times"),
        ([did("b"), *[did("a")] * 4], "same answer"),
        ([did("a", failed=True)] * 2, ""),
        ([did("a", failed=True)] * 3, "failed 3 times"),
        ([did("a", "one"), did("a", "two"), did("a", "three"), did("a", "four")], ""),
        ([TALK] * 2, ""),
        ([TALK] * 3, "used no tool"),
        ([did("a"), did("b")] * 2, ""),
        ([did("a"), did("b")] * 3, "back and forth"),
        ([did("a"), did("b"), did("c")] * 4, ""),
        ([*[did("a")] * 4, did("b")], ""),
    ],
)
def test_what_repeats_is_noticed(turns: list[Seen], words: str) -> None:
    found = stuck(turns)
    assert (words in found) if words else (found == "")


def test_a_turn_is_known_again_whatever_its_numbers() -> None:
    call = Call("run", Run(command="pytest"))
    first, second = (
        seen_of([call], [Observation(tool="run", text=f"1 failed in {seconds} s at {place}")])
        for seconds, place in (("0.31", "0x7f12"), ("2.9", "0x8811"))
    )
    assert first == second
    assert first != seen_of([call], [Observation(tool="run", text="2 errors")])
    assert first != seen_of([Call("run", Run(command="ls"))], [])


def test_refusals_count_as_failing_alike() -> None:
    refused = Refused("run", "no JSON")
    observation = Observation(tool="run", text="Not done: no JSON.", failed=True)
    turns = [seen_of([refused], [observation])] * 3
    assert "failed 3 times" in stuck(turns)
