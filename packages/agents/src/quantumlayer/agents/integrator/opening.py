"""The first messages of the integrator's conversation: what never changes, then the tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.integrator.reading import MOST_CALLS
from quantumlayer.agents.prompts import rendered
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements, RequirementsChange
from quantumlayer.router import Message

# Below this a tree is shown whole, which beats any search.
MOST_CHARACTERS = 180_000


@dataclass(frozen=True)
class Task:
    """What is to be different of a version that exists, in its user's own words and by requirement.

    `by_hand` are files that the user changed, `failing` tests that failed before anything was
    changed.
    """

    sentence: str
    change: RequirementsChange
    by_hand: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """What is to be integrated. `texts` are all files, `problems` what is wrong with them.

    `rules` are the house rules of its stack, `code_map` its most important symbols. `task` is what
    is to be different, None where all was written anew. `unread` are files that nobody has to see
    who is not pointed to them.
    """

    requirements: Requirements
    blueprint: Blueprint
    texts: Mapping[str, str]
    tests: frozenset[str]
    problems: str
    rules: str = ""
    code_map: str = ""
    task: Task | None = None
    unread: frozenset[str] = frozenset()


def opening(
    project: Project, *, native: bool, steps: int, verifications: int
) -> tuple[Message, ...]:
    """The system's words, what the run is about, and the tree with what is wrong with it.

    `native`: the model calls tools by itself; else it is told how to write calls as blocks.
    """
    shown, left_out = most_relevant(
        project.texts, project.problems, MOST_CHARACTERS, project.unread
    )
    said = {
        "project": project,
        "shown": shown,
        "left_out": left_out,
        "native": native,
        "most_calls": MOST_CALLS,
        "steps": steps,
        "verifications": verifications,
    }
    return (
        Message(
            role="system", content=rendered("integrator_system", **said), cache_until_here=True
        ),
        Message(role="user", content=rendered("integrator_run", **said), cache_until_here=True),
        Message(role="user", content=rendered("integrator_tree", **said), cache_until_here=True),
    )
