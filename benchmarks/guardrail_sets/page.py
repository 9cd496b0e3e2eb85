"""The tables of docs/guardrails.md."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from benchmarks.figures import Figure
from benchmarks.guardrail_sets import PublicSet

BEGIN = "<!-- measured by QL_BENCH_RECORD=yes make bench NAME=guardrails -->"
END = "<!-- measured until here -->"
_TITLES = ("What is found", "False alarms on code", "Time")


def written(page: str, groups: Sequence[Sequence[Figure]], sets: Mapping[str, PublicSet]) -> str:
    """The page with new tables; raises ValueError if it has lost the marks around them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError("docs/guardrails.md has lost the marks around its tables")
    tables = "\n\n".join(_table(*pair) for pair in zip(_TITLES, groups, strict=True))
    made = f"Measured on {datetime.now(UTC).date()}, on two cores that others use too."
    inside = "\n\n".join((made, tables, _sources(sets.values())))
    return f"{head}{BEGIN}\n{inside}\n{END}{tail}"


def _table(title: str, figures: Sequence[Figure]) -> str:
    rows = "\n".join(
        f"| {figure.name} | {figure.value:.2f} {figure.unit} | {_aim(figure)} |"
        for figure in figures
    )
    return f"### {title}\n\n| what | measured | aim |\n|---|---|---|\n{rows}"


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return f"≤ {figure.aim:g}, {'met' if figure.met else 'missed'}"


def _sources(sets: Iterable[PublicSet]) -> str:
    rows = "\n".join(
        f"| {one.title} | {one.source} | {one.licence} | {one.whole:,} | {one.drawn} |"
        for one in sets
    )
    head = "| set | source | licence | rows | what was drawn |\n|---|---|---|---|---|"
    return f"### The sets\n\n{head}\n{rows}"
