"""The gate of edits: what cannot be told in time is nobody's fault."""

from quantumlayer.parser import Parser
from quantumlayer.worker.parse_gate import ParseGate


async def test_what_does_not_parse_is_said_and_what_could_not_be_checked_is_not() -> None:
    async with Parser(workers=1, time_limit_seconds=1) as parser:
        said = await ParseGate(parser)({"a.json": "{", "b.yaml": "[" * 300_000, "c.json": "{}"})

    assert list(said) == ["a.json"]
