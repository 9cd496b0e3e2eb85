"""A tree that a model edits, and what of it its edits would lose."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from quantumlayer.agents.edits import Gate
from quantumlayer.agents.wholeness import Outline, lost
from quantumlayer.qlayer.revision.kept_tests import TEST_CASE

Outliner = Callable[[Mapping[str, str]], Awaitable[Mapping[str, Outline]]]
"""Path → content of some files → what each of them defines."""


@dataclass(frozen=True)
class Tree:
    """The whole tree as text, the paths in it that are tests, and ways to see what it defines.

    `gate` says which texts do not parse.
    """

    texts: Mapping[str, str]
    tests: frozenset[str]
    outlines: Outliner
    gate: Gate

    def lost_tests(self, changed: Mapping[str, str | None]) -> dict[str, int]:
        """How many tests fewer each test file would hold; `changed` is path → content or None."""
        before = {path: _tests_in(self.texts[path]) for path in sorted(self.tests & changed.keys())}
        fewer = {path: count - _tests_in(changed[path] or "") for path, count in before.items()}
        return {path: count for path, count in fewer.items() if count > 0}

    async def lost_code(self, changed: Mapping[str, str | None]) -> list[str]:
        """`path: name` of what would be gone, or left without its body.

        A file that is deleted on purpose takes along what it defines.
        """
        kept = {path: text for path, text in changed.items() if text is not None}
        before = await self.outlines(
            {path: self.texts[path] for path in kept.keys() & self.texts.keys()}
        )
        return lost(before, await self.outlines(kept))


def _tests_in(text: str) -> int:
    return len(TEST_CASE.findall(text))
