"""Results → one row for a model, and the table of all rows that were written so far."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from evaluation.running import Result
from quantumlayer.router.profiles.families import profile_of

_REPAIRERS = frozenset({"repairer", "integrator"})


class Row(BaseModel):
    """How a model did in a set.

    `right` counts the sentences of which all hidden checks hold, `false_passed` those that the
    engine passed and the checks do not, `untold` those of which something could not be found out.
    `well_formed` is the share of calls that came to their end with a reply, `repair_steps` how
    many calls were made by who mends. `profile` is what the router takes the model's family for.
    Money is None where a price is not known. `memory` is on or off, empty where nobody chose.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    set: str
    dialect: str
    profile: Mapping[str, Any]
    when: datetime
    sentences: int
    passed: int
    right: int
    false_passed: int
    untold: int
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    minutes: float
    well_formed: float | None
    repair_steps: int
    memory: str = ""
    results: tuple[Mapping[str, Any], ...] = ()


def row_of(model: str, name: str, results: Sequence[Result], memory: str = "") -> Row:
    """The row of a model in a set."""
    totals = [_usage(result).get("total", {}) for result in results]
    agents = [agent for result in results for agent in _usage(result).get("byAgent", ())]
    calls = _sum(totals, "calls")
    profile = profile_of(model)
    costs = [result.summary.get("costUsd") for result in results]
    return Row(
        model=model,
        set=name,
        dialect=profile.edit_dialect if model else "",
        profile=profile.model_dump(mode="json") if model else {},
        when=datetime.now(UTC),
        sentences=len(results),
        passed=sum(result.passed for result in results),
        right=sum(result.right for result in results),
        false_passed=sum(result.false_passed for result in results),
        untold=sum(bool(result.untold) for result in results),
        calls=calls,
        input_tokens=_sum(totals, "inputTokens"),
        cached_tokens=_sum(totals, "cachedTokens"),
        output_tokens=_sum(totals, "outputTokens"),
        cost_usd=None if None in costs else sum(float(cost or 0) for cost in costs),
        minutes=sum(result.minutes for result in results),
        well_formed=_sum(totals, "completed") / calls if calls else None,
        memory=memory,
        repair_steps=_sum([one for one in agents if one.get("agent") in _REPAIRERS], "calls"),
        results=tuple(_told(result) for result in results),
    )


def write(row: Row, folder: Path) -> tuple[Path, Path]:
    """Keep a row, and write the table of all: their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = (row.model.replace("/", "-") or "default", row.set, f"{row.when:%Y%m%d-%H%M%S}")
    name = f"{'-'.join((*parts, row.memory)).rstrip('-')}.json"
    (kept := folder / name).write_text(row.model_dump_json(indent=2) + "\n", encoding="utf-8")
    rows = [Row.model_validate_json(file.read_text("utf-8")) for file in folder.glob("*.json")]
    (table := folder / "leaderboard.md").write_text(markdown(rows), encoding="utf-8")
    return kept, table


def markdown(rows: Sequence[Row]) -> str:
    """The table: what is false first, then what is right."""
    head = (
        "model", "set", "dialect", "memory", "sentences", "passed", "truly right", "false passed",
        "untold", "calls", "tokens in", "cached", "tokens out", "money", "minutes", "well-formed",
        "repair steps",
    )  # fmt: skip
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for row in sorted(rows, key=_rank):
        money = "" if row.cost_usd is None else f"${row.cost_usd:.4f}"
        formed = "" if row.well_formed is None else f"{row.well_formed:.0%}"
        cells = (
            row.model or "(default)", row.set, row.dialect, row.memory, row.sentences, row.passed,
            row.right, row.false_passed, row.untold, row.calls, row.input_tokens, row.cached_tokens,
            row.output_tokens, money, f"{row.minutes:.1f}", formed, row.repair_steps,
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join([*lines, ""])


def _rank(row: Row) -> tuple[str, int, int, str, str]:
    return (row.set, row.false_passed, -row.right, row.model, row.memory)


def _usage(result: Result) -> Mapping[str, Any]:
    return result.summary.get("modelUsage") or {}


def _sum(parts: Sequence[Mapping[str, Any]], name: str) -> int:
    return sum(int(part.get(name) or 0) for part in parts)


def _told(result: Result) -> dict[str, Any]:
    summary = {name: value for name, value in result.summary.items() if name != "capsule"}
    return {
        "sentence": result.sentence.name,
        "stack": result.sentence.stack,
        "size": result.sentence.size,
        "right": result.right,
        "falsePassed": result.false_passed,
        "wrong": dict(result.wrong),
        "untold": dict(result.untold),
        "minutes": result.minutes,
        "summary": json.loads(json.dumps(summary, default=str)),
    }
