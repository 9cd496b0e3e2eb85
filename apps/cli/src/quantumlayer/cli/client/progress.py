"""The line under a run's story: who is at work, and what it has cost so far."""

from __future__ import annotations

from collections.abc import Iterable


def at_work(active: Iterable[tuple[str, str]]) -> list[str]:
    """A few words for each agent of (agent, item) that is at work."""
    agents: dict[str, list[str]] = {}
    for agent, item in active:
        agents.setdefault(agent, []).append(item)
    return [_named(agent, items) for agent, items in agents.items()]


def cost(usd: float, *, unpriced: bool) -> str:
    """What was paid; `unpriced` says that something beside it has no known price."""
    if unpriced:
        return f"over ${usd:.4f}" if usd else "price unknown"
    return f"${usd:.4f}" if usd else "$0"


def _named(agent: str, items: list[str]) -> str:
    named = [item for item in items if item and item != agent]
    if len(named) > 1:
        return f"{len(named)} {agent}s"
    return f"{agent} {named[0]}" if named else agent
