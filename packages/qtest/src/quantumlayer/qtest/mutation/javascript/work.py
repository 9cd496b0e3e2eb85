"""What is to be tried in a JavaScript project, in the words of its session, and its report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.javascript.programs import Program, Programs
from quantumlayer.qtest.mutation.javascript.tracing import Traced, Tracing
from quantumlayer.qtest.mutation.model import MutationExtent, MutationReport
from quantumlayer.qtest.mutation.operators import Mutation
from quantumlayer.qtest.mutation.work import Work
from quantumlayer.qtest.runners.records import Record, Records
from quantumlayer.qtest.runners.traces import Traces
from quantumlayer.qtest.sandbox import WORKSPACE

# Beyond what it takes without a change: of the processor's time, so load is no reason to stop.
PATIENCE_SECONDS = 1.0
PATIENCE_FACTOR = 3.0


@dataclass(frozen=True)
class TrialWork:
    """What is tried, and by which programs: `program_of` each test, by its name in reports."""

    work: Work
    tests: Mapping[str, Traced]
    program_of: Mapping[str, str]
    programs: Mapping[str, Program]
    unreliable: tuple[str, ...]

    def jobs(self, programs: Programs) -> Iterator[dict[str, object]]:
        """Those whose nearest test is in a package, what shows what groups hold to first."""
        numbered = [*self.work.of_groups().items(), *(
            (number, near) for number, (_, near) in enumerate(self.work.chosen) if near
        )]  # fmt: skip
        for number, chosen in numbered:
            near = [name for name in chosen.tests if programs.has(self.program_of[name])]
            if near and near[0] == chosen.tests[0]:
                yield self._job(number, chosen.mutation, near)

    def _job(self, number: int, mutation: Mutation, names: Sequence[str]) -> dict[str, object]:
        tests = [self.tests[name] for name in names]
        taken = max(test.starting for test in tests) + sum(test.seconds for test in tests)
        longest = max(test.seconds for test in tests)
        return {
            "id": number,
            "path": f"{WORKSPACE}/{mutation.path}",
            "start": mutation.start,
            "end": mutation.end,
            "replacement": mutation.replacement,
            "tests": [(self.program_of[test.name], test.called) for test in tests],
            "seconds": PATIENCE_SECONDS + PATIENCE_FACTOR * taken,
            "waiting_seconds": PATIENCE_SECONDS + PATIENCE_FACTOR * longest,
        }

    def programs_for(self, jobs: Sequence[Mapping[str, object]]) -> dict[str, object]:
        """The programs that some jobs need."""
        wanted: set[str] = set()
        for job in jobs:
            tests = job["tests"]
            wanted |= {name for name, _ in tests} if isinstance(tests, list) else set()
        return {name: self.programs[name].plan() for name in sorted(wanted)}

    def report(self, tier: str, events: Sequence[Record], started: float) -> MutationReport:
        """The score, from the records of all sessions."""
        names = {(self.program_of[test.name], test.called): test.name for test in
                 self.tests.values()}  # fmt: skip
        told: list[Record] = []
        unreliable = set(self.unreliable)
        for event in events:
            if event["event"] == "mutant":
                told.append({**event, "test": names.get(tuple(event.get("test") or ()), "")})
            elif event["event"] == "unreliable":
                found = (names.get(tuple(one)) for one in event.get("tests", ()))
                unreliable |= {name for name in found if name}
        told.append({"event": "finished", "unreliable": sorted(unreliable)})
        return self.work.report(tier, Records(tuple(told), genuine=True), started)


def trial_work(
    mutations: Sequence[Mutation],
    tracing: Tracing,
    traces: Traces,
    extent: MutationExtent,
    groups_of: GroupsOf | None,
    packages: Sequence[Programs],
) -> TrialWork:
    """Choose among the mutations, and find the programs of the tests."""
    groups: dict[str, list[str]] = {}
    for name, test in tracing.tests.items():
        for group in groups_of(test.called) if groups_of else ():
            groups.setdefault(group, []).append(name)
    seconds_of = {name: test.seconds for name, test in tracing.tests.items()}
    found = {
        name: programs.of(test.program, test.path)
        for name, test in tracing.tests.items()
        for programs in packages
        if programs.has(test.program)
    }
    return TrialWork(
        work=Work.of(mutations, seconds_of, traces, extent, groups),
        tests=tracing.tests,
        program_of={name: number for name, (number, _) in found.items()},
        programs=dict(found.values()),
        unreliable=tracing.failing,
    )
