"""Joining an answer that was cut off with its continuation."""

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from quantumlayer.router.stitching import stitch

FILE = "\n".join(f"def function_{number}(value: int) -> int:" for number in range(40))
ANSWER = json.dumps({"path": "src/functions.py", "content": FILE})
cuts = st.integers(min_value=1, max_value=len(ANSWER) - 1)


@given(cut=cuts)
def test_a_continuation_at_the_next_character_is_appended(cut: int) -> None:
    assert stitch(ANSWER[:cut], ANSWER[cut:]) == ANSWER


@given(cut=cuts, repeated=st.integers(min_value=40, max_value=600))
def test_a_repeated_end_is_dropped(cut: int, repeated: int) -> None:
    assume(cut > repeated)
    assert stitch(ANSWER[:cut], ANSWER[cut - repeated :]) == ANSWER


@given(cut=cuts)
def test_a_fence_that_is_opened_again_is_dropped(cut: int) -> None:
    assert stitch(ANSWER[:cut], f"```json\n{ANSWER[cut:]}") == ANSWER


@given(cut=st.integers(min_value=16, max_value=len(ANSWER) - 1))
def test_an_answer_that_starts_over_replaces_the_part(cut: int) -> None:
    assert stitch(ANSWER[:cut], ANSWER) == ANSWER
    assert stitch(f"Here it is:\n{ANSWER[:cut]}", f"Once more: {ANSWER}").endswith(ANSWER)


@given(first=st.text(), second=st.text())
def test_short_parts_lose_nothing(first: str, second: str) -> None:
    assume(len(second) < 16 and "```" not in second)
    assert stitch(first, second) == first + second


def test_indentation_that_repeats_is_content() -> None:
    spaces = " " * 60
    assert stitch(f'{{"content": "x{spaces}', f'{spaces}y"}}') == f'{{"content": "x{spaces * 2}y"}}'
