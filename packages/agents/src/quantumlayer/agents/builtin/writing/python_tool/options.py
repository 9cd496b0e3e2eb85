"""The options of a generated tool: every described specific is a default that can be changed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from keyword import iskeyword
from typing import Literal

from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    MeasureFunction,
    Pipeline,
    Step,
)

OptionKind = Literal[
    "text", "texts", "number", "moment", "count", "sort", "renames", "conditions", "flag"
]
ANNOTATIONS: dict[OptionKind, str] = {
    "text": "str",
    "texts": "tuple[str, ...]",
    "number": "Decimal",
    "moment": "datetime",
    "count": "int",
    "sort": "tuple[SortKey, ...]",
    "renames": "tuple[tuple[str, str], ...]",
    "conditions": "tuple[Condition, ...]",
    "flag": "bool",
}
_SUFFIX = {
    CellOperator.EQUAL: "",
    CellOperator.ONE_OF: "",
    CellOperator.LESS: "-below",
    CellOperator.LESS_OR_EQUAL: "-at-most",
    CellOperator.GREATER: "-above",
    CellOperator.GREATER_OR_EQUAL: "-at-least",
    CellOperator.CONTAINS: "-contains",
    CellOperator.NOT_CONTAINS: "-without",
    CellOperator.STARTS_WITH: "-starts-with",
    CellOperator.ENDS_WITH: "-ends-with",
}
_TAKEN = frozenset(
    {
        "input-format",
        "delimiter",
        "encoding",
        "column",
        "skip-invalid",
        "format",
        "json",
        "output",
        "version",
        "help",
        "report",
        "files",
        "numbers",
        "hidden",
    }
)
NUMBERS = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})
MOMENTS = frozenset({ColumnType.DATE, ColumnType.TIME})


@dataclass(frozen=True, slots=True)
class Option:
    """An option, or a positional argument, of a generated tool and its field in `Options`.

    `default` is Python source; a required one has none. `shown` is the default in help texts.
    """

    name: str
    kind: OptionKind
    help: str
    metavar: str
    default: str | None
    shown: str = ""
    positional: bool = False

    @property
    def field(self) -> str:
        """The name of the field in the generated `Options`."""
        return self.name.replace("-", "_")

    @property
    def flag(self) -> str:
        """The option as it is typed."""
        return f"--{self.name}"


class OptionTable:
    """The options of one tool, each under a name of its own, in the order of the steps."""

    def __init__(self) -> None:
        self._options: dict[str, Option] = {}

    def add(self, option: Option) -> Option:
        """The option as it is kept: the same one if it is there already, else with a free name."""
        name, number = option.name, 2
        if name in _TAKEN or iskeyword(name.replace("-", "_")):
            name = f"{name}-is"
        while (known := self._options.get(name)) is not None:
            if (known.kind, known.default, known.help) == (
                option.kind,
                option.default,
                option.help,
            ):
                return known
            name, number = f"{option.name}-{number}", number + 1
        kept = Option(
            name,
            option.kind,
            option.help,
            option.metavar,
            option.default,
            option.shown,
            option.positional,
        )
        self._options[name] = kept
        return kept

    def all(self) -> tuple[Option, ...]:
        """The options; positional ones first, as a dataclass needs it."""
        options = tuple(self._options.values())
        return tuple(sorted(options, key=lambda option: option.default is not None))


def identifier(text: str) -> str:
    """A column's name as part of an option or a function: `unit price` → `unit-price`."""
    joined = "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    return joined if joined and joined[0].isalpha() else f"column-{joined}".rstrip("-")


def column_types(pipeline: Pipeline) -> dict[str, ColumnType]:
    """The type of every column that steps look into."""
    return {column.name: column.type for column in pipeline.columns}


def condition_option(condition: CellCondition, types: dict[str, ColumnType]) -> Option:
    """The option that changes the value of a described condition."""
    name = identifier(condition.column) + _SUFFIX.get(condition.operator, "")
    if condition.operator is CellOperator.NOT_EQUAL:
        name = f"not-{name}"
    kind: OptionKind = "text"
    declared = types.get(condition.column, ColumnType.TEXT)
    if condition.operator is CellOperator.ONE_OF:
        kind = "texts"
    elif declared in NUMBERS:
        kind = "number"
    elif declared in MOMENTS:
        kind = "moment"
    metavar = {"texts": "VALUE,...", "number": "NUMBER", "moment": "DATE"}.get(kind, "TEXT")
    wording = describe(condition, metavar)
    if condition.argument is not None:
        return Option(
            condition.argument,
            kind,
            f"keep records where {wording}",
            condition.argument.upper(),
            None,
            positional=True,
        )
    return Option(
        name,
        kind,
        f"keep records where {wording}",
        metavar,
        literal(kind, condition.values),
        ",".join(condition.values),
    )


_WORDS = {
    CellOperator.EQUAL: "is",
    CellOperator.NOT_EQUAL: "is not",
    CellOperator.LESS: "is below",
    CellOperator.LESS_OR_EQUAL: "is at most",
    CellOperator.GREATER: "is above",
    CellOperator.GREATER_OR_EQUAL: "is at least",
    CellOperator.CONTAINS: "contains",
    CellOperator.NOT_CONTAINS: "does not contain",
    CellOperator.STARTS_WITH: "starts with",
    CellOperator.ENDS_WITH: "ends with",
    CellOperator.ONE_OF: "is one of",
    CellOperator.IS_EMPTY: "is empty",
    CellOperator.IS_SET: "is not empty",
}


def describe(condition: CellCondition, value: str | None = None) -> str:
    """A condition in words: "amount is above 100"."""
    shown = value if value is not None else ", ".join(condition.values)
    return f"{condition.column} {_WORDS[condition.operator]} {shown}".strip()


def literal(kind: OptionKind, values: tuple[str, ...]) -> str:
    """Python source of a default."""
    first = values[0] if values else ""
    match kind:
        case "texts":
            return repr(values)
        case "number":
            return f"Decimal({int(first)})" if first.isdigit() else f'Decimal("{first}")'
        case "moment":
            return _moment(first)
        case _:
            return repr(first)


def _moment(text: str) -> str:
    """Python source of an aware time; one without a zone is in UTC."""
    moment = datetime.fromisoformat(text)
    in_utc = moment.astimezone(UTC) if moment.tzinfo else moment
    parts = [in_utc.year, in_utc.month, in_utc.day]
    if in_utc.hour or in_utc.minute or in_utc.second:
        parts += [in_utc.hour, in_utc.minute, in_utc.second]
    return f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)"


def uses_decimals(steps: tuple[Step, ...]) -> bool:
    """Whether a step rounds, so that the number of decimals is worth an option."""
    rounding = {MeasureFunction.MEAN, MeasureFunction.MEDIAN, MeasureFunction.DEVIATION}
    return any(
        step.kind == "group" and any(measure.function in rounding for measure in step.measures)
        for step in steps
    )
