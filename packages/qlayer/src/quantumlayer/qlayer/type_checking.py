"""What the type checker of a stack says of a project whose functions need not have bodies yet."""

import asyncio
from pathlib import Path

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qlayer.deliveries import type_check_by
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.stacks import Stack
from quantumlayer.qtest import QtestError, run_traced_tests
from quantumlayer.qtest.delivered import NothingToAsk, type_complaints


class TypesSeen(Noun):
    """What was complained about, each with its place; `unknown` says why nobody could tell."""

    complaints: tuple[str, ...] = ()
    unknown: str = ""


async def check_types(project: Path, stack: Stack, cache: Path) -> TypesSeen:
    """What is wrong with the types of `project`, a folder that this may change.

    Where a language's tests compile what they run, compiling them is how its types are checked.
    Raises nothing for what this machine lacks: then it is unknown.
    """
    await asyncio.to_thread(allow_unfinished, project, stack)
    check = type_check_by(stack)
    try:
        if check is not None:
            return TypesSeen(complaints=await type_complaints(project, check, cache))
        report = (await run_traced_tests(project, cache=cache)).report
    except (NothingToAsk, QtestError, NotUnderstood) as error:
        return TypesSeen(unknown=str(error))
    found = (f"{one.path}:{one.line}: {one.message}" for one in report.diagnostics)
    return TypesSeen(complaints=tuple(dict.fromkeys(found)))


def allow_unfinished(project: Path, stack: Stack) -> None:
    """Let its settings say what they say while nothing is used yet."""
    if stack.unfinished is None:
        return
    path = project / stack.unfinished.file
    if path.is_file():
        text = path.read_text("utf-8")
        for said, instead in stack.unfinished.instead.items():
            text = text.replace(said, instead)
        path.write_text(text, "utf-8")
