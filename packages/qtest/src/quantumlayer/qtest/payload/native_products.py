"""What a build makes of its own sources is no manipulation, unless it makes tests.

Builds write headers, rename what was delivered, and make parsers and Makefiles anew. All of that is
the project's own word on what it is, given before any test runs. Tests stay what they were.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from quantumlayer.qtest.payload.native_ends import is_test
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.tampering import changed_files, digest


def take_as_built(project: Session) -> None:
    """From here on sources have to stay as a build that has just ended has left them."""
    for path in changed_files(project.known, project.workspace):
        if not is_test(path):
            project.known[path] = digest(Path(project.workspace, path))


def expect_products(project: Session, folder: str, targets: Iterable[str]) -> None:
    """What Make knows how to make, it may make while the tests run."""
    for target in targets:
        path = os.path.relpath(os.path.join(folder, target), project.workspace)  # noqa: PTH118 - a path of the sandbox, as text
        if not is_test(path):
            project.known.pop(path, None)
