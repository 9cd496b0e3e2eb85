"""What the commands ask about what is remembered."""

from __future__ import annotations

from quantumlayer.cli.client.api import Api, Json

_LIST = "query($first: Int!) { memories(first: $first) { runId title stack createdAt } }"
_FORGET = "mutation($run: ID!) { forgetMemory(runId: $run) }"
_CLEAR = "mutation { clearMemory }"


def list_memories(api: Api, most: int) -> list[Json]:
    """At most `most` runs that are remembered, newest first."""
    found: list[Json] = api.ask(_LIST, {"first": most})["memories"]
    return found


def forget_memory(api: Api, run_id: str) -> int:
    """Forgets a run; 0 where it was not remembered."""
    return int(api.ask(_FORGET, {"run": run_id})["forgetMemory"])


def clear_memory(api: Api) -> int:
    """Forgets all runs; how many were remembered."""
    return int(api.ask(_CLEAR)["clearMemory"])
