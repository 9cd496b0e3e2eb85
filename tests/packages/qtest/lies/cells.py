"""Projects that lie about their tests, and honest ones that look like them."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Files = Mapping[str, str | bytes | None]


@dataclass(frozen=True)
class Lie:
    """A way to have wrong code called right.

    `files` are added to the wrong project, and may replace files of it, or remove them (None);
    `honest` is what somebody with nothing to hide would write in their place. A lie that `hangs`
    confuses the runner so much that it never ends.
    """

    id: str
    how: str
    files: Files
    honest: Files = field(default_factory=dict)
    hangs: bool = False


@dataclass(frozen=True)
class Honest:
    """Something that ordinary projects do, which must not be taken for a lie."""

    id: str
    files: Files


def write(folder: Path, *parts: Files) -> Path:
    """A project from files; later parts replace what earlier ones say."""
    for part in parts:
        for name, content in part.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(textwrap.dedent(content).lstrip("\n"))
    return folder
