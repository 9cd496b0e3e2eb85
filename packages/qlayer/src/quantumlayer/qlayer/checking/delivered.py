"""What a check says of a project as it is delivered: its rungs, and one verdict of both."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from quantumlayer.qlayer.checking.model import (
    CheckReport,
    DeliveredEntry,
    DeliveredTest,
    PictureEntry,
    RungEntry,
)
from quantumlayer.qlayer.deliveries import NoDockerfile, climb_folder, ended_at_once
from quantumlayer.qlayer.quality.ladder import summarize_climb, together, weigh_rungs
from quantumlayer.qlayer.quality.pictures import named_pictures, summarize_pictures
from quantumlayer.qtest import TestCase, Verdict
from quantumlayer.qtest.delivered import Climb, Outcome, Rung, RungResult, Tier


async def as_delivered(
    report: CheckReport,
    root: Path,
    cache: Path,
    watch: Callable[[Rung], None],
    pictures: Path | None = None,
    tier: Tier = Tier.SANDBOX,
) -> CheckReport:
    """The report with what was found out of the project as it is delivered.

    What pages showed is written to the folder `pictures`, if there is one. `tier` says how it is
    started.
    """
    try:
        climb = await climb_folder(root, cache, watch, tier=tier)
    except NoDockerfile as error:
        climb = ended_at_once(Outcome.UNKNOWN, str(error))
    if pictures is not None:
        await asyncio.to_thread(written, climb, pictures)
    return combined(report, climb, pictures)


def written(climb: Climb, folder: Path) -> None:
    """Write the pictures of a climb to a folder."""
    for name, content in named_pictures(climb).items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def combined(report: CheckReport, climb: Climb, pictures: Path | None = None) -> CheckReport:
    """A report on the code, and on its delivery, with what was written to `pictures`."""
    verdict, reasons = weigh_rungs(summarize_climb(climb).rungs)
    both = together(report.verdict, verdict)
    # What praises the tests is no reason for any other verdict.
    before = report.reason if report.verdict is not Verdict.PASSED or not reasons else ""
    return report.model_copy(
        update={
            "verdict": both,
            "reason": " ".join(filter(None, (*reasons, before))),
            "delivered": DeliveredEntry(
                tier=climb.tier,
                notes=climb.notes,
                rungs=tuple(
                    RungEntry(
                        rung=one.rung.value,
                        outcome=one.outcome.value,
                        seconds=one.seconds,
                        reason=one.reason,
                        evidence=one.evidence,
                        pictures=shown(one, pictures),
                        tests=tuple(map(told, one.tests)),
                    )
                    for one in climb.rungs
                ),
            ),
        }
    )


def told(case: TestCase) -> DeliveredTest:
    """A test as the report has it."""
    return DeliveredTest(name=case.name, path=case.path, line=case.line,
                         outcome=case.outcome.value, message=case.message)  # fmt: skip


def shown(result: RungResult, folder: Path | None) -> tuple[PictureEntry, ...]:
    """The pictures of a rung where they were written."""
    if folder is None:
        return ()
    return tuple(
        PictureEntry(page=one.page, width=one.width, scheme=one.scheme, file=str(folder / one.file))
        for one in summarize_pictures(result)
    )
