"""The tables of the gateway's benchmark: on the screen and in docs/gateway.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.figures import Figure

BEGIN = "<!-- measured by QL_BENCH_RECORD=yes make bench NAME=gateway -->"
END = "<!-- measured until here -->"
_NUMBER = "{:,.2f}"


@dataclass(frozen=True)
class Table:
    """Values by what was measured and by side; `kind` says by which clock."""

    title: str
    kind: str
    values: dict[str, dict[str, float]] = field(default_factory=dict)

    def put(self, row: str, column: str, value: float) -> None:
        """Notes a value."""
        self.values.setdefault(row, {})[column] = value

    def at(self, row: str, column: str) -> float:
        """A value; raises KeyError where there is none."""
        return self.values[row][column]

    @property
    def columns(self) -> list[str]:
        """The sides, in the order in which they were measured."""
        return list(dict.fromkeys(name for row in self.values.values() for name in row))


def shown(table: Table) -> str:
    """The table in columns of fixed width."""
    wide = max(map(len, table.values))
    lines = [f"{table.title}\n  {'':<{wide}}" + "".join(f"{name:>14}" for name in table.columns)]
    for row, values in table.values.items():
        cells = "".join(f"{_cell(values.get(name)):>14}" for name in table.columns)
        lines.append(f"  {row:<{wide}}{cells}")
    return "\n".join((*lines, ""))


def written(page: str, tables: Sequence[Table], figures: Sequence[Figure]) -> str:
    """The page with new tables; raises ValueError if it has lost the marks around them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/gateway.md has lost the marks around its tables")
    made = f"Measured on {datetime.now(UTC).date()}, on two cores that others use too."
    parts = [made, *map(_markdown, tables), _aims(figures)]
    inside = "\n\n".join(parts)
    return f"{head}{BEGIN}\n{inside}\n{END}{tail}"


def _markdown(table: Table) -> str:
    columns = table.columns
    head = f"| {table.title} | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}"
    rows = (
        f"| {row} | {' | '.join(_cell(values.get(name)) for name in columns)} |"
        for row, values in table.values.items()
    )
    return "\n".join((head, *rows))


def _aims(figures: Sequence[Figure]) -> str:
    head = "| aim | measured | bound | |\n|---|---:|---:|---|"
    rows = (
        f"| {one.name} | {one.value:,.2f} {one.unit} | {'≤' if one.at_most else '≥'} {one.aim:,g} |"
        f" {'met' if one.met else 'missed'} |"
        for one in figures
        if one.aim is not None
    )
    return "\n".join((head, *rows))


def _cell(value: float | None) -> str:
    return "" if value is None else _NUMBER.format(value)
