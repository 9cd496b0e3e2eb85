"""Projects whose own tests pass: sound as delivered, or changed a little so that they are not.

`sound/<name>.txt` holds the files of a project, each behind a line with its path, and
`cases/<name>.toml` changes to it: those under `broken` with the rung that they break and words that
its reason has to have, those under `unknown` with the one that cannot tell, those under `sound`
that look alike and break nothing.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One project: `stack` changed by `changes`. `rung` is empty where it is sound."""

    stack: str
    kind: str
    changes: tuple[dict[str, str], ...] = ()
    rung: str = ""
    words: str = ""

    @property
    def name(self) -> str:
        """How a test calls it."""
        return f"{self.stack}: {self.kind}"

    def write(self, folder: Path) -> Path:
        """Write its files into a folder."""
        files = changed(unchanged(self.stack), self.changes)
        for path, text in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
            # As the one who wrote a script has it.
            place.chmod(0o755 if text.startswith("#!") else 0o644)
        return folder


def unchanged(stack: str) -> dict[str, str]:
    """The files of a sound project, by their paths."""
    files: dict[str, str] = {}
    path = ""
    for line in (HERE / "sound" / f"{stack}.txt").read_text().splitlines(keepends=True):
        if line.startswith("-- ") and line.endswith(" --\n"):
            path = line[3:-4]
            files[path] = ""
        else:
            files[path] += line
    return files


def changed(files: dict[str, str], changes: tuple[dict[str, str], ...]) -> dict[str, str]:
    """The files after changes: a text that stands once becomes another, or a whole file does."""
    for change in changes:
        path, before = change["file"], change.get("before")
        if before is not None:
            assert files[path].count(before) == 1, (path, before)
            files[path] = files[path].replace(before, change["after"])
        elif "content" in change:
            files[path] = change["content"]
        else:
            del files[path]
    return files


def cases(kind: str) -> Iterator[Case]:
    """Those that are `broken`, `unknown` or `sound`, of all stacks."""
    for file in sorted((HERE / "cases").glob("*.toml")):
        table: dict[str, list[dict[str, Any]]] = tomllib.loads(file.read_text())
        for one in table.get(kind, []):
            yield Case(stack=file.stem, **{**one, "changes": tuple(one["changes"])})


BROKEN = tuple(cases("broken"))
UNKNOWN = tuple(cases("unknown"))
UNCHANGED = tuple(Case(stack=file.stem, kind="as it is")
                  for file in sorted((HERE / "sound").glob("*.txt")))  # fmt: skip
SOUND = (*UNCHANGED, *cases("sound"))
