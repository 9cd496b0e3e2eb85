"""What of a tree the integrator may change: not what a stack fixes, and not what judges it."""

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quantumlayer.qlayer import PathEscapesTree, colliding, confined
from quantumlayer.qlayer.revision.kept_tests import TEST_CASE


@dataclass(frozen=True)
class Guard:
    """`tests` are the paths of frozen tests, `fixed` patterns of what a stack keeps as it is."""

    tests: frozenset[str]
    fixed: tuple[str, ...]
    requirements: frozenset[str]

    def refuses(self, path: str, paths: Collection[str], contradicts: str = "") -> str:
        """Why a file may not be changed, empty where it may. `paths` are those that there are."""
        try:
            confined(path)
        except PathEscapesTree as error:
            return str(error)
        if any(fnmatchcase(path, pattern) for pattern in self.fixed):
            return f"{path} belongs to the stack, which keeps it as it is"
        if path not in paths and (collision := colliding([*paths, path])):
            return f"not every file system can hold both {' and '.join(collision)}"
        return self._freezes(path, contradicts) if path in self.tests else ""

    def _freezes(self, path: str, contradicts: str) -> str:
        if not contradicts:
            return (
                f"{path} is a test, and tests are frozen: mend the code. Where the test itself "
                "contradicts a requirement, name that requirement in `contradicts`"
            )
        if contradicts not in self.requirements:
            known = ", ".join(sorted(self.requirements))
            return f"there is no requirement {contradicts!r} that a test could contradict: {known}"
        return ""

    def loses_tests(self, path: str, before: str, after: str) -> str:
        """Why new content takes tests away, empty where it does not."""
        lost = len(TEST_CASE.findall(before)) - len(TEST_CASE.findall(after))
        if path not in self.tests or lost <= 0:
            return ""
        return f"{path}: {lost} tests would be gone; a test is put right, never taken away"
