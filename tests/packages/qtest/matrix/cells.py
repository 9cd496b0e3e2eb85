"""The verdict matrix: small projects, right in several shapes and wrong in many ways.

Each language has a module of data: correct projects by their shape, and wrong variants of one of
them, given as replacements and added files. A cell is one project with the verdict it must get.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.qtest import Limits, Verdict

Files = Mapping[str, str]
MIB = 1024 * 1024
BOUNDS = Limits(wall_seconds=40, cpu_seconds=40, memory_bytes=1024 * MIB, processes=200)
HANGING = BOUNDS.model_copy(update={"wall_seconds": 8.0})


@dataclass(frozen=True)
class Wrong:
    """A way to be wrong: in each file, old text and new; a file with no old text is added."""

    name: str
    changes: Mapping[str, tuple[str, str]]
    verdict: Verdict = Verdict.FAILED


@dataclass(frozen=True)
class Matrix:
    """All projects of one language. `base` names the correct shape that the wrong ones vary."""

    language: str
    correct: Mapping[str, Files]
    base: str
    wrong: tuple[Wrong, ...]
    core: frozenset[str] = field(
        default=frozenset({"wrong operator", "exit in the middle", "forged report"})
    )


@dataclass(frozen=True)
class Cell:
    """One project and the verdict it must get; `core` cells run with the tests."""

    language: str
    name: str
    files: Files
    verdict: Verdict
    core: bool

    @property
    def limits(self) -> Limits:
        """Little time for what never ends."""
        return HANGING if self.verdict is Verdict.TIMED_OUT else BOUNDS

    def write(self, folder: Path) -> Path:
        """The project on disk."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            if content.startswith("#!"):
                path.chmod(0o755)
        return folder


def cells(matrix: Matrix) -> Iterator[Cell]:
    """The correct projects first, then the wrong ones."""
    for shape, files in matrix.correct.items():
        dedented = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}
        yield Cell(matrix.language, shape, dedented, Verdict.PASSED, shape == matrix.base)
    base = {path: textwrap.dedent(text) for path, text in matrix.correct[matrix.base].items()}
    for variant in matrix.wrong:
        files = dict(base)
        for path, (old, new) in variant.changes.items():
            if old and old not in files[path]:
                raise ValueError(f"{matrix.language}, {variant.name}: {old!r} is not in {path}")
            changed = files[path].replace(old, new) if old else textwrap.dedent(new)
            files[path] = changed
        cleaned = {path: text.lstrip("\n") for path, text in files.items()}
        core = variant.name in matrix.core
        yield Cell(matrix.language, variant.name, cleaned, variant.verdict, core)
