"""All or nothing: what is said where a description is not understood wholly."""

from collections.abc import Sequence

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.qlayer.requirements import Requirements, Unclear

_NOTHING_BUILT = (
    "The built-in model does not understand all of this description, so nothing is built."
)
_LANGUAGE_MODEL = (
    "connect a language model, which writes anything: set QL_MODEL, such as openai/gpt-5, and"
    " QL_MODEL_API_KEY"
)
_WITHOUT_A_PART = "Write what is quoted below in other words (docs/built-in-language.md); or"
_WITH_A_PART = (
    "Write what is quoted below in other words (docs/built-in-language.md); or have the rest built"
    " with --accept-partial, as `incomplete`; or"
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
    instead = _WITH_A_PART if some else _WITHOUT_A_PART
    return f"{_NOTHING_BUILT} {instead} {_LANGUAGE_MODEL}."
