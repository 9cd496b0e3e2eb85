"""What tests state, as JavaScript, and what the templates of test modules are given."""

from typing import Any

from quantumlayer.builtin.writing.javascript.names import camel, names_of, unreserved
from quantumlayer.builtin.writing.javascript.printing import key_code, sent
from quantumlayer.builtin.writing.layout import layout
from quantumlayer.builtin.writing.naming import sentence, words
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.printing import Printer, Words
from quantumlayer.builtin.writing.service.scenarios import Scenario

_TAKEN = frozenset({"client", "make", "bodies", "asked", "statuses", "at", "report", "assert", "t"})


def _inside(text: str) -> str:
    """A text inside a template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


WORDS = Words(
    literal=lambda value: layout(sent(value)),
    key=key_code,
    variable=lambda name: unreserved(camel(name), _TAKEN),
    record="{{ {} }}",
    run="[{}, {}]",
    id="{}.id",
    made_id="({}).id",
    call="await {}({})",
    framed="`{}${{number}}{}`",
    inside=_inside,
    repeated='"x".repeat({})',
    several="Array.from({{ length: {} }}, String)",
    function=camel,
)


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
    shared, names = testing.test_context(view), names_of(view)
    code = Printer(
        view,
        WORDS,
        lambda code, changes: code.record(changes) if changes else "",
        lambda entity: names[entity.name].maker,
    )
    t = token(", ".join(shared["general"]))
    return shared | {"code": code, "token": token, "title": title, "t": t}
