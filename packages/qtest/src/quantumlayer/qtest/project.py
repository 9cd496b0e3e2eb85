"""What kind of project a folder holds."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.sandbox.inside import NOT_COPIED

PYTHON_TEST = re.compile(r"(^test_.*|.*_test)\.py$")
JAVASCRIPT_TEST = re.compile(r"(^test([-_.].*)?|.*[-_.](test|spec))\.[cm]?js$")
PYTHON_MARKERS = (
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "setup.cfg",
    "setup.py",
)
SUFFIXES = {
    ".py": Language.PYTHON,
    ".js": Language.JAVASCRIPT,
    ".mjs": Language.JAVASCRIPT,
    ".cjs": Language.JAVASCRIPT,
}
MOST_FILES = 20_000


def detect_language(project: Path) -> Language | None:
    """The language to test a project in, or None when it holds none that can be tested.

    Test files decide; without any, the project's own settings do; without those, its sources.
    """
    names = list(file_names(project))
    tests = {
        Language.PYTHON: sum(bool(PYTHON_TEST.match(name)) for name in names),
        Language.JAVASCRIPT: sum(bool(JAVASCRIPT_TEST.match(name)) for name in names),
    }
    settings = {
        Language.PYTHON: int(any((project / name).is_file() for name in PYTHON_MARKERS)),
        Language.JAVASCRIPT: int((project / "package.json").is_file()),
    }
    sources = {
        language: sum(SUFFIXES.get(Path(name).suffix) is language for name in names)
        for language in Language
    }
    for scores in (tests, settings, sources):
        best = max(scores, key=lambda language: scores[language])
        if scores[best] > 0:
            return best
    return None


def file_names(project: Path) -> Iterator[str]:
    """The names of the project's files, as far as they are copied, up to a limit."""
    seen = 0
    for _, folders, files in os.walk(project):
        folders[:] = [name for name in folders if name not in NOT_COPIED]
        for name in files:
            seen += 1
            if seen > MOST_FILES:
                return
            yield name
