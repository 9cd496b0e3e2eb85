"""What is to be tried in a JavaScript project, in the words of its session, and its report."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.qtest.mutation.grouping import GroupsOf
from quantumlayer.qtest.mutation.javascript.programs import Program, Programs
from quantumlayer.qtest.mutation.javascript.tracing import Traced, Tracing
from quantumlayer.qtest.mutation.model import (
    RENDERS_NOTHING,
    MutantStatus,
    MutationExtent,
    MutationReport,
)
from quantumlayer.qtest.mutation.mutations import Mutation
from quantumlayer.qtest.mutation.selecting import Chosen
from quantumlayer.qtest.mutation.work import Work
from quantumlayer.qtest.runners.records import Record, Records
from quantumlayer.qtest.runners.traces import Traces
from quantumlayer.qtest.sandbox import WORKSPACE

# Beyond what it takes without a change: of the processor's time, so load is no reason to stop.
PATIENCE_SECONDS = 1.0
PATIENCE_FACTOR = 3.0
# A process that loads everything costs several times what a fork does that has it all.
FORKS_FOR_ONE = 4
# Of what may not have run at all, some more are tried.
CHANCES = 3


@dataclass(frozen=True)
class TrialWork:
    """What is tried, and by which programs: `program_of` each test, by its name in reports.

    `first` is the number of each file's first point among all.
    """

    work: Work
    tests: Mapping[str, Traced]
    program_of: Mapping[str, str]
    programs: Mapping[str, Program]
    unreliable: tuple[str, ...]
    first: Mapping[str, int]

    def shares(self, programs: Programs, lanes: int) -> list[list[dict[str, object]]]:
        """The jobs with tests in a package, and these, in at most so many lists, none empty.

        What shows what a group holds to comes first, and together: what is tried last of it is
        left out where the rest has decided.
        """
        found: list[list[dict[str, object]]] = [[] for _ in range(lanes)]
        groups = list(dict.fromkeys(group for group, _ in self.work.grouped))
        wanted: dict[Chosen, list[str]] = {}
        for group, chosen in self.work.grouped:
            wanted.setdefault(chosen, []).append(group)
        for number, chosen in self.work.of_groups().items():
            lane = found[groups.index(wanted[chosen][0]) % lanes]
            lane += self._jobs(number, chosen, programs, wanted[chosen])
        others = [(number, near) for number, (_, near) in enumerate(self.work.chosen) if near]
        for turn, (number, chosen) in enumerate(others):
            found[turn % lanes] += self._jobs(number, chosen, programs, ())
        return [some for some in found if some]

    def _jobs(
        self, number: int, chosen: Chosen, programs: Programs, groups: Sequence[str]
    ) -> Iterator[dict[str, object]]:
        near = [name for name in chosen.tests if programs.has(self.program_of[name])]
        if near:
            decisive = chosen.mutation.operator == RENDERS_NOTHING
            job = self._job(number, chosen.mutation, near)
            yield {**job, "groups": groups, "decisive": decisive}

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
            "point": self.first[mutation.path] + mutation.first_line,
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

    def _joined(self, number: int, answers: Sequence[Record]) -> Record | None:
        """What the tests of all packages say of a change; None while some have said nothing."""
        noticed = [one for one in answers if one["status"] != MutantStatus.SURVIVED]
        chosen = self.work.of_groups().get(number) or self.work.chosen[number][1]
        tests = chosen.tests if chosen else ()
        asked = {self.program_of[name].partition(":")[0] for name in tests}
        return next(iter(noticed), answers[0] if len(answers) == len(asked) else None)

    def report(self, tier: str, events: Sequence[Record], started: float) -> MutationReport:
        """The score, from the records of all sessions."""
        names = {(self.program_of[test.name], test.called): test.name for test in
                 self.tests.values()}  # fmt: skip
        answers: dict[int, list[Record]] = {}
        unreliable = set(self.unreliable)
        for event in events:
            if event["event"] == "mutant":
                named = {**event, "test": names.get(tuple(event.get("test") or ()), "")}
                answers.setdefault(int(event["id"]), []).append(named)
            elif event["event"] == "unreliable":
                found = (names.get(tuple(one)) for one in event.get("tests", ()))
                unreliable |= {name for name in found if name}
        told = [one for number, some in answers.items() if (one := self._joined(number, some))]
        told.append({"event": "finished", "unreliable": sorted(unreliable)})
        return self.work.report(tier, Records(tuple(told), genuine=True), started)


def trial_work(
    mutations: Sequence[Mutation],
    tracing: Tracing,
    traces: Traces,
    extent: MutationExtent,
    groups_of: GroupsOf | None,
    packages: Sequence[Programs],
    first: Mapping[str, int],
) -> TrialWork:
    """Choose among the mutations, and find the programs of the tests."""
    if extent.mutants is not None:
        extent = extent.model_copy(update={"mutants": max(1, extent.mutants // FORKS_FOR_ONE)})
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
    looks = any(program.looks for programs in packages for program in programs.traced.values())
    spare = CHANCES if looks else 1
    return TrialWork(
        work=Work.of(mutations, seconds_of, traces, extent, groups, spare),
        tests=tracing.tests,
        program_of={name: number for name, (number, _) in found.items()},
        programs=dict(found.values()),
        unreliable=tracing.failing,
        first=first,
    )
