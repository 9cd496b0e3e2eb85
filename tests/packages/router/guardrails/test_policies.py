"""Allow-lists of models and topics, and limits of size."""

import pytest

from quantumlayer.router.guardrails import (
    Exchange,
    Models,
    Module,
    Pipeline,
    Refusal,
    Sizes,
    Topic,
    Topics,
    estimated_tokens,
    known_topics,
)
from tests.support.guardrail_parts import asked, streamed

SOFTWARE = Topics({"software": known_topics()["software"]})


async def refusal(module: Module, *texts: str, model: str = "openai/gpt-5") -> Refusal:
    given = await asked([module], *texts, model=model)
    assert isinstance(given, Refusal)
    return given


@pytest.mark.parametrize("model", ["openai/gpt-5", "local/qwen"])
async def test_a_model_on_the_list_may_be_asked(model: str) -> None:
    assert isinstance(await asked([Models(("openai/*", "local/qwen"))], "", model=model), Exchange)


@pytest.mark.parametrize("model", ["openai", "OPENAI/gpt-5", "local/qwen-2", "http://evil/v1"])
async def test_another_is_refused_with_the_list(model: str) -> None:
    given = await refusal(Models(("openai/*", "local/qwen")), "", model=model)

    assert given.said.reason == "model-not-allowed"
    assert given.said.advice == "Ask one of these: openai/*, local/qwen."


async def test_a_request_about_software_is_on_topic_and_one_about_dinner_is_not() -> None:
    wish = "A library service: books with title and author, an API, and a database."

    assert isinstance(await asked([SOFTWARE], wish), Exchange)
    given = await refusal(SOFTWARE, "What could I cook tonight for six friends?")
    assert given.said.advice == "Ask about one of these: software."


async def test_a_topic_of_ones_own_is_its_words() -> None:
    topics = Topics({"gardens": Topic(("rose*", "lawn"))})

    assert isinstance(await asked([topics], "Hello.", "How do I prune ROSES?"), Exchange)
    assert (await refusal(topics, "A prose poem.")).said.reason == "topic-not-allowed"
    with pytest.raises(ValueError, match="at least one topic"):
        Topics({})


@pytest.mark.parametrize(
    ("limits", "texts", "what"),
    [
        (Sizes(characters=5), ("abc", "def"), "6 characters are more than the 5"),
        (Sizes(texts=1), ("a", "b"), "2 texts are more than the 1"),
        (Sizes(tokens=2), ("abcd" * 3,), "3 tokens are more than the 2"),
    ],
)
async def test_what_is_too_large_is_refused_with_both_sizes(
    limits: Sizes, texts: tuple[str, ...], what: str
) -> None:
    given = await refusal(limits, *texts)

    assert given.said.reason == "too-large"
    assert given.said.what.startswith(what)


async def test_what_just_fits_goes_on() -> None:
    assert isinstance(await asked([Sizes(6, 2, 2)], "abc", "def"), Exchange)


async def test_an_answer_may_be_limited_too() -> None:
    limits = Sizes(answer_characters=6)

    assert await streamed(Pipeline([limits]).open(), ["abc", "def"]) == "abcdef"
    assert isinstance(await streamed(Pipeline([limits]).open(), ["abc", "defg"]), Refusal)
    assert isinstance(await Pipeline([limits]).open().after("abcdefg"), Refusal)


def test_tokens_are_estimated_by_script() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("def main():\n    return 1\n" * 100) == pytest.approx(650, rel=0.2)
    assert 4 <= estimated_tokens("東京都港区") <= 9
