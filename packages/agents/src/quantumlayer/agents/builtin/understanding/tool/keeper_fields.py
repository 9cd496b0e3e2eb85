"""What kinds of records are kept, and the fields that a text gives them."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    column_name,
    column_type,
    names_at,
)
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements.tool import (
    ColumnType,
    KeptField,
)

_COMMANDS: tuple[tuple[str, str], ...] = (
    (
        "add",
        r"add(?:s|ing)?|creat(?:e|es|ing)|insert(?:s|ing)?|record(?:s|ing)?(?= (?:an?|new|my|each|the|it|them|expenses?))|register|log(?= (?:an?|my|new))|save(?:s)? (?:an?|new)|new",
    ),
    ("list", r"list(?:s|ing)?|show(?:s|ing)?|view(?:s|ing)?|display(?:s|ing)?|print(?:s|ing)?|see"),
    (
        "done",
        r"(?:mark(?:s|ing)?(?:\s+\w+){0,3}?\s+(?:as\s+)?)?(?:done|complet(?:e|ed|es|ing)|finish(?:ed|es)?|mark(?:s|ing)?(?:\s+\w+){0,2}?\s+as\s+(?:read|watched|seen|bought|paid|returned|sent)|tick(?:s)?(?: off)?|check(?:s|ing)?(?: them)? off)",
    ),
    (
        "reopen",
        r"re-?open(?:s|ing)?|undo|un-?mark|mark(?:s)?(?:\s+\w+){0,2}?\s+(?:as\s+)?(?:not done|undone|open|pending)",
    ),
    ("remove", r"remov(?:e|es|ing|al)|delet(?:e|es|ing|ion)|drop(?:s)?|eras(?:e|es)"),
    (
        "edit",
        r"edit(?:s|ing)?|updat(?:e|es|ing)|chang(?:e|es|ing)|modif(?:y|ies|ying)|renam(?:e|es|ing)",
    ),
    ("search", r"search(?:es|ing)?|find(?:s|ing)?|look(?:s)? up|filter(?:s)? by text"),
    (
        "total",
        r"(?:(?:show|shows|print|prints|calculate|calculates|see)\s+)?(?:the\s+|their\s+)*(?:totals?|sums?(?: up)?|summar(?:y|ies|ize|izes)|how much)(?:\s+(?:of\s+)?(?:the\s+|all\s+|my\s+)*(?:expenses|spending|amounts?|spent))?",
    ),
    ("clear", r"clear(?:s|ing)?(?:\s+(?:all|everything|done|completed|finished))*|purg(?:e|es)"),
)


COMMAND_PATTERNS = {
    name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _COMMANDS
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A well-known kind of record: its pattern, noun, fields, and whether it gets done."""

    pattern: str
    noun: str
    fields: tuple[tuple[str, ColumnType, bool], ...]
    completes: bool = False
    sums: str | None = None


_TEXT, _NUMBER, _DATE = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.DATE


KINDS = (
    Kind(
        r"shopping[- ]lists?|groceries|grocery lists?",
        "item",
        (("name", _TEXT, True), ("quantity", ColumnType.INTEGER, False)),
        completes=True,
    ),
    Kind(
        r"to-?dos?(?:[- ]?(?:lists?|items?|tasks?|app|manager))?|tasks?(?:[- ]?(?:lists?|tracker|manager))?",
        "task",
        (("title", _TEXT, True),),
        completes=True,
    ),
    Kind(r"reminders?", "reminder", (("text", _TEXT, True), ("due", _DATE, True)), completes=True),
    Kind(
        r"expenses?(?:[- ]?(?:tracker|log|manager))?|spendings?|budgets?",
        "expense",
        (
            ("description", _TEXT, True),
            ("amount", _NUMBER, True),
            ("category", _TEXT, True),
            ("date", _DATE, False),
        ),
        sums="amount",
    ),
    Kind(
        r"notes?(?:[- ]?(?:taker|taking|keeper|app))?|journals?|diar(?:y|ies)",
        "note",
        (("text", _TEXT, True),),
    ),
    Kind(
        r"contacts?(?:[- ]?(?:list|book|manager))?|address ?books?|phone ?books?",
        "contact",
        (("name", _TEXT, True), ("email", _TEXT, False), ("phone", _TEXT, False)),
    ),
    Kind(
        r"bookmarks?(?:[- ]?manager)?", "bookmark", (("url", _TEXT, True), ("title", _TEXT, False))
    ),
    Kind(
        r"reading[- ]lists?|books?(?: collection| list)?",
        "book",
        (("title", _TEXT, True), ("author", _TEXT, False)),
        completes=True,
    ),
    Kind(
        r"movies?(?: list)?|watch[- ]?lists?|films?",
        "movie",
        (("title", _TEXT, True),),
        completes=True,
    ),
    Kind(r"recipes?", "recipe", (("name", _TEXT, True), ("ingredients", _TEXT, True))),
    Kind(r"habits?", "habit", (("name", _TEXT, True), ("date", _DATE, False)), completes=True),
    Kind(
        r"workouts?|exercises?|runs",
        "workout",
        (("name", _TEXT, True), ("minutes", ColumnType.INTEGER, True), ("date", _DATE, False)),
    ),
    Kind(
        r"inventor(?:y|ies)|stock",
        "item",
        (("name", _TEXT, True), ("quantity", ColumnType.INTEGER, True)),
    ),
)


_FIELDS = re.compile(
    r"\b(?:with|have|has|having|consists? of|contains?|including|each(?: one)? (?:has|with)|fields?:?|(?:and|of|for)\s+(?:its|their))\s+(?:an?\s+|the\s+|their\s+|optional\s+|its\s+)*(?=[a-z])",
    re.IGNORECASE,
)


_CHOICES = re.compile(
    r"\b(?P<name>priorit(?:y|ies)|status|category|level|type|kind|state)\s*(?:\(|:|is\s+(?:one\s+of\s+)?|one of\s+|of\s+|levels?\s*\(?)\s*(?P<values>[a-z][\w-]*(?:\s*(?:,\s*(?:or\s+|and\s+)?|/|\||\s+or\s+|\s+and\s+)[a-z][\w-]*)+)\s*\)?",
    re.IGNORECASE,
)


_EXTRA: tuple[tuple[str, str, ColumnType, tuple[str, ...]], ...] = (
    (r"priorit(?:y|ies)", "priority", _TEXT, ("low", "medium", "high")),
    (r"(?:due[- ]dates?|deadlines?|due)", "due", _DATE, ()),
    (r"categor(?:y|ies)", "category", _TEXT, ()),
    (r"tags?", "tag", _TEXT, ()),
    (r"projects?", "project", _TEXT, ()),
)


_NO_FIELD = frozenset(
    """commands subcommands command json file storage text id ids help options them it list total
    totals sum colors colours due date priority due_date deadline tags a an line terminal cli search sort filter name's
    numbers number add remove done delete edit""".split()  # noqa: SIM905
)


def kept_fields(draft: ToolDraft, kind: Kind | None) -> list[KeptField]:
    marks = draft.marks
    fields: dict[str, KeptField] = {}
    for name, type_, required in kind.fields if kind else ():
        fields[name] = _field(name, type_, required=required)
    for match in marks.take(_CHOICES):
        name = singular(match["name"].lower())
        values = re.split(
            r"\s*(?:,\s*(?:or\s+|and\s+)?|/|\|)\s*|\s+(?:or|and)\s+", match["values"].lower()
        )
        fields[name] = _field(name, _TEXT, required=False, choices=tuple(dict.fromkeys(values)))
    listed = _listed(draft)
    if listed and kind is None:
        fields = {name: field for name, field in fields.items() if field.choices}
    for name in listed:
        if name not in fields:
            fields[name] = _field(name, _type(name), required=True)
    for pattern, name, type_, choices in _EXTRA:
        if name in fields:
            marks.mark_words(pattern)
        elif re.search(rf"(?i)\b(?:{pattern})\b", marks.text):
            marks.mark_words(pattern)
            fields[name] = _field(name, type_, required=False, choices=choices)
    if not fields:
        fields["name"] = _field("name", _TEXT, required=True)
    ordered = sorted(fields.values(), key=lambda field: not (field.required and not field.choices))
    said = ", ".join(_said(field) for field in ordered)
    requirement = draft.require(f"A record has: {said}.")
    return [field.model_copy(update={"requirement": requirement}) for field in ordered]


def _listed(draft: ToolDraft) -> list[str]:
    """The fields that a text lists: "with name, email and phone"."""
    marks = draft.marks
    found: list[str] = []
    for match in marks.find(_FIELDS):
        names, end = names_at(marks.text, match.end())
        command = next((name for name in names if _is_command(name)), None)
        if command is not None:
            # The list of fields goes over into one of commands: "name and phone, search, edit".
            names = names[: names.index(command)]
            end = marks.text.lower().index(command.lower(), match.end())
        names = [name for name in names if column_name(name) not in _NO_FIELD]
        if not names or any(len(name.split()) > 2 for name in names):
            continue
        if (
            len(names) == 1
            and column_type(names[0]) is _TEXT
            and not re.match(
                r"(?i)(?:title|name|description|author|notes?|e-?mail|phone|url|category|tags?|priority)$",
                names[0],
            )
        ):
            continue
        marks.mark(match.start(), end)
        found += [column_name(name).replace("-", "_") for name in names]
    return [
        name
        for name in dict.fromkeys(found)
        if re.fullmatch(r"[a-z][a-z0-9_]*", name)
        and name not in {"id", "done", "file", "json", "run"}
    ]


def _is_command(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in COMMAND_PATTERNS.values())


def _field(
    name: str, type_: ColumnType, *, required: bool, choices: tuple[str, ...] = ()
) -> KeptField:
    kind = ColumnType.DATE if type_ is ColumnType.TIME else type_
    today = name == "date"
    amount = kind is ColumnType.NUMBER
    return KeptField(
        name=name,
        type=kind,
        required=required and not today,
        choices=choices,
        minimum="0" if amount else None,
        today=today,
        requirement="R1",
    )


def _type(name: str) -> ColumnType:
    if re.search(
        r"(?:^|_)(?:year|age|quantity|count|pages|minutes|hours|number|rating|stock)$", name
    ):
        return ColumnType.INTEGER
    return column_type(name)


def _said(field: KeptField) -> str:
    kind = {_NUMBER: "an amount above 0", _DATE: "a date", ColumnType.INTEGER: "a whole number"}
    what = f"one of {', '.join(field.choices)}" if field.choices else kind.get(field.type, "text")
    optional = "" if field.required else ", today by default" if field.today else ", optional"
    return f"{field.name} ({what}{optional})"
