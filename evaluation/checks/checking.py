"""A check → why it does not hold, or nothing."""

from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pydantic import JsonValue

from evaluation.checks import commands, hidden_tests, pages, requests
from evaluation.sentence import Check, Command, HiddenTest, Page, Request
from evaluation.subject import Subject
from quantumlayer.qtest.delivered import BuildBroken, CannotTell


@dataclass(frozen=True)
class Context:
    """What the steps of a check share: values that are saved, and where the machine's cache is."""

    cache: Path
    saved: dict[str, JsonValue] = field(default_factory=dict)


async def wrong(check: Check, subject: Subject, cache: Path) -> str:
    """Why `check` does not hold of `subject`, empty where it does.

    Raises CannotTell where nobody can know, for want of a browser for example.
    """
    context = Context(cache)
    # Steps in a browser follow each other in one window.
    if all(isinstance(step, Page) for step in check.steps):
        return await pages.wrong([step for step in check.steps if isinstance(step, Page)], subject)
    for number, step in enumerate(check.steps, 1):
        if reason := await _wrong(step, subject, context):
            return f"step {number}: {reason}"
    return ""


async def _wrong(
    step: Request | Command | Page | HiddenTest, subject: Subject, context: Context
) -> str:
    match step:
        case Request():
            try:
                return await requests.wrong(step, subject, context.saved)
            except httpx.HTTPError as error:
                return f"{step.request}: no answer ({error or type(error).__name__})"
        case Command():
            try:
                return await commands.wrong(step, subject)
            except BuildBroken as error:
                return str(error)
        case Page():
            return await pages.wrong([step], subject)
        case HiddenTest():
            return await hidden_tests.wrong(step, subject, context.cache)
    raise CannotTell(f"nobody knows how to do {step!r}")
