"""What tests state, as Python code, and what the templates of test modules are given."""

import json
import keyword
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.naming import unshadowed
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.field_cases import Repeated, Several
from quantumlayer.builtin.writing.service.kitchen import Changes, Parameter, Parent, Ref
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.samples import Counted, Framed, Picked, Spelled
from quantumlayer.builtin.writing.service.values import Value, json_code

_TAKEN = frozenset({"client", "make", "response", "bodies", "responses", "statuses", "at", "rows"})
_FUNCTIONS = {
    FieldType.DATE: "day_in({})",
    FieldType.DATETIME: "moment_in({})",
    FieldType.TIME: "time_at({})",
}


@dataclass(frozen=True)
class Printer:
    """Prints the values and records of a service as code of its tests."""

    view: ServiceView

    def value(self, value: object) -> str:
        """A value as it stands in a body, or what computes it."""
        return _PRINTED.get(type(value), _literal)(self, value)

    def values(self, values: Sequence[object]) -> str:
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

    def variables(self, names: Sequence[str]) -> str:
        """The variables of named records, with commas between them."""
        return ", ".join(self.variable(name) for name in names)

    def variable(self, name: str) -> str:
        """The variable of a named record."""
        return unshadowed(name, _TAKEN)


def _literal(_: Printer, value: Value) -> str:
    return f"{value:_}" if type(value) is int else json_code(value)


def _counted(_: Printer, value: Counted) -> str:
    whole = f"({value.formula}) / {value.scale}" if value.scale > 1 else value.formula
    return _FUNCTIONS.get(value.type, "{}").format(whole)


def _framed(_: Printer, value: Framed) -> str:
    parts = (json.dumps(part, ensure_ascii=False)[1:-1] for part in (value.prefix, value.suffix))
    text = "{number}".join(part.replace("{", "{{").replace("}", "}}") for part in parts)
    return f'[f"{text}"]' if value.listed else f'f"{text}"'


_PRINTED: dict[type, Callable[[Printer, Any], str]] = {
    Ref: lambda code, ref: f'{code.variable(ref.name)}["id"]',
    Parent: lambda code, parent: f'{code.made(parent)}["id"]',
    Parameter: lambda _, parameter: parameter.name,
    Repeated: lambda _, x: f'"x" * {x.times}' + (f' + "{x.end}"' if x.end else ""),
    Several: lambda _, several: f"[str(number) for number in range({several.size})]",
    Counted: _counted,
    Picked: lambda code, one: f"[{code.values(one.choices)}][number % {len(one.choices)}]",
    Framed: _framed,
    Spelled: lambda _, spelled: f"spell(number, {spelled.runs})",
    dict: Printer.record,
}


def token(requirement: str | None) -> str:
    """The requirement at the beginning of the name of a test."""
    return f"{requirement.lower()}_" if requirement else ""


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    return testing.test_context(view) | {"code": Printer(view), "token": token}
