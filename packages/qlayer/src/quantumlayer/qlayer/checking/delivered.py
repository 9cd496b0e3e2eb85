"""What a check says of a project as it is delivered: its rungs, and one verdict of both."""

from collections.abc import Callable
from pathlib import Path

from quantumlayer.qlayer.checking.model import CheckReport, DeliveredEntry, RungEntry
from quantumlayer.qlayer.deliveries import NoDockerfile, climb_folder, ended_at_once
from quantumlayer.qlayer.quality.ladder import summarize_climb, together, weigh_rungs
from quantumlayer.qtest import Verdict
from quantumlayer.qtest.delivered import Climb, Outcome, Rung


async def as_delivered(
    report: CheckReport, root: Path, cache: Path, watch: Callable[[Rung], None]
) -> CheckReport:
    """The report with what was found out of the project as it is delivered."""
    try:
        climb = await climb_folder(root, cache, watch)
    except NoDockerfile as error:
        climb = ended_at_once(Outcome.UNKNOWN, str(error))
    return combined(report, climb)


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
