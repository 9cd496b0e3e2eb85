"""One sentence, from the words to what the hidden checks say of the capsule."""

import asyncio
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation.checks.checking import wrong
from evaluation.own_platform import COMMAND
from evaluation.sentence import Sentence
from evaluation.subject import Subject, Tree, delivered
from quantumlayer.manifests import NotUnderstood
from quantumlayer.qlayer.deliveries import NoDockerfile
from quantumlayer.qtest.delivered import BuildBroken, CannotTell

_BROKEN = (BuildBroken, NoDockerfile, NotUnderstood)


class GenerationError(Exception):
    """The project's own command said nothing that can be read: the platform is in trouble."""


@dataclass(frozen=True)
class Result:
    """What came of a sentence.

    `summary` is what `quantumlayer generate --json` prints. `wrong` says by the name of a check why
    it does not hold, `untold` why nobody can know.
    """

    sentence: Sentence
    summary: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)
    untold: Mapping[str, str] = field(default_factory=dict)
    minutes: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the engine says that it is right."""
        return self.summary.get("verdict") == "passed"

    @property
    def right(self) -> bool:
        """Whether the hidden checks say so."""
        return not self.wrong and not self.untold

    @property
    def false_passed(self) -> bool:
        """Whether the engine says so, and the hidden checks do not."""
        return self.passed and bool(self.wrong)


async def evaluated(
    sentence: Sentence, model: str, cache: Path, environment: Mapping[str, str] | None = None
) -> Result:
    """Generate what a sentence asks for, on the platform of an environment, and check it."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ql-evaluation-") as place:
        summary = await generated(sentence.sentence, model, Path(place) / "capsules", environment)
        minutes = (time.monotonic() - begun) / 60
        if not summary.get("capsule"):
            none = {check.name: "there is no capsule" for check in sentence.checks}
            return Result(sentence, summary, none, minutes=minutes)
        folder = Path(place) / "delivered"
        with zipfile.ZipFile(summary["capsule"]) as capsule:
            capsule.extractall(folder)
        bad, untold = await judged(sentence, folder, cache)
        return Result(sentence, summary, bad, untold, minutes)


async def generated(
    words: str, model: str, output: Path, environment: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """What the project's own command says of a run; the platform is started if it is down.

    Raises GenerationError, with what it said, where it says nothing that can be read.
    """
    named = ["--model", model] if model else []
    process = await asyncio.create_subprocess_exec(
        *(*COMMAND, "generate", "--json", "--output", str(output), *named, "--", words),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    try:
        found: Mapping[str, Any] = json.loads(out)
    except ValueError:
        said = (err or out).decode(errors="replace")[-2000:]
        raise GenerationError(
            f"quantumlayer generate ended with {process.returncode}: {said}"
        ) from None
    return found


async def judged(
    sentence: Sentence, folder: Path, cache: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """Which checks do not hold of a tree as it is delivered, and of which nobody knows."""
    if sentence.proof.is_a == "library":
        return await asked_of(sentence, Tree(folder), cache)
    serves = sentence.proof.is_a in ("service", "page")
    try:
        async with delivered(folder, cache, serves=serves) as subject:
            return await asked_of(sentence, subject, cache)
    except _BROKEN as error:
        return {check.name: f"it is not built: {error}" for check in sentence.checks}, {}
    except CannotTell as error:
        return {check.name: f"it is not started: {error}" for check in sentence.checks}, {}


async def asked_of(
    sentence: Sentence, subject: Subject, cache: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """As `judged`, of something that is started already."""
    bad: dict[str, str] = {}
    untold: dict[str, str] = {}
    for check in sentence.checks:
        try:
            if reason := await wrong(check, subject, cache):
                bad[check.name] = reason
        except CannotTell as error:
            untold[check.name] = str(error)
    return bad, untold


def results_folder() -> Path:
    """Where leaderboards are written."""
    return Path(os.environ.get("QL_HOME", ".quantumlayer")) / "evaluation"
