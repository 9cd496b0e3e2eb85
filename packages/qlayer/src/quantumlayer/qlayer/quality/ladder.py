"""What the rungs of the ladder mean for a verdict: pure, every reason a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantumlayer.qlayer.quality.evidence import summarize_cases
from quantumlayer.qlayer.quality.lacking import some
from quantumlayer.qlayer.quality.pictures import summarize_pictures
from quantumlayer.qlayer.quality.report import DeliverySummary, QualityReport, RungSummary
from quantumlayer.qlayer.quality.steady import reproducible
from quantumlayer.qtest import CaseOutcome, Verdict

if TYPE_CHECKING:
    # Only its shape is needed here: who reads reports starts nothing.
    from quantumlayer.qtest.delivered import Climb

_BROKEN = {
    "types": "its types do not fit",
    "build": "the image cannot be built",
    "start": "it does not start",
    "probes": "it does not answer its platform",
    "routes": "a route does not keep what the service says of it",
    "remember": "it does not keep what is written",
    "stop": "it does not stop when asked",
    "start again": "it does not start a second time",
    "data lasts": "it loses its data at a restart",
    "second instance": "a second instance does not run beside the first",
    "pages": "its pages cannot be used",
    "browser tests": "its own browser tests do not hold",
}
_NEEDED = ("build", "start")
_SHOWING = (CaseOutcome.PASSED, CaseOutcome.FAILED)


def summarize_climb(climb: Climb) -> DeliverySummary:
    """A climb without what differs from run to run."""
    return DeliverySummary(
        tier=climb.tier,
        notes=climb.notes,
        rungs=tuple(
            RungSummary(
                rung=one.rung.value,
                outcome=one.outcome.value,
                reason=reproducible(one.reason),
                evidence=reproducible(one.evidence),
                pictures=summarize_pictures(one),
                tests=summarize_cases(one.tests),
            )
            for one in climb.rungs
        ),
    )


def weigh_rungs(rungs: Sequence[RungSummary]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a delivery, and why it is not `passed`.

    `failed` where a rung is broken, `infrastructure_error` where a rung could not be found out, or
    one was left out without which nothing is known. Rungs that ask nothing of a delivery are
    `skipped`, and change nothing.
    """
    broken = [one for one in rungs if one.outcome == "broken"]
    if broken:
        return Verdict.FAILED, tuple(
            f"As delivered, {_BROKEN.get(one.rung, one.rung)}: {one.reason}" for one in broken
        )
    unknown = [one for one in rungs if one.outcome == "unknown"]
    if unknown:
        return Verdict.INFRASTRUCTURE_ERROR, tuple(
            f"Whether it holds as delivered ({one.rung}) cannot be found out: {one.reason}"
            for one in unknown
        )
    held = {one.rung for one in rungs if one.outcome == "held"}
    missing = [rung for rung in _NEEDED if rung not in held]
    if missing:
        names = " and ".join(missing)
        return Verdict.INFRASTRUCTURE_ERROR, (f"As delivered, it was not tried: {names}.",)
    return Verdict.PASSED, ()


def delivered(report: QualityReport, delivery: DeliverySummary | None) -> QualityReport:
    """The report with what was found out as delivered; as it is where nothing was tried.

    Its verdict is `passed` only where the delivery's is, too.
    """
    if delivery is None:
        return report
    verdict, reasons = weigh_rungs(delivery.rungs)
    both = together(report.verdict, verdict)
    sound = report.verdict is Verdict.PASSED
    told = (_praise(delivery),) if verdict is Verdict.PASSED else ()
    # Praise of tests is no reason for any other verdict.
    before = () if sound and both is not Verdict.PASSED else report.reasons
    return report.model_copy(
        update={
            "delivery": delivery,
            "verdict": both,
            "reasons": (*reasons, *before, *(told if both is Verdict.PASSED else ())),
        }
    )


def _praise(delivery: DeliverySummary) -> str:
    held = sum(one.outcome == "held" for one in delivery.rungs)
    skipped = [one.rung for one in delivery.rungs if one.outcome == "skipped"]
    left_out = f"; not asked: {', '.join(skipped)}" if skipped else ""
    idle = [one.name for one in delivery.tests if one.outcome not in _SHOWING]
    unshown = f"; browser tests that show nothing: {some(idle)}" if idle else ""
    count = f"{held} of {len(delivery.rungs)} rungs hold"
    return f"As delivered ({delivery.tier}), {count}{left_out}{unshown}."


def together(verdict: Verdict, delivered: Verdict) -> Verdict:
    """One verdict of the code's and the delivery's: what is known to be wrong goes before."""
    if Verdict.FAILED in (verdict, delivered):
        return Verdict.FAILED
    if delivered is Verdict.PASSED:
        return verdict
    return verdict if verdict is Verdict.TIMED_OUT else delivered
