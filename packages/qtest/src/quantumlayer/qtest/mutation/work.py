"""What is to be tried in a project, in the words that the session understands, and its report."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.qtest.model import CaseOutcome, TestReport
from quantumlayer.qtest.mutation.constants import names_of_others
from quantumlayer.qtest.mutation.grouping import Grouped, GroupsOf, grouped, groups_in
from quantumlayer.qtest.mutation.model import Mutant, MutationExtent, MutationReport
from quantumlayer.qtest.mutation.mutations import Mutation, Place
from quantumlayer.qtest.mutation.operators import mutations_of
from quantumlayer.qtest.mutation.reporting import counted, mutant_of, sentence
from quantumlayer.qtest.mutation.selecting import Chosen, TestChoice, in_order
from quantumlayer.qtest.runners.records import Records, number
from quantumlayer.qtest.runners.traces import Traces

# Beyond what a test took without a change: of the processor's time, so load is no reason to stop.
PATIENCE_SECONDS = 0.3
PATIENCE_FACTOR = 3.0
# A test may wait as long as it may work, and this much more.
WAITING_SECONDS = 0.5
AT_ONCE = 64


@dataclass(frozen=True)
class Work:
    """What is to be tried in a project."""

    mutations: Sequence[Mutation]
    chosen: Sequence[tuple[Mutation, Chosen | None]]
    seconds_of: Mapping[str, float]
    extent: MutationExtent
    grouped: Sequence[Grouped] = ()

    @classmethod
    def of(
        cls,
        mutations: Sequence[Mutation],
        seconds_of: Mapping[str, float],
        traces: Traces,
        extent: MutationExtent,
        groups: Mapping[str, Sequence[str]],
        spare: int = 1,
    ) -> "Work":
        """Choose what is tried, for each group (its tests, by their names) as well.

        `seconds_of` are the tests that passed, and what each took; `spare`: see `grouped`.
        """
        choice = TestChoice(
            [name for name in seconds_of if name in traces.contexts], traces, mutations
        )
        chosen = [
            (mutation, choice.near(mutation, extent.tests_each))
            for mutation in in_order(mutations)[: extent.mutants]
        ]
        of_groups = tuple(grouped(groups, mutations, choice, spare))
        return cls(mutations, chosen, seconds_of, extent, of_groups)

    def plan(self) -> dict[str, object]:
        """What the session has to do; see there."""
        return {
            "seconds": self.extent.seconds,
            "control_seconds": 20 + 5 * sum(self.seconds_of.values()),
            "jobs": list(self.jobs()),
        }

    def jobs(self) -> Iterator[dict[str, object]]:
        """In order of importance; of those that are near each other, what takes longest first."""
        numbered = [(n, chosen) for n, (_, chosen) in enumerate(self.chosen) if chosen is not None]
        for start in range(0, len(numbered), AT_ONCE):
            some = numbered[start : start + AT_ONCE]
            for n, chosen in sorted(some, key=lambda one: one[1].place is not Place.LOADING):
                yield self.job(n, chosen)
        for n, chosen in self.of_groups().items():
            yield self.job(n, chosen)

    def of_groups(self) -> dict[int, Chosen]:
        """By their numbers, each once: groups may have the same tests."""
        numbers = {chosen: n for n, (_, chosen) in enumerate(self.grouped, len(self.chosen))}
        return {n: chosen for chosen, n in numbers.items()}

    def job(self, number: int, chosen: Chosen) -> dict[str, object]:
        mutation = chosen.mutation
        patience = [PATIENCE_SECONDS + PATIENCE_FACTOR * self.seconds_of[n] for n in chosen.tests]
        # The first one pays for what the tests share; in the whole run another one did.
        patience[0] += PATIENCE_FACTOR * max(self.seconds_of.values())
        return {
            "id": number,
            "path": mutation.path,
            "start": mutation.start,
            "end": mutation.end,
            "line": mutation.line,
            "replacement": mutation.replacement,
            "place": chosen.place,
            "tests": chosen.tests,
            "patience": patience,
            "seconds": 10 + 3 * sum(patience),
            "waiting_seconds": WAITING_SECONDS + max(patience),
        }

    def report(self, tier: str, records: Records, started: float) -> MutationReport:
        """The score, from the records of a session that came to its end in a sandbox."""
        found = {int(number(record, "id")): record for record in records.named("mutant")}
        mutants = [
            mutant_of(mutation, chosen, found.get(n))
            for n, (mutation, chosen) in enumerate(self.chosen)
            if chosen is None or n in found
        ]
        groups: dict[str, tuple[Mutant, ...]] = {}
        numbers = {chosen: n for n, chosen in self.of_groups().items()}
        for group, chosen in self.grouped:
            # Without an answer there was no time for it.
            if (n := numbers[chosen]) in found:
                mutant = mutant_of(chosen.mutation, chosen, found[n])
                groups[group] = (*groups.get(group, ()), mutant)
        return MutationReport(
            **counted(mutants),
            groups=groups,
            reason=sentence(mutants, len(self.chosen)),
            candidates=len(self.mutations),
            skipped=len(self.chosen) - len(mutants),
            mutants=tuple(mutants),
            unreliable=tuple(map(str, records.named("finished")[-1].get("unreliable", ()))),
            sandbox=tier,
            elapsed_seconds=round(time.monotonic() - started, 3),
        )


def python_work(
    sources: Mapping[str, str],
    report: TestReport,
    traces: Traces,
    extent: MutationExtent,
    groups_of: GroupsOf | None = None,
) -> Work:
    """Find the mutations of a Python project's sources (path → text) and choose among them."""
    own = [entry.path for entry in report.coverage.files] if report.coverage else []
    taken = {path: names_of_others(content) for path, content in sources.items()}
    mutations = [
        mutation
        for path in own
        if path in sources
        for mutation in mutations_of(
            path,
            sources[path],
            {name for other, names in taken.items() if other != path for name in names},
        )
    ]
    seconds_of = {
        f"{case.path}::{case.name}": case.duration_seconds
        for case in report.cases
        if case.outcome is CaseOutcome.PASSED
    }
    groups = groups_in(report, groups_of) if groups_of else {}
    return Work.of(mutations, seconds_of, traces, extent, groups)
