"""The generator and the tester: one planned file → its content, past a gate of syntax."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from quantumlayer.agents.answers import FileAnswer
from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import Requirements

MAX_CONTEXT_CHARACTERS = 60_000

ATTEMPTS = 3

SyntaxGate = Callable[[PlannedFile, str], Awaitable[Sequence[str]]]
"""A planned file and its content → problems as a compiler would show them, and what was planned
and is missing; none means that it may pass."""


class FileTooLarge(Exception):  # noqa: N818 - a refusal, not a fault
    """A file has more bytes than the run may write into one."""


async def write_file(
    conversation: Conversation,
    requirements: Requirements,
    blueprint: Blueprint,
    file: PlannedFile,
    *,
    written: Mapping[str, str],
    gate: SyntaxGate,
    max_bytes: int,
) -> str:
    """The content of `file`.

    `written` holds the contents of the files it depends on. What the gate refuses is asked for
    again with its words; what is still wrong in the end is left to the repairer.
    """
    task = "test" if file.role is FileRole.TEST else "write"

    async def ask(attempt: int, previous: str, problems: Sequence[str]) -> str:
        answer = await conversation.ask(
            task,
            f"{file.path}/{attempt}",
            messages(
                task,
                requirements=requirements,
                blueprint=blueprint,
                file=file,
                dependencies=_within_context(written),
                previous=previous,
                problems=problems,
            ),
            {"requirements": requirements.model_dump(mode="json"), "path": file.path},
            FileAnswer,
        )
        size = len(answer.content.encode())
        if size > max_bytes:
            raise FileTooLarge(f"{file.path} has {size} bytes, this run may write {max_bytes}")
        return answer.content

    content = await ask(1, "", ())
    for attempt in range(2, ATTEMPTS + 1):
        problems = await gate(file, content)
        if not problems:
            break
        content = await ask(attempt, content, problems)
    return content


def _within_context(written: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    room = MAX_CONTEXT_CHARACTERS
    for path, content in written.items():
        kept[path] = content if len(content) <= room else "(left out: too long)"
        room = max(0, room - len(content))
    return kept
