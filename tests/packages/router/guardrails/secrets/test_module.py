"""A secret goes neither to a model nor to a client."""

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.guardrails import Exchange, Pipeline, Refusal, Remedy, Secrets
from tests.support.guardrail_parts import MODEL, asked, pieces, streamed

TOKEN = "gh" + "p_" + "Zx7Qm2Lp9Rt4Vb6Nc8Ks3Wd5Yh1Jg0FaUeIo"
KEY = (
    "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpQIBAAKCAQEAn6\nO8liSX4m98LLYt\n-----END "
    "RSA PRIVATE KEY-----"
)


async def test_a_request_with_a_secret_is_refused_without_repeating_it() -> None:
    given = await asked([Secrets()], "Why does this fail?", f"git clone https://{TOKEN}@host/x")

    assert isinstance(given, Refusal)
    assert given.said.reason == "secret"
    assert "GitHub token" in given.said.what
    assert TOKEN not in f"{given.said.what}{given.said.advice}"


async def test_it_can_be_taken_out_instead() -> None:
    given = await asked(
        [Secrets(remedy=Remedy.REMOVE)], "Nothing.", f"Use {TOKEN}, or:\n{KEY}\nEnd."
    )

    assert given == Exchange(
        MODEL, ("Nothing.", "Use [secret removed], or:\n[secret removed]\nEnd.")
    )


ANSWER = f'Use "{TOKEN}" here - as it is.\n\nOr this:\n{KEY}\nEnd.'


@given(cuts=st.sets(st.integers(1, len(ANSWER) - 1)))
async def test_wherever_a_stream_is_cut_no_part_of_a_secret_comes_out(cuts: set[int]) -> None:
    chunks = pieces(ANSWER, cuts)

    removed = await streamed(Pipeline([Secrets(remedy=Remedy.REMOVE)]).open(), chunks)
    refused = await streamed(Pipeline([Secrets()]).open(), chunks)

    assert removed == 'Use "[secret removed]" here - as it is.\n\nOr this:\n[secret removed]\nEnd.'
    assert isinstance(refused, Refusal)


async def test_an_answer_of_ordinary_words_is_hardly_kept_back() -> None:
    passage = Pipeline([Secrets()]).open()

    assert await passage.on_chunk("Here is the function: def") == "Here is the function: "
    assert await passage.on_chunk(" main():\n") is not None
    assert await passage.after("pass") != ""
