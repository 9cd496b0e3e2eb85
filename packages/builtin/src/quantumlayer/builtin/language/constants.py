"""Words of rules that always mean the same: what each alias of the grammar stands for."""

from dataclasses import dataclass

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.language.parsing import Action
from quantumlayer.builtin.language.spoken import Key, Tails


@dataclass(frozen=True)
class Deed:
    """What is not done to a record: it may still be deleted, or changed."""

    deletable: bool
    changeable: bool


CHANGED = Deed(deletable=True, changeable=False)
_MEANINGS: dict[str, object] = {
    "greater": Operator.GREATER,
    "less": Operator.LESS,
    "at_least": Operator.GREATER_OR_EQUAL,
    "at_most": Operator.LESS_OR_EQUAL,
    "different": Operator.NOT_EQUAL,
    "equal": Operator.EQUAL,
    "to_future": "future",
    "to_past": "past",
    "to_past_or_today": "past_or_today",
    "to_future_or_today": "future_or_today",
    "day": Key("day"),
    "month": Key("month"),
    "year": Key("year"),
    "at_once": Tails((), "same"),
    "at_any": Tails((), "any"),
    "overall": Tails(),
    "changed": CHANGED,
    "deleted": Deed(deletable=False, changeable=True),
    "touched": Deed(deletable=False, changeable=False),
    "sum": "sum",
    "average": "average",
    "minimum": "minimum",
    "maximum": "maximum",
}


def constants() -> dict[str, Action]:
    """The action of each alias."""
    return {alias: _always(meaning) for alias, meaning in _MEANINGS.items()}


def _always(meaning: object) -> Action:
    return lambda *_: meaning
