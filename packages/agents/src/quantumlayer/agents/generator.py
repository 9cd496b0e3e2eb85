"""Generators and testers: planned files → their contents, several an answer, past a gate each.

All of a run's drafts are asked for with the same beginning (requirements, plan, interfaces), and
none is shown the body of another file: so they can be written in any order, or all at once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from pydantic import Field

from quantumlayer.agents.conversation import AgentName, Conversation, Step
from quantumlayer.agents.memory import Examples, shown_to_tester
from quantumlayer.agents.personas import persona
from quantumlayer.agents.prompts import conversation_of, messages, rendered
from quantumlayer.agents.skeleton import Setting, ground_of, shown
from quantumlayer.qlayer import Blueprint, FileRole, Noun, PlannedFile
from quantumlayer.qlayer.requirements import Requirements, RequirementsChange
from quantumlayer.qlayer.stacks import named, stack, worth_reading
from quantumlayer.router import (
    AnswerTooLong,
    ContentFiltered,
    ContextTooLong,
    FileNote,
    InvalidAnswer,
    Message,
    ModelRefused,
    TaggedFiles,
    WrittenFiles,
)

SyntaxGate = Callable[[PlannedFile, str], Awaitable[Sequence[str]]]
"""A planned file and its content → problems as a compiler would show them, and what was planned
and is missing; none means that it may pass."""

_PROBLEMS_KEPT = 20
# What a model says or does about some files need not end a run that can have the others.
_OF_THESE_FILES = (AnswerTooLong, ContentFiltered, ContextTooLong, InvalidAnswer, ModelRefused)
_DID_NOT_COME = "It did not come, or came without its end mark."


class RefusedDraft(Noun):
    """What came of a planned file and may not pass, with the reasons; None: nothing whole came."""

    content: str | None
    problems: tuple[str, ...]


class Present(Noun):
    """What is there already of a project that is changed, as far as tests are written from it.

    `signatures` are its symbols without bodies, `examples` tests that show how it is done (path →
    text), `before` the files that are written anew as they are. `sample` is how a test is called.
    """

    change: RequirementsChange
    signatures: str = ""
    examples: dict[str, str] = Field(default_factory=dict)
    before: dict[str, str] = Field(default_factory=dict)
    rules: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Project:
    """What drafts are written for; `skeleton` holds the interfaces (path → text) if there are.

    `present` is what is there already, None where all is written anew. `examples` are shown to the
    tester alone.
    """

    requirements: Requirements
    blueprint: Blueprint
    skeleton: Mapping[str, str] = field(default_factory=dict)
    present: Present | None = None
    examples: Examples | None = None


@dataclass(frozen=True)
class Drafts:
    """What came of some planned files: contents past the gate, what was refused, and notes.

    A note says what must change in a file that was not asked for.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, RefusedDraft] = field(default_factory=dict)
    notes: tuple[FileNote, ...] = ()

    def then(self, later: Self) -> Self:
        """All that came, with what came after of what was refused; no content is forgotten."""
        refused = {
            path: _with_content(one, self.refused.get(path)) for path, one in later.refused.items()
        }
        files, notes = {**self.files, **later.files}, (*self.notes, *later.notes)
        return replace(self, files=files, refused=refused, notes=notes)

    def settled(self) -> Self:
        """What stays when nothing is asked again: contents as they came, whatever is wrong."""
        kept = {path: one.content for path, one in self.refused.items() if one.content is not None}
        missing = {path: one for path, one in self.refused.items() if one.content is None}
        return replace(self, files={**self.files, **kept}, refused=missing)


async def draft(
    conversation: Conversation,
    project: Project,
    files: Sequence[PlannedFile],
    *,
    refused: Mapping[str, RefusedDraft],
    gate: SyntaxGate,
    max_bytes: int,
    attempt: int,
) -> Drafts:
    """The contents of `files`, which one agent writes in one answer.

    `refused` is what came of them before. What no answer could be had of, what has more than
    `max_bytes` and what the gate refuses is refused, with words for the next attempt.
    """
    agent, task = _writer(files[0])
    paths = tuple(file.path for file in files)
    try:
        answer = await conversation.ask(
            Step(
                agent,
                task,
                f"draft/{paths[0]}/{attempt}",
                path=paths[0] if len(paths) == 1 else None,
            ),
            conversation_of(
                constants_of(project),
                rendered(
                    task,
                    files=files,
                    before=before_of(project, paths),
                    unread=unread_of(project, paths),
                    persona=persona(files[0].agent),
                    refused=_of(refused, paths),
                ),
                shown_to_tester(project.examples) if agent == "tester" else (),
            ),
            {
                "requirements": project.requirements.model_dump(mode="json"),
                "paths": list(paths),
            },
            TaggedFiles(paths, partial=True),
        )
    except _OF_THESE_FILES as error:
        said = RefusedDraft(content=None, problems=(str(error),))
        return Drafts(refused=dict.fromkeys(paths, said))
    return await _gated(files, answer, gate, max_bytes)


def constants_of(project: Project) -> tuple[Message, ...]:
    """What every question about drafts begins with: plan, interfaces, and how files are written."""
    written = dict(sorted(project.skeleton.items()))
    if project.present is not None:
        ground = messages(
            "revision_ground", requirements=project.requirements, existing=project.present
        )
        return (*ground, *messages("drafts_rules")[-1:])
    blueprint, requirements = project.blueprint, project.requirements
    if blueprint.stack:
        own = named(stack(blueprint.stack), blueprint.name)
        ground = ground_of(Setting(requirements, blueprint, own))
    else:
        ground = messages(
            "drafts_ground", requirements=requirements, blueprint=blueprint, skeleton=written
        )
    return (*ground, *shown(written), *messages("drafts_rules")[-1:])


def before_of(project: Project, paths: Sequence[str]) -> dict[str, str]:
    """Those of the files that are there already, as they are."""
    before = project.present.before if project.present else {}
    return {path: before[path] for path in paths if path in before}


def unread_of(project: Project, paths: Sequence[str]) -> dict[str, str]:
    """What the starter has in the place of the files, where the common beginning shows it not."""
    blueprint = project.blueprint
    if project.present is not None or not blueprint.stack:
        return {}
    own = named(stack(blueprint.stack), blueprint.name)
    shown_to_all = set(worth_reading(own))
    return {
        one.path: one.text for one in own.starter if one.path in paths and one not in shown_to_all
    }


def expected_characters(file: PlannedFile) -> int:
    """About how long a file gets: a fit to delivered projects, a quarter off for a single file."""
    if file.role is FileRole.TEST:
        return 3_500 + 900 * len(file.requirements)
    return 1_200 + 350 * len(file.requirements)


async def _gated(
    files: Sequence[PlannedFile], answer: WrittenFiles, gate: SyntaxGate, max_bytes: int
) -> Drafts:
    passed: dict[str, str] = {}
    refused: dict[str, RefusedDraft] = {}
    for file in files:
        content = answer.files.get(file.path)
        if content is None:
            refused[file.path] = RefusedDraft(content=None, problems=(_DID_NOT_COME,))
        elif (size := len(content.encode())) > max_bytes:
            said = f"It has {size} bytes; at most {max_bytes} may be written into one file."
            refused[file.path] = RefusedDraft(content=None, problems=(said,))
        elif problems := await gate(file, content):
            kept = tuple(problems[:_PROBLEMS_KEPT])
            refused[file.path] = RefusedDraft(content=content, problems=kept)
        else:
            passed[file.path] = content
    return Drafts(files=passed, refused=refused, notes=answer.notes)


def _with_content(refused: RefusedDraft, before: RefusedDraft | None) -> RefusedDraft:
    """The refusal, with what had come before where nothing comes now."""
    if refused.content is not None or before is None or before.content is None:
        return refused
    problems = (*before.problems, *refused.problems)
    return RefusedDraft(content=before.content, problems=problems)


def _of(refused: Mapping[str, RefusedDraft], paths: Sequence[str]) -> dict[str, RefusedDraft]:
    return {path: refused[path] for path in paths if path in refused}


def _writer(file: PlannedFile) -> tuple[AgentName, str]:
    """Who writes a file, and what the task is called."""
    return ("tester", "test") if file.role is FileRole.TEST else ("generator", "write")
