"""Personal data does not reach the model, and is back in the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.guardrails import Exchange, PersonalData, Pipeline, Refusal
from tests.support.guardrail_parts import MODEL, asked, pieces, streamed

ADA, GRACE = "ada@engine.org", "grace@navy.mil"


async def shown(*texts: str) -> tuple[str, ...]:
    given = await asked([PersonalData()], *texts)
    assert isinstance(given, Exchange)
    return given.texts


async def test_the_model_sees_placeholders_and_the_same_one_for_the_same_value() -> None:
    assert await shown(f"From {ADA} to {GRACE}", f"{ADA} again, card 4539148803436467") == (
        "From [EMAIL_1] to [EMAIL_2]",
        "[EMAIL_1] again, card [CARD_1]",
    )


async def test_a_longer_conversation_begins_as_the_shorter_one_did() -> None:
    """So a provider's prompt cache still hits."""
    before = await shown(f"I am {ADA}.")
    later = await shown(f"I am {ADA}.", "Hello.", f"Tell {GRACE}.")

    assert later[: len(before)] == before


async def test_a_placeholder_that_stands_in_the_request_is_not_given_out() -> None:
    assert await shown(f"What is [EMAIL_1]? I am {ADA}.") == ("What is [EMAIL_1]? I am [EMAIL_2].",)


async def test_an_answer_has_the_values_and_keeps_what_nobody_gave_out() -> None:
    passage = Pipeline([PersonalData()]).open()
    await passage.before(Exchange(MODEL, (f"I am {ADA}.",)))

    assert await passage.after("Hello [EMAIL_1], [EMAIL_9] and [0]!") == (
        f"Hello {ADA}, [EMAIL_9] and [0]!"
    )


ANSWER = "To [EMAIL_1] and [EMAIL_2], [[EMAIL_1]], x[EMAIL_, [EMAIL_12], a[0], [EMAIL_1"


@given(cuts=st.sets(st.integers(1, len(ANSWER) - 1)))
async def test_wherever_a_stream_is_cut_it_says_what_the_whole_answer_says(cuts: set[int]) -> None:
    passage = Pipeline([PersonalData()]).open()
    await passage.before(Exchange(MODEL, (f"{ADA}, {GRACE}",)))

    assert await streamed(passage, pieces(ANSWER, cuts)) == (
        f"To {ADA} and {GRACE}, [{ADA}], x[EMAIL_, [EMAIL_12], a[0], [EMAIL_1"
    )


async def test_a_stream_is_kept_back_no_longer_than_a_placeholder_may_go_on() -> None:
    passage = Pipeline([PersonalData()]).open()
    await passage.before(Exchange(MODEL, (ADA,)))

    assert await passage.on_chunk("values[i] of [EMA") == "values[i] of "
    assert await passage.on_chunk("IL_1] and [other") == f"{ADA} and [other"


@pytest.mark.parametrize("text", ["", "No data of anybody.", "x[EMAIL_1]"])
async def test_without_personal_data_nothing_changes(text: str) -> None:
    passage = Pipeline([PersonalData()]).open()
    request = Exchange(MODEL, (text,))

    assert await passage.before(request) == request
    given = await passage.after("An answer with [EMAIL_1].")
    assert not isinstance(given, Refusal)
    assert given == "An answer with [EMAIL_1]."
