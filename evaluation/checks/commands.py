"""Steps on the command line."""

import re

from evaluation.sentence import Command
from evaluation.subject import Subject

_SHOWN = 300


async def wrong(step: Command, subject: Subject) -> str:
    """Why the tool does not end or say as it must. Raises CannotTell and BuildBroken."""
    ran = await subject.run(step.run, step.files)
    shown = f"{' '.join(step.run)!r}: said {ran.output[-_SHOWN:]!r}"
    if ran.status is None:
        return f"{shown} and did not end"
    if (ran.status != 0) != step.fails:
        return f"{shown} and ended with {ran.status}"
    for pattern in step.says:
        if not re.search(pattern, ran.output, re.MULTILINE):
            return f"{shown}, not {pattern!r}"
    for pattern in step.never:
        if re.search(pattern, ran.output, re.MULTILINE):
            return f"{shown}, which has {pattern!r}"
    return ""
