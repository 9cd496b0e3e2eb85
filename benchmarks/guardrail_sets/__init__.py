"""Samples of public sets that guardrails are measured on; `catalogue.toml` says what they are."""

import base64
import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class PublicSet:
    """A sample of a set; `distribution` says whether something of the set was read before."""

    name: str
    title: str
    source: str
    commit: str
    licence: str
    module: str
    distribution: str
    whole: int
    drawn: str

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Its rows: `label`, `text`, and what else a set has."""
        lines = (_FOLDER / f"{self.name}.jsonl").read_text("utf-8").splitlines()
        return [_row(json.loads(line)) for line in lines]

    def texts(self, *labels: str) -> list[str]:
        """The texts with one of the labels."""
        return [row["text"] for row in self.rows if row["label"] in labels]


def public_sets() -> dict[str, PublicSet]:
    """All of them, by name."""
    given = tomllib.loads((_FOLDER / "catalogue.toml").read_text("utf-8"))
    return {name: PublicSet(name, **row) for name, row in given.items()}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "text": base64.b64decode(row["base64"]).decode()} if "base64" in row else row
