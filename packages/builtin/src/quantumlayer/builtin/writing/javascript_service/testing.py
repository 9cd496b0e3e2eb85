"""What tests state, as JavaScript, and what the templates of test modules are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.literals import key_code, quoted, sent
from quantumlayer.builtin.writing.javascript_service.names import camel, names_of, unreserved
from quantumlayer.builtin.writing.javascript_service.printing import layout
from quantumlayer.builtin.writing.naming import sentence, words
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.field_cases import Case, Repeated, Several
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Parent, Ref
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import (
    Counted,
    Framed,
    Picked,
    Spelled,
    Variation,
)
from quantumlayer.builtin.writing.service.scenarios import Scenario

_TAKEN = frozenset(
    {"client", "make", "bodies", "answered", "statuses", "at", "report", "assert", "t"}
)
_FUNCTIONS = {FieldType.DATE: "dayIn", FieldType.DATETIME: "momentIn", FieldType.TIME: "timeAt"}


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
                return f"{self.variable(value.name)}.id"
            case Parent():
                return f"({self.made(value)}).id"
            case Repeated():
                end = f" + {quoted(value.end)}" if value.end else ""
                return f'"x".repeat({value.times}){end}'
            case Several():
                return f"Array.from({{ length: {value.size} }}, String)"
            case _:
                return layout(sent(value))

    def _varied(self, value: Variation) -> str:
        match value:
            case Counted() if value.type in _FUNCTIONS:
                return f"{_FUNCTIONS[value.type]}({value.formula})"
            case Counted():
                return f"({value.formula}) / {value.scale}" if value.scale > 1 else value.formula
            case Picked():
                return f"[{self.values(value.choices)}][number % {len(value.choices)}]"
            case Framed():
                text = f"`{_escaped(value.prefix)}${{number}}{_escaped(value.suffix)}`"
                return f"[{text}]" if value.listed else text
            case Spelled():
                runs = (f"[{quoted(letters)}, {times}]" for letters, times in value.runs)
                return f"spell(number, [{', '.join(runs)}])"

    def values(self, values: Sequence[Given | Case]) -> str:
        """Values with commas between them."""
        return ", ".join(self.value(value) for value in values)

    def members(self, changes: Changes) -> str:
        """Changes as members of an object."""
        return ", ".join(f"{key_code(k)}: {self.value(v)}" for k, v in changes.items())

    def record(self, changes: Changes) -> str:
        """Changes as an object."""
        return f"{{ {self.members(changes)} }}" if changes else "{}"

    def arguments(self, changes: Changes) -> str:
        """Changes as the argument of a factory."""
        return self.record(changes) if changes else ""

    def made(self, parent: Parent, maker: str = "make") -> str:
        """The expression that makes a record in a state."""
        entity = self.view.entity(parent.entity)
        code = f"await {maker}.{self.maker(entity)}({self.arguments(dict(parent.changes))})"
        for patch in parent.patches:
            change = self.record(dict(patch))
            code = f"await {maker}.changed({quoted(entity.path)}, {code}, {change})"
        return code

    def maker(self, entity: EntityView) -> str:
        """The method of the factory that makes records of an entity."""
        return names_of(self.view)[entity.name].maker

    def variable(self, name: str) -> str:
        """The variable of a named record."""
        return unreserved(camel(name), _TAKEN)


def _escaped(text: str) -> str:
    """A text inside a template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def title(scenario: Scenario) -> str:
    """`R4: members can have at most 5 open loans — refuses one more`."""
    said = sentence(scenario.statement).rstrip(".")
    said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
    return f"{token(scenario.requirement)}{said} — {words(scenario.name)}"


def token(requirement: str | None) -> str:
    """The requirement at the beginning of the title of a test."""
    return f"{requirement}: " if requirement else ""


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    shared = testing.test_context(view)
    general = ", ".join(shared["general"])
    return shared | {
        "code": Printer(view),
        "token": token,
        "title": title,
        "t": f"{general}: " if general else "",
    }
