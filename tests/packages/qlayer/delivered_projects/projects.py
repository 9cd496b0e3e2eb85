"""Small projects whose own tests pass: sound as delivered, or broken in one named way.

`kinds/` holds one file for each kind of project: its files, and what is changed in them. A change
replaces a text that stands in a file once, writes a whole file, or takes one away.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quantumlayer.qtest import Verdict

KINDS = Path(__file__).parent / "kinds"


@dataclass(frozen=True)
class Project:
    """A project as it is delivered.

    `rung` is the one that refuses it, and `words` have to be in the reason; both are empty of a
    sound one. `verdict` is what it comes to. `always`: it is among those that are always tried.
    """

    kind: str
    stack: str
    name: str
    files: Mapping[str, str]
    rung: str = ""
    words: str = ""
    verdict: Verdict = Verdict.PASSED
    always: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"

    def write(self, folder: Path) -> Path:
        """Write it below a folder."""
        for name, text in self.files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        return folder


def projects() -> list[Project]:
    """All of them: of each kind the sound ones first."""
    return [one for path in sorted(KINDS.glob("*.toml")) for one in of_kind(path)]


def of_kind(path: Path) -> list[Project]:
    document = tomllib.loads(path.read_text())
    files = document["files"]
    rows = [{"name": "as it is"}, *document.get("sound", ()), *document["broken"]]
    always = document.get("always", ())
    return [
        Project(
            kind=path.stem, stack=document["stack"], name=row["name"],
            files=changed(files, row.get("change", ())),
            rung=row.get("rung", ""), words=row.get("words", ""), verdict=verdict_of(row),
            always=row["name"] in always,
        )
        for row in rows
    ]  # fmt: skip


def verdict_of(row: Mapping[str, Any]) -> Verdict:
    """What is known to be broken fails, unless the row says that it cannot be known."""
    return Verdict(row.get("verdict", "failed" if row.get("rung") else "passed"))


def changed(files: Mapping[str, str], changes: list[dict[str, Any]]) -> dict[str, str]:
    """The files of a project after some changes."""
    found = dict(files)
    for one in changes:
        place = one["in"]
        if one.get("gone"):
            del found[place]
        elif "from" in one:
            assert found[place].count(one["from"]) == 1, f"{place}: {one['from']}"
            found[place] = found[place].replace(one["from"], one["to"])
        else:
            found[place] = one["to"]
    return found
