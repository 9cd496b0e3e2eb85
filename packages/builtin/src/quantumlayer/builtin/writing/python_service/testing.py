"""What tests state, as Python code, and what the templates of test modules are given."""

import json
import keyword
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.naming import unshadowed
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.field_cases import Case, Repeated, Several
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Parent, Ref
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.samples import (
    Counted,
    Framed,
    Picked,
    Spelled,
    Variation,
)
from quantumlayer.builtin.writing.service.values import json_code

_TAKEN = frozenset({"client", "make", "response", "bodies", "responses", "statuses", "at", "rows"})
_FUNCTIONS = {
    FieldType.DATE: "day_in",
    FieldType.DATETIME: "moment_in",
    FieldType.TIME: "time_at",
}


@dataclass(frozen=True)
class Printer:
    """Prints the values and records of a service as code of its tests."""

    view: ServiceView

    def value(self, value: Given | Case | Variation) -> str:
        """A value as it stands in a body, or what computes it from the number of a record."""
        match value:
            case Counted() | Picked() | Framed() | Spelled():
                return self._varied(value)
            case Ref():
                return f'{self.variable(value.name)}["id"]'
            case Parent():
                return f'{self.made(value)}["id"]'
            case Repeated() | Several():
                return _computed(value)
            case _:
                return f"{value:_}" if type(value) is int else json_code(value)

    def _varied(self, value: Variation) -> str:
        match value:
            case Counted() if value.type in _FUNCTIONS:
                return f"{_FUNCTIONS[value.type]}({value.formula})"
            case Counted():
                return f"({value.formula}) / {value.scale}" if value.scale > 1 else value.formula
            case Picked():
                return f"[{self.values(value.choices)}][number % {len(value.choices)}]"
            case Framed():
                text = f'f"{_braced(value.prefix)}{{number}}{_braced(value.suffix)}"'
                return f"[{text}]" if value.listed else text
            case Spelled():
                return f"spell(number, {value.runs})"

    def values(self, values: Sequence[Given | Case]) -> str:
        """Values with commas between them."""
        return ", ".join(self.value(value) for value in values)

    def record(self, changes: Changes) -> str:
        """Changes as a dictionary."""
        pairs = (f'"{key}": {self.value(value)}' for key, value in changes.items())
        return "{" + ", ".join(pairs) + "}"

    def arguments(self, changes: Changes) -> str:
        """Changes as keyword arguments of a factory."""
        others = {k: v for k, v in changes.items() if keyword.iskeyword(k) or k == "self"}
        found = [f"{k}={self.value(v)}" for k, v in changes.items() if k not in others]
        return ", ".join([*found, f"**{self.record(others)}"] if others else found)

    def made(self, parent: Parent, maker: str = "make") -> str:
        """The expression that makes a record in a state."""
        entity = self.view.entity(parent.entity)
        code = f"{maker}.{entity.maker}({self.arguments(dict(parent.changes))})"
        for patch in parent.patches:
            code = f'{maker}.changed("{entity.path}", {code}, {self.arguments(dict(patch))})'
        return code

    def variable(self, name: str) -> str:
        """The variable of a named record."""
        return unshadowed(name, _TAKEN)


def _computed(value: Repeated | Several) -> str:
    if isinstance(value, Several):
        return f"[str(number) for number in range({value.size})]"
    return f'"x" * {value.times}' + (f' + "{value.end}"' if value.end else "")


def _braced(text: str) -> str:
    """A text inside an f-string."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def token(requirement: str | None) -> str:
    """The requirement at the beginning of the name of a test."""
    return f"{requirement.lower()}_" if requirement else ""


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    return testing.test_context(view) | {"code": Printer(view), "token": token}
