"""What tests state, as JavaScript, and what the templates of test modules are given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.literals import key_code, quoted, sent
from quantumlayer.builtin.writing.javascript_service.names import camel, names_of, unreserved
from quantumlayer.builtin.writing.javascript_service.printing import layout
from quantumlayer.builtin.writing.naming import sentence, words
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.field_cases import Repeated, Several
from quantumlayer.builtin.writing.service.kitchen import Changes, Parameter, Parent, Ref
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import Counted, Framed, Picked, Spelled
from quantumlayer.builtin.writing.service.scenarios import Scenario
from quantumlayer.builtin.writing.service.values import Value

_TAKEN = frozenset({"client", "make", "bodies", "asked", "statuses", "at", "report", "assert", "t"})
_FUNCTIONS = {
    FieldType.DATE: "dayIn({})",
    FieldType.DATETIME: "momentIn({})",
    FieldType.TIME: "timeAt({})",
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
        """Changes as an object."""
        members = ", ".join(f"{key_code(k)}: {self.value(v)}" for k, v in changes.items())
        return f"{{ {members} }}" if changes else "{}"

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

    def variables(self, names: Sequence[str]) -> str:
        """The variables of named records, with commas between them."""
        return ", ".join(self.variable(name) for name in names)

    def variable(self, name: str) -> str:
        """The variable of a named record."""
        return unreserved(camel(name), _TAKEN)


def _literal(_: Printer, value: Value) -> str:
    return layout(sent(value))


def _counted(_: Printer, value: Counted) -> str:
    whole = f"({value.formula}) / {value.scale}" if value.scale > 1 else value.formula
    return _FUNCTIONS.get(value.type, "{}").format(whole)


def _framed(_: Printer, value: Framed) -> str:
    parts = (
        part.replace("\\", "\\\\").replace("`", "\\`") for part in (value.prefix, value.suffix)
    )
    text = "${number}".join(part.replace("${", "\\${") for part in parts)
    return f"[`{text}`]" if value.listed else f"`{text}`"


def _escaped(text: str) -> str:
    """A text inside a template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def _spelled(_: Printer, value: Spelled) -> str:
    runs = (f"[{quoted(letters)}, {times}]" for letters, times in value.runs)
    return f"spell(number, [{', '.join(runs)}])"


_PRINTED: dict[type, Callable[[Printer, Any], str]] = {
    Ref: lambda code, ref: f"{code.variable(ref.name)}.id",
    Parent: lambda code, parent: f"({code.made(parent)}).id",
    Parameter: lambda _, parameter: parameter.name,
    Repeated: lambda _, x: f'"x".repeat({x.times})' + (f' + "{x.end}"' if x.end else ""),
    Several: lambda _, several: f"Array.from({{ length: {several.size} }}, String)",
    Counted: _counted,
    Picked: lambda code, one: f"[{code.values(one.choices)}][number % {len(one.choices)}]",
    Framed: _framed,
    Spelled: _spelled,
    dict: Printer.record,
}


def title(scenario: Scenario) -> str:
    """`R4: members can have at most 5 open loans — refuses one more`."""
    if not scenario.statement:
        return token(scenario.requirement) + words(scenario.topic)
    said = sentence(scenario.statement).rstrip(".")
    said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
    return f"{token(scenario.requirement)}{said} — {words(scenario.name)}"


def token(requirement: str | None) -> str:
    """The requirement at the beginning of the title of a test."""
    return f"{requirement}: " if requirement else ""


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    shared = testing.test_context(view)
    t = token(", ".join(shared["general"]))
    return shared | {"code": Printer(view), "token": token, "title": title, "t": t}
