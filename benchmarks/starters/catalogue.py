"""The starters of `catalogue.toml`, and how each is made."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from quantumlayer.qtest import Verdict

TABLE = Path(__file__).parent / "catalogue.toml"


class Starter(BaseModel):
    """What a registry gives: by commands that make `project`, or as a module of Go's.

    `says` is the verdict that it must get, `reason` stands in what is said, `because` explains it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    make: tuple[tuple[str, ...], ...] = ()
    module: str = ""
    says: Verdict
    reason: str
    because: str


def catalogue() -> tuple[Starter, ...]:
    """Every starter, in the order of the table."""
    rows = tomllib.loads(TABLE.read_text())["starter"]
    return tuple(Starter.model_validate(row) for row in rows)
