"""Which changes are tried on the tests of one group alone: what these tests run, nearest first.

Whoever measures says which tests belong together. A change that none of them notices, though they
run it, is one that their group does not hold the code to, whatever other tests notice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from quantumlayer.qtest.model import CaseOutcome, TestReport
from quantumlayer.qtest.mutation.model import RENDERS_NOTHING
from quantumlayer.qtest.mutation.mutations import Mutation, Place
from quantumlayer.qtest.mutation.selecting import COMMON_SHARE, Chosen, TestChoice, digest

CHANGES_EACH = 3
MOST_CHANGES = 60
TESTS_EACH = 8

GroupsOf = Callable[[str], Sequence[str]]
"""The groups that a test belongs to, by the name that its report gives it."""


Reached = tuple[Mutation, frozenset[str], int]
"""A change, the tests of a group that run its line, and how many of all tests do."""


class Grouped(NamedTuple):
    """A change that is tried on tests of one group."""

    group: str
    chosen: Chosen


def groups_in(report: TestReport, groups_of: GroupsOf) -> dict[str, list[str]]:
    """Group → its tests that passed, as the session knows them, in their order."""
    found: dict[str, list[str]] = {}
    for case in report.cases:
        if case.outcome is CaseOutcome.PASSED:
            for group in groups_of(case.name):
                found.setdefault(group, []).append(f"{case.path}::{case.name}")
    return found


def grouped(
    groups: Mapping[str, Sequence[str]],
    mutations: Sequence[Mutation],
    choice: TestChoice,
    spare: int = 1,
) -> Iterator[Grouped]:
    """The changes to try for each group: few, and so chosen that equal projects have equal ones.

    `spare` times as many are given where it is not sure of each whether it runs.
    """
    each = spare * max(1, min(CHANGES_EACH, MOST_CHANGES // max(1, len(groups))))
    reached = [(one, choice.tests_of(one)) for one in mutations if one.function]
    for group, tests in list(groups.items())[:MOST_CHANGES]:
        members = frozenset(tests)
        words = frozenset(word for name in tests for word in choice.words.get(name, ()))
        near = [
            (mutation, ran & members, len(ran))
            for mutation, ran in reached
            if not ran.isdisjoint(members) and choice.place(mutation) is not Place.LOADING
        ]

        order = partial(rank, words, choice)
        shown = decisive(near, order)
        named = spread(sorted(named_by(group, near), key=order))
        ranked = spread(sorted(specific(near, len(choice.tests)), key=order))
        others = [
            one
            for one in (*named, *(one for one in ranked if one not in named))
            if one[0].operator != RENDERS_NOTHING
        ][: max(1, each - bool(shown))]
        for mutation, own, _ in [*shown, *others]:
            ordered = choice.ordered(own, mutation)[:TESTS_EACH]
            yield Grouped(group, Chosen(mutation, choice.place(mutation), tuple(ordered)))


def named_by(group: str, near: Sequence[Reached]) -> Sequence[Reached]:
    """Those of code that says by itself that it serves the group."""
    return [one for one in near if group in one[0].serves]


def decisive(
    near: Sequence[Reached], order: Callable[[Reached], tuple[float, int, int, str]]
) -> Sequence[Reached]:
    """Of what shows nothing any more, what is nearest, and what most tests have around it."""
    found = sorted((one for one in near if one[0].operator == RENDERS_NOTHING), key=order)
    if not found:
        return []
    widest = min(found, key=lambda one: (-one[2], order(one)))
    return [found[0]] if widest is found[0] else [found[0], widest]


def specific(near: Sequence[Reached], tests: int) -> Sequence[Reached]:
    """Those that are no business of nearly every test, as starting up is; all where none is left.

    A group that holds most of the tests has what is its own in common with them all.
    """
    found = [one for one in near if one[2] <= max(COMMON_SHARE * tests, len(one[1]))]
    return [one for one in found if one[2] < tests] or found or near


def rank(words: frozenset[str], choice: TestChoice, one: Reached) -> tuple[float, int, int, str]:
    """First what is named as the tests are, then what few other tests run, then what decides."""
    mutation, _, count = one
    fits = sum(choice.worth.get(word, 0.0) for word in mutation.words & words)
    return (-round(fits, 6), count, -mutation.weight, digest(mutation))


def spread(ranked: Iterable[Reached]) -> list[Reached]:
    """Each function once before any is asked twice, else in their order."""
    turns: Counter[tuple[str, str]] = Counter()
    taken = []
    for one in ranked:
        place = (one[0].path, one[0].function)
        taken.append((turns[place], one))
        turns[place] += 1
    return [one for _, one in sorted(taken, key=lambda each: each[0])]
