"""The domain of a command-line tool: what it reads, the steps it takes, what it prints."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field as PydanticField

from quantumlayer.qlayer.noun import Noun, Slug, SnakeName

ColumnName = Annotated[str, PydanticField(min_length=1, max_length=60)]
"""A column as the input's header spells it: `amount`, `unit price`."""

RequirementId = Annotated[str, PydanticField(pattern=r"^R[1-9][0-9]{0,3}$")]


class Source(StrEnum):
    """What a tool reads, one record after the other."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSON_LINES = "jsonl"
    ACCESS_LOG = "access_log"
    LEVEL_LOG = "level_log"
    LINES = "lines"
    WORDS = "words"
    CHARACTERS = "characters"
    EMAILS = "emails"
    LINKS = "links"
    NUMBERS = "numbers"
    FILES = "files"


class OutputFormat(StrEnum):
    """How results are printed unless an option says otherwise; LINES prints bare text."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSON_LINES = "jsonl"
    LINES = "lines"
    OPPOSITE = "opposite"
    """JSON for delimited input, CSV for JSON input."""


class ColumnType(StrEnum):
    """How a cell is read. Numbers are exact decimals, dates and times are ISO 8601."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"


class Column(Noun):
    """A column that the tool looks into; all others pass through as they are."""

    name: ColumnName
    type: ColumnType = ColumnType.TEXT


class CellOperator(StrEnum):
    """How a condition compares a cell with a value."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    LESS = "less"
    LESS_OR_EQUAL = "less_or_equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater_or_equal"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    ONE_OF = "one_of"
    IS_EMPTY = "is_empty"
    IS_SET = "is_set"


class CellCondition(Noun):
    """A test of one column. Without `values` the user gives the value in `argument`."""

    column: ColumnName
    operator: CellOperator
    values: tuple[str, ...] = ()
    argument: SnakeName | None = None
    ignore_case: bool = False


class _StepBase(Noun):
    requirement: RequirementId


class Filter(_StepBase):
    """Keep the records that satisfy all (or any) conditions; without any, the user gives them."""

    kind: Literal["filter"] = "filter"
    conditions: tuple[CellCondition, ...] = ()
    match: Literal["all", "any"] = "all"
    drop: bool = False


class Select(_StepBase):
    """Keep only these columns, in this order; or drop them. Empty: the user gives them."""

    kind: Literal["select"] = "select"
    columns: tuple[ColumnName, ...] = ()
    drop: bool = False


class Rename(_StepBase):
    """Give columns new names: (old, new). Empty: the user gives them."""

    kind: Literal["rename"] = "rename"
    names: tuple[tuple[ColumnName, ColumnName], ...] = ()


class Derive(_StepBase):
    """A new number column: terms and operators in turn, `("price", "*", "quantity")`.

    Multiplication and division bind first; a term is a column or a decimal literal.
    """

    kind: Literal["derive"] = "derive"
    column: ColumnName
    terms: tuple[str, ...] = PydanticField(min_length=3)


class DatePart(_StepBase):
    """A new text column from a date or time: its year, month (2024-05), day, weekday, hour."""

    kind: Literal["date_part"] = "date_part"
    column: ColumnName
    of: ColumnName
    part: Literal["year", "quarter", "month", "week", "day", "weekday", "hour", "minute"]


class Change(_StepBase):
    """Rewrite a text column; `replace` takes `old` and `new`, asked of the user when empty."""

    kind: Literal["change"] = "change"
    column: ColumnName
    action: Literal["upper", "lower", "title", "strip", "replace", "reverse"]
    old: str | None = None
    new: str | None = None


class MeasureFunction(StrEnum):
    """What is computed over the records of a group."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    MEDIAN = "median"
    DEVIATION = "deviation"
    DISTINCT = "distinct"
    LIST = "list"


class Measure(Noun):
    """One figure a group, printed in the column `name`; a count needs no `column`."""

    name: ColumnName
    function: MeasureFunction
    column: ColumnName | None = None


class Group(_StepBase):
    """One record for each different value of the `by` columns; without any, one for the whole."""

    kind: Literal["group"] = "group"
    by: tuple[ColumnName, ...] = ()
    measures: tuple[Measure, ...] = PydanticField(min_length=1)


class Share(_StepBase):
    """A new column: what percentage of the sum of a column each record has."""

    kind: Literal["share"] = "share"
    column: ColumnName
    of: ColumnName


class SortKey(Noun):
    """A column to sort by."""

    column: ColumnName
    descending: bool = False


class Sort(_StepBase):
    """Order the records; no keys means that the user gives them."""

    kind: Literal["sort"] = "sort"
    keys: tuple[SortKey, ...] = ()


class Limit(_StepBase):
    """Keep the first (or last) `count` records."""

    kind: Literal["limit"] = "limit"
    count: int = PydanticField(ge=1, le=1_000_000)
    last: bool = False


class Unique(_StepBase):
    """Keep the first of the records that agree in these columns (none: in all of them)."""

    kind: Literal["unique"] = "unique"
    by: tuple[ColumnName, ...] = ()


class CheckRule(StrEnum):
    """What a cell must be."""

    REQUIRED = "required"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    EMAIL = "email"
    URL = "url"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    ONE_OF = "one_of"
    PATTERN = "pattern"
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    UNIQUE = "unique"


class Check(Noun):
    """A rule that every record must satisfy; empty cells only break `required`.

    The column `*` stands for every column of the input.
    """

    requirement: RequirementId
    column: ColumnName
    rule: CheckRule
    values: tuple[str, ...] = ()


class Validate(_StepBase):
    """Print each broken check with the line of its record instead of the records themselves."""

    kind: Literal["validate"] = "validate"
    checks: tuple[Check, ...] = PydanticField(min_length=1)


Step = Annotated[
    Filter
    | Select
    | Rename
    | Derive
    | DatePart
    | Change
    | Group
    | Share
    | Sort
    | Limit
    | Unique
    | Validate,
    PydanticField(discriminator="kind"),
]


class Report(Noun):
    """A result of the tool: its title and the steps that lead to it."""

    name: SnakeName
    title: str = PydanticField(max_length=200)
    steps: tuple[Step, ...] = ()


class Pipeline(Noun):
    """Read records, take the `shared` steps, then the steps of every report, and print.

    `subject` is what a record is called, in the plural: "expenses". `columns` are those of the
    input that steps look into.
    """

    kind: Literal["pipeline"] = "pipeline"
    source: Source
    subject: str = PydanticField(max_length=60)
    columns: tuple[Column, ...] = ()
    shared: tuple[Step, ...] = ()
    reports: tuple[Report, ...] = PydanticField(min_length=1, max_length=12)
    output: OutputFormat = OutputFormat.TABLE
    line_numbers: bool = False
    several_inputs: bool = True


class Unit(Noun):
    """A unit of a quantity: base value = (value + `shift`) * `factor`; both exact fractions."""

    name: SnakeName
    symbol: str = PydanticField(max_length=12)
    factor: str
    shift: str = "0"
    lowest: str | None = None
    aliases: tuple[str, ...] = ()


class Converter(Noun):
    """Convert a value from one unit to another; the first two units are the defaults."""

    kind: Literal["converter"] = "converter"
    requirement: RequirementId
    quantity: str
    units: tuple[Unit, ...] = PydanticField(min_length=2)
    decimals: int = PydanticField(default=2, ge=0, le=12)
    examples: tuple[tuple[str, SnakeName, SnakeName, str], ...] = ()
    """Known conversions: value, from, to, result."""


class Parameter(Noun):
    """A value that a calculation takes; with a default it is an option, else an argument."""

    name: SnakeName
    type: Literal["number", "integer", "date"] = "number"
    help: str
    default: str | None = None
    minimum: str | None = None
    exclusive_minimum: bool = False
    maximum: str | None = None


class Result(Noun):
    """A figure of a calculation: `formula` is an expression over the parameters' names.

    The allowed functions are those of the writer's table (`power`, `days_between`, …);
    A formula may use results that stand before it. `bands` turns its number into a word:
    (exclusive upper bound, word) in rising order, the last bound being empty.
    """

    name: SnakeName
    formula: str
    decimals: int = PydanticField(default=2, ge=0, le=12)
    bands: tuple[tuple[str, str], ...] = ()


class WorkedExample(Noun):
    """What a calculation gives for known values, worked out independently of its formula.

    `values` are those of the parameters in their order, `results` those of the results.
    """

    values: tuple[str, ...]
    results: tuple[str, ...]


class Calculation(Noun):
    """One command of a calculator."""

    name: Slug
    requirement: RequirementId
    help: str
    parameters: tuple[Parameter, ...] = PydanticField(min_length=1)
    results: tuple[Result, ...] = PydanticField(min_length=1)
    examples: tuple[WorkedExample, ...] = PydanticField(min_length=1)


class Calculator(Noun):
    """Calculations on arguments; a single one needs no command word."""

    kind: Literal["calculator"] = "calculator"
    calculations: tuple[Calculation, ...] = PydanticField(min_length=1)


class KeptField(Noun):
    """A field of a kept record; `choices` makes it one of a few words."""

    name: SnakeName
    type: ColumnType = ColumnType.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    default: str | None = None
    minimum: str | None = None
    today: bool = False
    requirement: RequirementId


class KeeperCommand(Noun):
    """A command over the kept records."""

    name: Literal[
        "add", "list", "show", "edit", "done", "reopen", "remove", "clear", "search", "total"
    ]
    requirement: RequirementId


class Keeper(Noun):
    """Records kept in a JSON file: a todo list, notes, expenses.

    The first field is the positional argument of `add`. `done` exists where records can be
    completed; `total` sums `total_of`, grouped by `total_by` when asked.
    """

    kind: Literal["keeper"] = "keeper"
    noun: SnakeName
    plural: SnakeName
    fields: tuple[KeptField, ...] = PydanticField(min_length=1)
    commands: tuple[KeeperCommand, ...] = PydanticField(min_length=1)
    file: str = PydanticField(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}$")
    file_requirement: RequirementId
    total_of: SnakeName | None = None
    total_by: SnakeName | None = None


class PasswordMaker(Noun):
    """Random passwords from the system's secure source."""

    kind: Literal["password_maker"] = "password_maker"
    requirement: RequirementId
    length: int = PydanticField(default=16, ge=4, le=256)
    count: int = PydanticField(default=1, ge=1, le=1000)
    classes: tuple[Literal["lower", "upper", "digits", "symbols"], ...] = PydanticField(
        min_length=1
    )
    avoid_ambiguous: bool = False


Program = Annotated[
    Pipeline | Converter | Calculator | Keeper | PasswordMaker,
    PydanticField(discriminator="kind"),
]


class ToolDomain(Noun):
    """A command-line tool: `python -m <package>`, installed as `command`.

    `output_requirement` is the one of the printed forms (text, JSON, files), `error_requirement`
    the one of error lines and exit statuses.
    """

    command: Slug
    package: SnakeName
    program: Program
    output_requirement: RequirementId
    error_requirement: RequirementId
