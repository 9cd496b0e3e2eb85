"""All or nothing: what is said where a description is not understood wholly."""

from collections.abc import Sequence

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.qlayer.requirements import Requirements, Unclear

_NOTHING_BUILT = (
    "The built-in model writes HTTP services that keep records, and nothing else; it does not"
    " understand all of this description, so nothing is built."
)
_OTHER_WORDS = "Say it in other words: docs/built-in-language.md has every one that is known."
_A_PART = "Or have the rest built with --accept-partial; the verdict is then `incomplete`."
_LANGUAGE_MODEL = (
    "Or connect a language model, which writes anything: set QL_MODEL, such as openai/gpt-5, and"
    " QL_MODEL_API_KEY."
)


def answered(
    understood: Requirements | None, unclear: Sequence[Unclear], *, accept_partial: bool
) -> AnalystAnswer:
    """The requirements if nothing is unclear, or if a part will do; else a refusal.

    `understood` is what there is without the unclear parts; None where that is nothing.
    """
    if understood is None or (unclear and not accept_partial):
        return AnalystAnswer(
            refusal=_refusal(some=understood is not None), not_understood=tuple(unclear)
        )
    return AnalystAnswer(
        requirements=understood.model_copy(update={"not_understood": tuple(unclear)})
    )


def _refusal(*, some: bool) -> str:
    ways = (_OTHER_WORDS, _A_PART, _LANGUAGE_MODEL) if some else (_OTHER_WORDS, _LANGUAGE_MODEL)
    return "\n".join((_NOTHING_BUILT, *ways))
