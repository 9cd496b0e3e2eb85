"""What is kept of a run that passed, and how the nearest few are shown."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import Field

from quantumlayer.agents.prompts import rendered
from quantumlayer.qlayer import Blueprint, FileRole, Noun, PlannedFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.router import Message

MOST_EXAMPLES = 3
# Of what is compared, and of an example as it is shown: requirements, plan, and stubs as they fit.
_ABOUT_CHARACTERS, _EXAMPLE_CHARACTERS, _LINE_CHARACTERS = 8_000, 6_000, 300


class Example(Noun):
    """A run that passed, as far as there is room for it; `stubs` are path → text."""

    run_id: UUID
    title: str
    stack: str
    requirements: tuple[str, ...]
    files: tuple[PlannedFile, ...]
    stubs: Mapping[str, str] = Field(default_factory=dict)


class Examples(Noun):
    """The nearest runs, nearest first."""

    examples: tuple[Example, ...]


def about(requirements: Requirements) -> str:
    """What a run is compared by."""
    said = (
        requirements.title,
        requirements.summary,
        *(one.statement for one in requirements.items),
    )
    return "\n".join(said)[:_ABOUT_CHARACTERS]


def example_of(
    run_id: UUID, requirements: Requirements, blueprint: Blueprint, stubs: Mapping[str, str]
) -> Example:
    """An example within bounds: whole lines of requirements and plan, whole stubs by length."""
    room = _EXAMPLE_CHARACTERS
    stated: list[str] = []
    for item in requirements.items:
        line = _line(f"{item.id} ({item.category.value}): {item.statement}")
        if (room := room - len(line)) < 0:
            break
        stated.append(line)
    planned: list[PlannedFile] = []
    for file in blueprint.files:
        shown = file.model_copy(
            update={"purpose": _line(file.purpose), "interface": "", "depends_on": ()}
        )
        if (room := room - len(shown.path) - len(shown.purpose)) < 0:
            break
        planned.append(shown)
    kept: dict[str, str] = {}
    for path, text in sorted(stubs.items(), key=lambda one: (len(one[1]), one[0])):
        if (room := room - len(path) - len(text)) < 0:
            break
        kept[path] = _harmless(text)
    return Example(
        run_id=run_id,
        title=_line(requirements.title),
        stack=blueprint.stack,
        requirements=tuple(stated),
        files=tuple(planned),
        stubs=kept,
    )


def shown_to_architect(examples: Examples | None) -> tuple[Message, ...]:
    """Requirements, plans and stubs, as a message; none where there are no examples."""
    if examples is None:
        return ()
    return _message("examples_plan", examples.examples)


def shown_to_tester(examples: Examples | None) -> tuple[Message, ...]:
    """Requirements and which tests were planned for them; none where there are no examples."""
    planned = () if examples is None else examples.examples
    tested = [
        one.model_copy(
            update={"files": tuple(file for file in one.files if file.role is FileRole.TEST)}
        )
        for one in planned
    ]
    return _message("examples_tests", [one for one in tested if one.files])


def _message(template: str, examples: Sequence[Example]) -> tuple[Message, ...]:
    if not examples:
        return ()
    content = rendered(template, examples=examples)
    return (Message(role="user", content=content, cache_until_here=True),)


def _line(text: str) -> str:
    return _harmless(" ".join(text.split())[:_LINE_CHARACTERS])


def _harmless(text: str) -> str:
    """What ends no mark around it."""
    return text.replace("</untrusted", "<\u200b/untrusted")
