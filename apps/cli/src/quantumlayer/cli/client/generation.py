"""From a prompt to a verified capsule on this disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from quantumlayer.cli.client.api import Api
from quantumlayer.cli.client.capsules import Checked, check_capsule, trusted_keys
from quantumlayer.cli.client.changes import change_lines
from quantumlayer.cli.client.download import download_capsule
from quantumlayer.cli.client.errors import resumable
from quantumlayer.cli.client.runs import Outcome, outcome_of

DEFAULT_FOLDER = Path("capsules")


@dataclass(frozen=True)
class Delivery:
    """How a run ended, and its capsule as it lies here; a run may end without one."""

    outcome: Outcome
    path: Path | None
    checked: Checked | None

    @property
    def good(self) -> bool:
        """Whether the verdict is `passed` and the capsule verifies."""
        return self.outcome.passed and self.checked is not None and self.checked.ok

    @property
    def shown_path(self) -> str | None:
        """The capsule's path as commands print it."""
        return str(self.path) if self.path else None


def deliver(api: Api, run_id: str, folder: Path) -> Delivery:
    """Fetches and verifies what a run that has ended left behind."""
    with resumable(run_id):
        outcome = outcome_of(api, run_id)
        if outcome.capsule is None:
            return Delivery(outcome, None, None)
        path = download_capsule(api, run_id, outcome.capsule, folder)
    # A remote platform signs with a key of its own, which this folder need not know.
    return Delivery(outcome, path, check_capsule(path, trusted_keys(own=not api.reach.remote)))


def summary_lines(delivery: Delivery) -> list[tuple[str, str]]:
    """(name, value) of what people want to know of a run."""
    outcome, run = delivery.outcome, delivery.outcome.run
    lines = list(outcome.told_verdict)
    if outcome.proofs:
        lines.append(("proof", outcome.proofs))
    lines += change_lines(outcome.changes)
    lines.append(("tests", _tests(outcome)))
    if run["coverage"] is not None:
        lines.append(("coverage", f"{run['coverage']:.1f}%"))
    if run["mutationScore"] is not None:
        lines.append(("mutation", f"{run['mutationScore']:.1f}% of changes to the code noticed"))
    lines.append(("files", str(len(run["files"]))))
    if run["timeToFirstFileSeconds"] is not None:
        lines.append(("first file", f"{run['timeToFirstFileSeconds']:.2f} s"))
    lines += [("total", f"{run['elapsedSeconds']:.2f} s"), ("cost", outcome.cost)]
    if delivery.path is not None and delivery.checked is not None:
        lines += [("capsule", str(delivery.path)), ("verified", delivery.checked.summary)]
    return lines


def print_lines(lines: list[tuple[str, str]]) -> None:
    """Prints names and values, aligned; a value may have several lines."""
    width = max(len(name) for name, _ in lines)
    below = f"\n{'':{width + 4}}"
    for name, value in lines:
        click.echo(f"  {name:<{width}}  {value.replace(chr(10), below)}")


def _tests(outcome: Outcome) -> str:
    tests = outcome.tests
    parts = [f"{tests[name]} {name}" for name in ("passed", "failed", "errors", "skipped")]
    told = [part for part in parts if not part.startswith("0 ")]
    return f"{tests['executed']} executed" + (f" ({', '.join(told)})" if told else "")
