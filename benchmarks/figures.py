"""Figures of a benchmark: printed as a table, and written for machines."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value; `aim` is the bound, `at_most` says on which side of it is good."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        return self.value <= self.aim if self.at_most else self.value >= self.aim


def report(name: str, figures: list[Figure]) -> Path:
    """Prints the table and writes `.quantumlayer/bench/<name>.json`; returns that path."""
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        aim = "" if figure.aim is None else f"  aim {'≤' if figure.at_most else '≥'} {figure.aim:g}"
        met = {None: "", True: "  met", False: "  MISSED"}[figure.met]
        print(f"{figure.name:<{width}}  {figure.value:>10.3f} {figure.unit}{aim}{met}")
    path = Path(os.environ.get("QL_HOME", ".quantumlayer")) / "bench" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [_row(figure) for figure in figures]
    path.write_text(json.dumps({"figures": rows}, indent=2, ensure_ascii=False) + "\n")
    return path


def _row(figure: Figure) -> dict[str, object]:
    row = asdict(figure)
    row.pop("at_most")
    return {**row, "met": figure.met}
