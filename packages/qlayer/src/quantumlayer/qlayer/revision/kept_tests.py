"""Which tests of a file stay: they are frozen letter by letter, whoever writes the file anew."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from quantumlayer.qlayer.quality.tracing import named_requirements

TEST_CASE = re.compile(
    r"^[ \t]*(?:async\s+)?def\s+test_|^[ \t]*(?:test|it)(?:\.\w+)*\s*\(|^func\s+Test\w*\("
    r"|^[ \t]*@(?:Parameterized)?Test\b|^[ \t]*\#\[\s*(?:\w+::)*test\b|^[ \t]*TEST(?:_\w+)?\s*\("
    r"|^[ \t]*(?:static\s+)?void\s+test\w*\s*\(|^[ \t]*TEST_CASE\s*\(",
    re.MULTILINE,
)
"""How a test begins, in the languages whose tests can be run."""

# A name may stand some lines below, under annotations.
_HEAD_LINES = 4
# What stands before a test and belongs to it, though it looks like the end of the one before.
_OF_THE_NEXT = ("@", "#", "//", "/*", "*", "}", ")", "]")


@dataclass(frozen=True)
class Case:
    """One test of a file, as it stands there, and the requirements that its head names."""

    text: str
    requirements: tuple[str, ...]


def cases_in(text: str) -> tuple[Case, ...]:
    """The tests of a file, in their order."""
    places = [*(found.start() for found in TEST_CASE.finditer(text)), len(text)]
    return tuple(_case(text[start:end]) for start, end in pairwise(places))


def named_in(texts: Iterable[str]) -> frozenset[str]:
    """Every id that a test of these files names."""
    return frozenset(
        name for text in texts for case in cases_in(text) for name in case.requirements
    )


def stays(case: Case, touched: Collection[str]) -> bool:
    """Whether a test says nothing of what is changed or removed."""
    return not set(case.requirements) & set(touched)


def files_to_rewrite(
    tests: Mapping[str, str], touched: Collection[str], removed: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of test files (path → text): those to be written anew, and those that go as a whole.

    A file goes where every one of its tests speaks of nothing but what is `removed`.
    """
    rewritten: list[str] = []
    gone: list[str] = []
    for path, text in sorted(tests.items()):
        cases = cases_in(text)
        if all(stays(case, touched) for case in cases):
            continue
        whole = all(case.requirements and set(case.requirements) <= set(removed) for case in cases)
        (gone if whole else rewritten).append(path)
    return tuple(rewritten), tuple(gone)


def lost_tests(before: str, after: str, touched: Collection[str]) -> tuple[str, ...]:
    """The heads of tests that stay and that `after` does not hold as they were."""
    return tuple(
        case.text.strip().partition("\n")[0].strip()
        for case in cases_in(before)
        if stays(case, touched) and case.text not in after
    )


def _case(segment: str) -> Case:
    lines = segment.splitlines()
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].strip().startswith(_OF_THE_NEXT)):
        lines.pop()
    head = "\n".join(lines[:_HEAD_LINES])
    return Case(text="\n".join(lines), requirements=named_requirements(head))
