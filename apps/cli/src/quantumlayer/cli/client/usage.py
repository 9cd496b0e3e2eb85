"""What a run used models for, asked of the API and put into lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quantumlayer.cli.client.api import Api, Json

_CALLS = """calls completed broken failed inputTokens cachedTokens cacheWrittenTokens cachedShare
  outputTokens reasoningTokens costUsd pricedUsd unpricedCalls seconds firstTokenSeconds"""
SUMMARY = f"modelUsage {{ total {{ {_CALLS} }} byAgent {{ agent {_CALLS} }} }}"
"""What the commands that show a whole run ask of it."""
_USAGE = f"""query($id: ID!) {{ run(id: $id) {{ id model modelUsage {{
  total {{ {_CALLS} }} byAgent {{ agent {_CALLS} }} byFile {{ path {_CALLS} }} }} }} }}"""
_HEAD = ("tries", "in", "cached", "out", "thought", "cost", "time", "first token")
NOBODY_ASKED = "no model was asked"


def usage_of(api: Api, run_id: str) -> Json:
    """The run's id, its model, and its `modelUsage`, which is None as long as none was asked."""
    run: Json = api.ask(_USAGE, {"id": run_id})["run"]
    return run


def money(calls: Json | None) -> str:
    """What calls cost, with all of its digits; `unknown` where nobody knows a price."""
    if calls is None:
        return "$0"
    if calls["costUsd"] is not None:
        return f"${calls['costUsd']}"
    return "unknown" if calls["pricedUsd"] == "0" else f"over ${calls['pricedUsd']}"


def by_agent(usage: Json) -> list[str]:
    """A table of what each agent took, and all of them."""
    named = [(one["agent"] or "(not recorded)", one) for one in usage["byAgent"]]
    return _table("agent", [*named, ("all", usage["total"])])


def by_file(usage: Json) -> list[str]:
    """A table of what each file took."""
    return _table("file", [(one["path"] or "(no single file)", one) for one in usage["byFile"]])


def _table(kind: str, named: Iterable[tuple[str, Json]]) -> list[str]:
    rows = [(kind, *_HEAD), *((name, *_cells(calls)) for name, calls in named)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """A name on the left, and figures under each other on the right."""
    figures = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((f"{row[0]:<{widths[0]}}", *figures))


def _cells(calls: Json) -> tuple[str, ...]:
    return (
        _tries(calls),
        f"{calls['inputTokens']:,}",
        _cached(calls),
        f"{calls['outputTokens']:,}",
        f"{calls['reasoningTokens']:,}",
        money(calls),
        f"{calls['seconds']:.1f} s",
        "-" if calls["firstTokenSeconds"] is None else f"{calls['firstTokenSeconds']:.1f} s",
    )


def _tries(calls: Json) -> str:
    lost = (f"{calls[name]} {name}" for name in ("broken", "failed") if calls[name])
    told = ", ".join(lost)
    return f"{calls['calls']} ({told})" if told else str(calls["calls"])


def _cached(calls: Json) -> str:
    told = f"{calls['cachedTokens']:,}"
    return f"{told} ({calls['cachedShare']:.0%})" if calls["cachedTokens"] else told
