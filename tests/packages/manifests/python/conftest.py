"""Projects in memory."""

import textwrap
from collections.abc import Callable

import pytest

from quantumlayer.manifests import FilesInMemory, PythonNeeds, python_needs

Needs = Callable[[dict[str, str]], PythonNeeds]


@pytest.fixture
def needs() -> Needs:
    """What a project of these files needs; texts are dedented."""

    def read(files: dict[str, str]) -> PythonNeeds:
        contents = {path: textwrap.dedent(text).encode() for path, text in files.items()}
        return python_needs(FilesInMemory(contents))

    return read
