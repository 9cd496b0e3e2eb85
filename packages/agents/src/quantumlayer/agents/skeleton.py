"""The architect's second step: planned files → their interfaces, as real files that compile."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.planning import packages_of
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import Language, Requirements
from quantumlayer.qlayer.stacks import (
    Stack,
    is_example,
    is_fixed,
    language_of,
    worth_reading,
    woven,
)
from quantumlayer.router import Message, TaggedFiles, WrittenFiles

# What stands for a body that is to be written, by language.
UNWRITTEN = {
    Language.PYTHON: "raise NotImplementedError",
    Language.TYPESCRIPT: "throw new Error('not written');",
    Language.JAVASCRIPT: "throw new Error('not written');",
    Language.GO: 'panic("not written")',
    Language.JAVA: 'throw new UnsupportedOperationException("not written");',
    Language.RUST: "todo!()",
}
NOTES = {
    Language.GO: "Import only what is used now: an import that nothing uses does not compile.",
}
_UNWRITTEN = re.compile(
    r"\braise NotImplementedError\b|\bnot written\b|\btodo!\(|\bunimplemented!\("
)
_MOST_COMPLAINTS = 40


@dataclass(frozen=True)
class Setting:
    """What interfaces are written for; `stack` is named like the project."""

    requirements: Requirements
    blueprint: Blueprint
    stack: Stack


def interface_files(blueprint: Blueprint) -> tuple[PlannedFile, ...]:
    """The planned files that have an interface, or are one, in the order of the plan."""
    apart = (FileRole.TEST, FileRole.DOCUMENTATION)
    return tuple(file for file in blueprint.files if file.role not in apart)


def is_unwritten(text: str) -> bool:
    """Whether a body of a file is still to be written."""
    return _UNWRITTEN.search(text) is not None


async def write_interfaces(
    conversation: Conversation,
    setting: Setting,
    files: Sequence[PlannedFile],
    written: Mapping[str, str],
    batch: int,
) -> WrittenFiles:
    """The interfaces of `files`, which may lean on those that are `written` (path → text)."""
    asked = messages(
        "skeleton",
        files=files,
        commands=setting.stack.commands.type_check,
        packages=(
            *packages_of(setting.stack),
            *(one.name for one in setting.blueprint.dependencies),
        ),
        unwritten=UNWRITTEN[language_of(setting.stack)],
        note=NOTES.get(language_of(setting.stack), ""),
        unfinished=setting.stack.unfinished is not None,
    )
    paths = tuple(file.path for file in files)
    return await conversation.ask(
        Step("architect", "skeleton", f"interfaces/{batch}"),
        (*ground_of(setting), *shown(written), asked[-1]),
        {"paths": list(paths)},
        TaggedFiles(paths, partial=True),
    )


async def mend_interfaces(
    conversation: Conversation,
    setting: Setting,
    written: Mapping[str, str],
    complaints: Sequence[str],
    round_number: int,
) -> WrittenFiles:
    """Some of the interfaces anew, so that a type checker complains no longer."""
    paths = tuple(sorted(written))
    asked = messages(
        "mend_skeleton",
        paths=paths,
        commands=setting.stack.commands.type_check,
        complaints=complaints[:_MOST_COMPLAINTS],
        unwritten=UNWRITTEN[language_of(setting.stack)],
    )
    return await conversation.ask(
        Step("architect", "skeleton", f"mended/{round_number}"),
        (*ground_of(setting), *shown(written), asked[-1]),
        {"paths": list(paths), "complaints": list(complaints[:_MOST_COMPLAINTS])},
        TaggedFiles(paths, partial=True),
    )


def ground_of(setting: Setting) -> tuple[Message, ...]:
    """What every question about interfaces begins with: the rules, the plan and the starter."""
    one = setting.stack
    *system, ground = messages(
        "skeleton_ground",
        requirements=setting.requirements,
        blueprint=setting.blueprint,
        stack=one,
        starter=worth_reading(one),
        example={file.path for file in one.starter if is_example(one, file)},
        woven=woven(one),
        fixed={file.path for file in one.starter if is_fixed(one, file.path)},
    )
    return (*system, ground.model_copy(update={"cache_until_here": True}))


def shown(written: Mapping[str, str]) -> tuple[Message, ...]:
    """The interfaces that are there, where there are some."""
    return messages("skeleton_files", texts=written)[-1:] if written else ()
