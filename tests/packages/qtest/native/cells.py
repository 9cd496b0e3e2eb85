"""Every project of this folder with the verdict it must get; `core` ones run with the tests."""

from collections.abc import Iterator, Mapping

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Cell
from tests.packages.qtest.native import absent, ctest, make

# At least one of each kind; the others differ in how a project says the same.
CORE = frozenset({
    "two targets in one rule", "aliases", "recursion", "a loop that forgets",
    "a script that forgets", "a pipe into diff", "an error that is wanted", "a dash",
    "diff or true",
    "a program that only makes a source", "nothing to be done", "a skip by its status",
    "properties of all kinds",
    "fixtures and dependencies", "commands that prove nothing", "everything is skipped",
    "a header in brackets", "a library for the linker", "find_package", "a tool in a Makefile",
    "a header in quotes", "a header called like a source", "a source for another system",
})  # fmt: skip


def cells() -> Iterator[Cell]:
    """Right and wrong projects, one after the other."""
    for name, (added, right, wrong) in make.PROJECTS.items():
        yield from twins(name, {**make.CLOCK, **added}, make.WRONG, right, wrong)
    for name, (tail, added, right, wrong) in ctest.PROJECTS.items():
        files = {**ctest.GAUGE, "CMakeLists.txt": ctest.HEAD + tail, **added}
        yield from twins(name, files, ctest.WRONG, right, wrong)
    for name, (lacking, _) in absent.OF_THE_MACHINE.items():
        yield cell(f"lacks {name}", name, lacking, Verdict.INFRASTRUCTURE_ERROR)
    for name, lacking in absent.OF_THE_PROJECT.items():
        yield cell(f"does not bring {name}", name, lacking, Verdict.FAILED)
    for name, files in absent.ENOUGH.items():
        yield cell(f"does not miss {name}", name, files, Verdict.PASSED)


def twins(
    name: str, files: Mapping[str, str], change: tuple[str, str], right: Verdict, wrong: Verdict
) -> Iterator[Cell]:
    """The same project with right and with wrong code."""
    changed = {path: text.replace(*change) for path, text in files.items()}
    assert changed != dict(files)
    yield cell(f"{name}, right", name, files, right)
    yield cell(f"{name}, wrong", name, changed, wrong)


def cell(title: str, name: str, files: Mapping[str, str], verdict: Verdict) -> Cell:
    return Cell("c", title, files, verdict, name in CORE)
