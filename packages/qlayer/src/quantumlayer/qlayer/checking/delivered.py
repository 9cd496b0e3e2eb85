"""What a check says of a project as it is delivered: its rungs, and one verdict of both."""

from collections.abc import Callable
from pathlib import Path

from quantumlayer.manifests import FilesOnDisk
from quantumlayer.qlayer.checking.model import CheckReport, DeliveredEntry, RungEntry
from quantumlayer.qlayer.deliveries import NoDockerfile, climb_folder, dockerfile_of
from quantumlayer.qlayer.quality.ladder import summarize_climb, together, weigh_rungs
from quantumlayer.qtest import Verdict
from quantumlayer.qtest.delivered import Climb, Rung


def nothing_to_climb(root: Path) -> str:
    """Why a project cannot be started as it is delivered; empty where it may be."""
    try:
        dockerfile_of(FilesOnDisk(root))
    except NoDockerfile as error:
        return str(error)
    return ""


async def as_delivered(
    report: CheckReport, root: Path, cache: Path, watch: Callable[[Rung], None]
) -> CheckReport:
    """The report with what was found out of the project as it is delivered."""
    return combined(report, await climb_folder(root, cache, watch))


def combined(report: CheckReport, climb: Climb) -> CheckReport:
    """A report on the code, and on its delivery."""
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
                    )
                    for one in climb.rungs
                ),
            ),
        }
    )
