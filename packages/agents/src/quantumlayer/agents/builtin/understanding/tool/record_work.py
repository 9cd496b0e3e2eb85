"""What is found of a record tool on its way to a pipeline, and the columns that it touches."""

from dataclasses import dataclass, field

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.inputs import (
    Inputs,
)
from quantumlayer.agents.builtin.understanding.tool.phrases import column_type
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements.tool import (
    ColumnType,
)


@dataclass(slots=True)
class RecordWork:
    """What has been found of a record tool on the way to its pipeline."""

    draft: ToolDraft
    inputs: Inputs
    subject: str
    listed: dict[str, ColumnType]
    columns: dict[str, ColumnType] = field(default_factory=dict)
    derived: list[str] = field(default_factory=list)
    shares: bool = False

    def touch(self, name: str, wanted: ColumnType | None = None) -> str:
        """Note that a step looks into a column, as this type where the step needs one."""
        spelled = next((own for own in self.listed if own.lower() == name.lower()), name)
        guessed = self.listed.get(spelled) or column_type(spelled)
        kind = wanted or self.columns.get(spelled) or ColumnType.TEXT
        if wanted is ColumnType.NUMBER and guessed is ColumnType.INTEGER:
            kind = guessed
        self.columns[spelled] = kind
        return spelled

    @property
    def value_column(self) -> str:
        """The column that numbers are taken from where none is named."""
        if self.derived:
            return self.derived[-1]
        numbers = [n for n, kind in self.listed.items() if kind in NUMBERS]
        if numbers:
            return next((name for name in numbers if name in _MONEY), numbers[0])
        stems = {"temperatures": "temperature", "scores": "score", "grades": "grade",
                 "prices": "price", "salaries": "salary", "numbers": "value", "readings": "value",
                 "measurements": "value", "employees": "salary", "products": "price",
                 "students": "grade"}  # fmt: skip
        name = stems.get(self.subject, "amount")
        self.draft.assume(f'Where no column is named, numbers are taken from the column "{name}".')
        return name

    @property
    def date_column(self) -> str:
        """The column that months, days and hours are taken from."""
        dates = [n for n, kind in self.listed.items() if kind in {ColumnType.DATE, ColumnType.TIME}]
        if dates:
            return dates[0]
        touched = [
            n for n, kind in self.columns.items() if kind in {ColumnType.DATE, ColumnType.TIME}
        ]
        return touched[0] if touched else "date"


_MONEY = ("amount", "total", "price", "revenue", "cost", "value", "salary", "sales", "hours")


NUMBERS = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})


def subject_words(subject: str) -> set[str]:
    head = subject.rsplit(" ", maxsplit=1)[-1]
    words = {subject, head, singular(head)}
    return words | {
        "rows", "records", "lines", "entries", "row", "record", "entry", "items", "occurrences",
    }  # fmt: skip
