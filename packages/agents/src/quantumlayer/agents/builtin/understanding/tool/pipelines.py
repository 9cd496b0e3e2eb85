"""What the families over text, logs and files have in common: steps in English, one pipeline."""

import re
from dataclasses import dataclass, field

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.wording import all_in_words
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    Change,
    Column,
    ColumnType,
    DatePart,
    Filter,
    Group,
    Limit,
    Measure,
    MeasureFunction,
    OutputFormat,
    Pipeline,
    Report,
    Select,
    Sort,
    SortKey,
    Source,
    Step,
    Unique,
)


@dataclass(slots=True)
class PipelineDraft:
    """A pipeline in the making over a source whose columns are known."""

    draft: ToolDraft
    source: Source
    subject: str
    types: dict[str, ColumnType]
    touched: list[str] = field(default_factory=list)
    shared: list[Step] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    def touch(self, name: str) -> str:
        """Note that a step looks into a column."""
        if name in self.types and name not in self.touched:
            self.touched.append(name)
        return name

    def keep(
        self,
        conditions: tuple[CellCondition, ...],
        source: str = "",
        *,
        match: str = "all",
        drop: bool = False,
    ) -> Filter:
        """A filter with its requirement."""
        for condition in conditions:
            self.touch(condition.column)
        verb = "Leave out" if drop else "Keep only"
        words = all_in_words(conditions, match)
        requirement = self.draft.require(f"{verb} {self.subject} where {words}.", source)
        return Filter(
            requirement=requirement,
            conditions=conditions,
            match="any" if match == "any" else "all",
            drop=drop,
        )

    def part(self, part: str, of: str, source: str = "") -> DatePart:
        """A part of a time as a column."""
        self.touch(of)
        requirement = self.draft.require(f"Take the {part} from the {of}.", source)
        return DatePart.model_validate(
            {"requirement": requirement, "column": part, "of": of, "part": part}
        )

    def group(self, by: tuple[str, ...], measures: tuple[Measure, ...], source: str = "") -> Group:
        """A grouping with its requirement."""
        for name in (*by, *(measure.column for measure in measures if measure.column)):
            self.touch(name)
        said = " and ".join(_said(measure, self.subject) for measure in measures)
        each = f"For each {' and '.join(by)}, show {said}." if by else f"Show {said}."
        return Group(requirement=self.draft.require(each, source), by=by, measures=measures)

    def sort(self, *keys: SortKey) -> Sort:
        """A sort with its requirement."""
        for key in keys:
            self.touch(key.column)
        said = ", then by ".join(
            f"{key.column} ({'falling' if key.descending else 'rising'})" for key in keys
        )
        return Sort(requirement=self.draft.require(f"Sort by {said}."), keys=keys)

    def limit(self, count: int, *, last: bool = False) -> Limit:
        """A limit with its requirement."""
        word = "last" if last else "first"
        return Limit(
            requirement=self.draft.require(f"Keep the {word} {count}."), count=count, last=last
        )

    def having(self, count: int) -> Filter:
        """Only groups of so many records."""
        requirement = self.draft.require(f"Show only those that occur at least {count} times.")
        operator = CellOperator.GREATER_OR_EQUAL
        condition = CellCondition(column="count", operator=operator, values=(str(count),))
        return Filter(requirement=requirement, conditions=(condition,))

    def unique(self, by: tuple[str, ...], statement: str, source: str = "") -> Unique:
        """Duplicates left out, with its requirement."""
        return Unique(requirement=self.draft.require(statement, source), by=by)

    def select(self, columns: tuple[str, ...], source: str = "") -> Select:
        """Columns to show, with its requirement."""
        for name in columns:
            self.touch(name)
        statement = f"Show {' and '.join(columns)} of the {self.subject}."
        return Select(requirement=self.draft.require(statement, source), columns=columns)

    def change(
        self,
        column: str,
        action: str,
        statement: str,
        *,
        old: str | None = None,
        new: str | None = None,
    ) -> Change:
        """A rewritten column, with its requirement."""
        self.touch(column)
        return Change.model_validate(
            {
                "requirement": self.draft.require(statement),
                "column": column,
                "action": action,
                "old": old,
                "new": new,
            }
        )

    def add_report(self, title: str, steps: list[Step]) -> None:
        """One more report."""
        taken = {report.name for report in self.reports}
        words = "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:50].rstrip("_")
        base = words if words and words[0].isalpha() else f"report_{words}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        self.reports.append(Report(name=name, title=title, steps=tuple(steps)))

    def finish(
        self,
        *,
        name: str,
        title: str,
        summary: str,
        output: OutputFormat,
        read: str,
        line_numbers: bool = False,
    ) -> Requirements:
        """The requirements; `read` says what is read and from where."""
        numbered = ", each with its number before it" if line_numbers else ""
        form = {"table": "a table", "lines": f"lines of text{numbered}"}.get(
            output.value, output.value.upper()
        )
        return self.draft.finish(
            name=name,
            title=title,
            summary=summary,
            output=(
                f"Read {read}; print {form}, JSON with --json, or another --format (table, CSV, "
                "TSV, JSON lines), to --output if given."
            ),
            program=Pipeline(
                source=self.source,
                subject=self.subject,
                columns=tuple(Column(name=n, type=self.types[n]) for n in self.touched),
                shared=tuple(self.shared),
                reports=tuple(self.reports),
                output=output,
                line_numbers=line_numbers,
            ),
        )


def count(name: str = "count") -> Measure:
    """How many."""
    return Measure(name=name, function=MeasureFunction.COUNT)


def total(column: str, name: str = "") -> Measure:
    """The sum of a column."""
    return Measure(name=name or f"total_{column}", function=MeasureFunction.SUM, column=column)


def _said(measure: Measure, subject: str) -> str:
    words = {
        MeasureFunction.COUNT: f"the number of {subject}",
        MeasureFunction.SUM: f"the sum of {measure.column}",
        MeasureFunction.DISTINCT: f"the number of different values of {measure.column}",
        MeasureFunction.LIST: f"every {measure.column}",
        MeasureFunction.MEAN: f"the average of {measure.column}",
        MeasureFunction.MAXIMUM: f"the greatest {measure.column}",
        MeasureFunction.MINIMUM: f"the least {measure.column}",
    }
    return words.get(measure.function, f"the {measure.function} of {measure.column}")
