"""Values and records as the code of tests, in the words of a language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.field_cases import Repeated, Several
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import Counted, Framed, Picked, Spelled
from quantumlayer.builtin.writing.service.scenarios import Changes, Parameter, Parent, Ref
from quantumlayer.builtin.writing.service.values import Value

_FUNCTIONS = {
    FieldType.DATE: "day_in",
    FieldType.DATETIME: "moment_in",
    FieldType.TIME: "time_at",
}
"""What makes a day, a moment or a time of a number."""


@dataclass(frozen=True)
class Words:
    """How a language says things; the parts of each are filled in."""

    literal: Callable[[Value], str]
    key: Callable[[str], str]
    """A member of a record."""
    variable: Callable[[str], str]
    record: str
    run: str
    """An alphabet, and at how many places it stands."""
    id: str
    """The id of a record that a variable holds."""
    made_id: str
    """The id of a record that is made on the spot."""
    call: str
    """A method of the factory, and its arguments."""
    framed: str
    """What stands before and after the number of a record."""
    inside: Callable[[str], str]
    """A text as it stands there."""
    repeated: str
    several: str
    function: Callable[[str], str] = str
    """The name of a function, written as Python writes it."""


@dataclass(frozen=True)
class Printer:
    """Prints the values and records of a service."""

    view: ServiceView
    words: Words
    arguments: Callable[["Printer", Changes], str]
    """Changes as arguments of a factory."""
    maker: Callable[[EntityView], str]
    """The method of the factory that makes records of an entity."""

    def value(self, value: object) -> str:
        """A value as it stands in a body, or what computes it."""
        return _PRINTED.get(type(value), _literal)(self, value)

    def values(self, values: Sequence[object]) -> str:
        """Values with commas between them."""
        return ", ".join(self.value(value) for value in values)

    def variables(self, names: Sequence[str]) -> str:
        """The variables of named records, with commas between them."""
        return ", ".join(map(self.words.variable, names))

    def record(self, changes: Changes) -> str:
        """Changes as a dictionary or object."""
        members = (f"{self.words.key(key)}: {self.value(each)}" for key, each in changes.items())
        return self.words.record.format(", ".join(members)) if changes else "{}"

    def call(self, entity: EntityView, changes: Changes, suffix: str = "") -> str:
        """The call of a factory: of the body that it makes up with a suffix."""
        return self._call("make", self.maker(entity) + suffix, self.arguments(self, changes))

    def made(self, parent: Parent, factory: str = "make") -> str:
        """The id of a record that is made, and changed step by step."""
        entity = self.view.entity(parent.entity)
        code = self._call(factory, self.maker(entity), self.arguments(self, parent.changes))
        for patch in parent.patches:
            parts = (self.words.literal(entity.path), code, self.arguments(self, patch))
            code = self._call(factory, "changed", ", ".join(parts))
        return self.words.made_id.format(code)

    def _call(self, factory: str, method: str, arguments: str) -> str:
        return self.words.call.format(f"{factory}.{method}", arguments)


def _literal(code: Printer, value: Any) -> str:  # noqa: ANN401 - what is left are values
    return code.words.literal(value)


def _counted(code: Printer, value: Counted) -> str:
    whole = f"({value.formula}) / {value.scale}" if value.scale > 1 else value.formula
    name = _FUNCTIONS.get(value.type)
    return f"{code.words.function(name)}({whole})" if name else whole


def _framed(code: Printer, value: Framed) -> str:
    text = code.words.framed.format(*map(code.words.inside, (value.prefix, value.suffix)))
    return f"[{text}]" if value.listed else text


def _spelled(code: Printer, value: Spelled) -> str:
    runs = (code.words.run.format(code.words.literal(each), times) for each, times in value.runs)
    return f"spell(number, [{', '.join(runs)}])"


def _repeated(code: Printer, value: Repeated) -> str:
    end = f" + {code.words.literal(value.end)}" if value.end else ""
    return code.words.repeated.format(value.times) + end


_PRINTED: dict[type, Callable[[Printer, Any], str]] = {
    Ref: lambda code, ref: code.words.id.format(code.words.variable(ref.name)),
    Parent: Printer.made,
    Parameter: lambda _, parameter: parameter.name,
    Repeated: _repeated,
    Several: lambda code, several: code.words.several.format(several.size),
    Counted: _counted,
    Picked: lambda code, one: f"[{code.values(one.choices)}][number % {len(one.choices)}]",
    Framed: _framed,
    Spelled: _spelled,
    dict: Printer.record,
}
