"""Which mutations are tried, in which order, and by which tests: the ones that matter first.

Everything here follows from the code, the tests and their traces alone. So the same project gives
the same choice on every machine, however fast.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.qtest.mutation.mutations import Mutation, Place, words_in
from quantumlayer.qtest.runners.traces import LOADING, Traces

# Words that most names of tests have say nothing about what a test is for.
COMMON_SHARE = 0.5


@dataclass(frozen=True)
class Chosen:
    """A mutation, the place where it can be tried, and its tests, the likeliest to notice first."""

    mutation: Mutation
    place: Place
    tests: tuple[str, ...]


def in_order(mutations: Iterable[Mutation]) -> list[Mutation]:
    """By what they would tell: each function or class is asked once before any is asked twice.

    Functions that decide much come first, and in them the changes that weigh most. What is alike
    is ordered by its content, so that a choice of the first N is spread and yet always the same.
    """
    groups: dict[tuple[str, str], list[Mutation]] = defaultdict(list)
    for one in mutations:
        groups[one.path, one.function or one.owner].append(one)
    ranked = [
        (turn, -one.importance, -one.weight, digest(one), one)
        for group in groups.values()
        for turn, one in enumerate(sorted(group, key=lambda one: (-one.weight, digest(one))))
    ]
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]


def digest(mutation: Mutation) -> str:
    content = f"{mutation.path}\0{mutation.function}\0{mutation.before}\0{mutation.replacement}"
    return hashlib.sha256(f"{content}\0{mutation.column}".encode()).hexdigest()


def ran_about(mutation: Mutation, traces: Traces) -> int:
    """The contexts that ran the code which a mutation concerns."""
    found = 0
    for first, last in mutation.about:
        found |= traces.ran(mutation.path, first, last)
    return found


class TestChoice:
    """Knows the tests of a project, and which of them are near a mutation."""

    __test__ = False  # pytest would collect a class of this name

    def __init__(self, tests: Sequence[str], traces: Traces, mutations: Iterable[Mutation]) -> None:
        """`tests` are the names of those that passed, `mutations` all that there are."""
        self.called_while_loading = {
            one.path for one in mutations if one.function and ran_about(one, traces) & LOADING
        }
        self.tests = tests
        self.traces = traces
        self.passed = frozenset(tests)
        self.words = {name: words_in(name) for name in tests}
        seen = Counter(word for words in self.words.values() for word in words)
        common = COMMON_SHARE * len(tests)
        self.worth = {
            word: 1.0 / count for word, count in seen.items() if count <= common or common < 2
        }
        self.reach = self.reached()

    def reached(self) -> Mapping[str, int]:
        """How many lines each test runs: who runs few is for these few."""
        counts: Counter[int] = Counter()
        for lines in self.traces.files.values():
            counts.update(lines.values())
        names = {name: 1 << number for number, name in enumerate(self.traces.contexts)}
        return {
            test: sum(count for mask, count in counts.items() if mask & names.get(test, 0))
            for test in self.tests
        }

    def near(self, mutation: Mutation, most: int | None) -> Chosen | None:
        """The tests for a mutation; None when no test runs what it changes."""
        ran = self.traces.ran(mutation.path, mutation.first_line, mutation.last_line)
        place = self.place(mutation)
        if not ran:
            return None
        tests = list(self.traces.named(ran)) if mutation.function else []
        if not mutation.function or ran & LOADING:
            # Loaded once, in force everywhere: whoever runs the code that it is about may notice.
            tests = list(self.traces.named(ran_about(mutation, self.traces))) or list(self.tests)
        ordered = self.ordered([one for one in tests if one in self.passed], mutation)
        return Chosen(mutation, place, tuple(ordered[:most])) if ordered else None

    def tests_of(self, mutation: Mutation) -> frozenset[str]:
        """The tests that passed and run the line of a mutation."""
        ran = self.traces.ran(mutation.path, mutation.first_line, mutation.last_line)
        return self.passed.intersection(self.traces.named(ran))

    def place(self, mutation: Mutation) -> Place:
        """Where the change can be made: what already ran while loading must load again."""
        if mutation.place is Place.BODY and ran_about(mutation, self.traces) & LOADING:
            return Place.LOADING
        if mutation.place is Place.CONSTANT and mutation.path in self.called_while_loading:
            return Place.LOADING
        return mutation.place

    def ordered(self, tests: Iterable[str], mutation: Mutation) -> list[str]:
        """Nearest first; of the variants of one test, one before the others."""
        wanted = mutation.words | words_in(mutation.before)
        near = {
            test: sum(self.worth.get(word, 0.0) for word in self.words[test] & mutation.words)
            + 0.3 * sum(self.worth.get(word, 0.0) for word in self.words[test] & wanted)
            for test in tests
        }
        ranked = sorted(near, key=lambda test: (-near[test], self.reach[test], test))
        # The variants of a test whose name fits are all wanted; of others, a few at a time.
        fitting = 0.6 * max(near.values(), default=0.0)
        variants: Counter[str] = Counter()
        turns = {}
        for test in ranked:
            family = test.partition("[")[0]
            turns[test] = 0 if near[test] and near[test] >= fitting else variants[family] // 3
            variants[family] += 1
        return sorted(ranked, key=turns.__getitem__)
