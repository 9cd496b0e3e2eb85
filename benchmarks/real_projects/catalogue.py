"""The projects that are checked: a table an ecosystem, in `catalogue/<ecosystem>.toml`."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from quantumlayer.qtest import Verdict

FOLDER = Path(__file__).parent / "catalogue"
Ecosystem = Literal["python", "npm", "go", "cargo", "maven"]


class Difference(BaseModel):
    """A disagreement that is understood: what check says instead, and why it must."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Verdict
    because: str


class Project(BaseModel):
    """One release of a project, and how its own people test it.

    `install` is what the native command needs beside the project itself (Python: requirements).
    `native` runs the tests; empty: the ecosystem's usual command. `differs` is said where check and
    the native command end differently on purpose, `counting` where they count tests differently.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ecosystem: Ecosystem
    name: str
    version: str
    install: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    differs: Difference | None = None
    counting: str = ""

    @property
    def title(self) -> str:
        """How tables name it."""
        return f"{self.name} {self.version}"


def catalogue() -> tuple[Project, ...]:
    """Every project of every table, in their order."""
    return tuple(
        Project.model_validate({"ecosystem": path.stem, **row})
        for path in sorted(FOLDER.glob("*.toml"))
        for row in tomllib.loads(path.read_text())["project"]
    )
