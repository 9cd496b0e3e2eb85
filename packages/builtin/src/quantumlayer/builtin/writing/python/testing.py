"""What tests state, as Python code, and what the templates of test modules are given."""

import json
import keyword
from typing import Any

from quantumlayer.builtin.writing.naming import unshadowed
from quantumlayer.builtin.writing.python.kinds import python_code
from quantumlayer.builtin.writing.service import testing
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.printing import Printer, Words
from quantumlayer.builtin.writing.service.scenarios import Changes
from quantumlayer.builtin.writing.service.values import Value, to_json

_TAKEN = frozenset({"client", "make", "response", "bodies", "responses", "statuses", "at", "rows"})


def _literal(value: Value) -> str:
    return f"{value:_}" if type(value) is int else python_code(to_json(value))


def _inside(text: str) -> str:
    """A text inside an f-string."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def _arguments(code: Printer, changes: Changes) -> str:
    others = {k: v for k, v in changes.items() if keyword.iskeyword(k) or k == "self"}
    found = [f"{k}={code.value(v)}" for k, v in changes.items() if k not in others]
    return ", ".join([*found, f"**{code.record(others)}"] if others else found)


WORDS = Words(
    literal=_literal,
    key=json.dumps,
    variable=lambda name: unshadowed(name, _TAKEN),
    record="{{{}}}",
    run="({}, {})",
    id='{}["id"]',
    made_id='{}["id"]',
    call="{}({})",
    framed='f"{}{{number}}{}"',
    inside=_inside,
    repeated='"x" * {}',
    several="[str(number) for number in range({})]",
)


def token(requirement: str | None) -> str:
    """The requirement at the beginning of the name of a test."""
    return f"{requirement.lower()}_" if requirement else ""


def test_context(view: ServiceView) -> dict[str, Any]:
    """The context of every test module."""
    code = Printer(view, WORDS, _arguments, lambda entity: entity.maker)
    return testing.test_context(view) | {"code": code, "token": token}
