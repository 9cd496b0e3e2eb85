"""What is there in name only keeps a tree from passing."""

import pytest

from quantumlayer.parser import Parser, SourceText
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.quality import Severity
from quantumlayer.worker.validator.activities import left_out

HOLLOW = 'def price() -> int:\n    """Cents."""\n    raise NotImplementedError\n'
REFUSING = "export function never(): never {\n  throw new Error('this cannot be');\n}\n"


def blueprint(*paths: str, interface: str = "") -> Blueprint:
    files = [
        {"path": path, "role": "source", "purpose": "It", "interface": interface} for path in paths
    ]
    return Blueprint.model_validate(
        {"name": "shop", "kind": "library", "language": "python", "files": files}
    )


async def found(plan: Blueprint, texts: dict[str, str]) -> list[tuple[str, int, Severity]]:
    async with Parser() as parser:
        sources = [SourceText(path=path, content=text) for path, text in texts.items()]
        analyses = await parser.analyze(sources)
    return [(one.path, one.line, one.severity) for one in left_out(plan, texts, analyses)]


@pytest.mark.parametrize("interface", ["", "price() -> int"])
async def test_a_function_without_its_body_is_grave_whether_the_plan_names_it_or_not(
    interface: str,
) -> None:
    plan = blueprint("price.py", interface=interface)
    assert await found(plan, {"price.py": HOLLOW}) == [("price.py", 1, Severity.HIGH)]


async def test_what_nobody_planned_to_write_is_not_asked_for() -> None:
    assert await found(blueprint("price.py"), {"starter.py": HOLLOW}) == []


async def test_a_function_that_only_refuses_may_be_meant_so() -> None:
    assert await found(blueprint("never.ts"), {"never.ts": REFUSING}) == []
