"""Keepers of small records in a JSON file: todos, notes, contacts, expenses."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import column_name, column_type, names_at
from quantumlayer.agents.builtin.understanding.words import is_plural, plural, singular
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    ColumnType,
    Keeper,
    KeeperCommand,
    KeptField,
)

_COMMANDS: tuple[tuple[str, str], ...] = (
    ("add", r"add(?:s|ing)?|creat(?:e|es|ing)|insert(?:s|ing)?|record(?:s|ing)?(?= (?:an?|new|my|each|the|it|them|expenses?))|register|log(?= (?:an?|my|new))|save(?:s)? (?:an?|new)|new"),
    ("list", r"list(?:s|ing)?|show(?:s|ing)?|view(?:s|ing)?|display(?:s|ing)?|print(?:s|ing)?|see"),
    ("done", r"(?:mark(?:s|ing)?(?:\s+\w+){0,3}?\s+(?:as\s+)?)?(?:done|complet(?:e|ed|es|ing)|finish(?:ed|es)?|tick(?:s)?(?: off)?|check(?:s|ing)?(?: them)? off)"),
    ("reopen", r"re-?open(?:s|ing)?|undo|un-?mark|mark(?:s)?(?:\s+\w+){0,2}?\s+(?:as\s+)?(?:not done|undone|open|pending)"),
    ("remove", r"remov(?:e|es|ing|al)|delet(?:e|es|ing|ion)|drop(?:s)?|eras(?:e|es)"),
    ("edit", r"edit(?:s|ing)?|updat(?:e|es|ing)|chang(?:e|es|ing)|modif(?:y|ies|ying)|renam(?:e|es|ing)"),
    ("search", r"search(?:es|ing)?|find(?:s|ing)?|look(?:s)? up|filter(?:s)? by text"),
    ("total", r"(?:(?:show|shows|print|prints|calculate|calculates|see)\s+)?(?:the\s+|their\s+)*(?:totals?|sums?(?: up)?|summar(?:y|ies|ize|izes)|how much)(?:\s+(?:of\s+)?(?:the\s+|all\s+|my\s+)*(?:expenses|spending|amounts?|spent))?"),
    ("clear", r"clear(?:s|ing)?(?:\s+(?:all|everything|done|completed|finished))*|purg(?:e|es)"),
)
_COMMAND_PATTERNS = {
    name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _COMMANDS
}
_MEANING = {
    "add": "add {a}: keep it and tell its number",
    "list": "list the {many}, all or filtered, as text or JSON",
    "show": "show one of the {many} with every field",
    "edit": "edit: change fields of one of the {many}",
    "done": "done: mark {many} as done, by their numbers",
    "reopen": "reopen: mark {many} as not done again",
    "remove": "remove {many} by their numbers, which are never used again",
    "clear": "clear: remove many at once ({cleared})",
    "search": "search: list the {many} that contain a text, in upper or lower case",
    "total": "total: the exact sum of {total}{by}",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A well-known kind of record: its pattern, noun, fields, and whether it gets done."""

    pattern: str
    noun: str
    fields: tuple[tuple[str, ColumnType, bool], ...]
    completes: bool = False
    sums: str | None = None


_TEXT, _NUMBER, _DATE = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.DATE
_KINDS = (
    _Kind(r"shopping[- ]lists?|groceries|grocery lists?", "item", (("name", _TEXT, True), ("quantity", ColumnType.INTEGER, False)), completes=True),
    _Kind(r"to-?dos?(?:[- ]?(?:lists?|items?|tasks?|app|manager))?|tasks?(?:[- ]?(?:lists?|tracker|manager))?", "task", (("title", _TEXT, True),), completes=True),
    _Kind(r"reminders?", "reminder", (("text", _TEXT, True), ("due", _DATE, True)), completes=True),
    _Kind(r"expenses?(?:[- ]?(?:tracker|log|manager))?|spendings?|budgets?", "expense", (("description", _TEXT, True), ("amount", _NUMBER, True), ("category", _TEXT, True), ("date", _DATE, False)), sums="amount"),
    _Kind(r"notes?(?:[- ]?(?:taker|taking|keeper|app))?|journals?|diar(?:y|ies)", "note", (("text", _TEXT, True),)),
    _Kind(r"contacts?(?:[- ]?(?:list|book|manager))?|address ?books?|phone ?books?", "contact", (("name", _TEXT, True), ("email", _TEXT, False), ("phone", _TEXT, False))),
    _Kind(r"bookmarks?(?:[- ]?manager)?", "bookmark", (("url", _TEXT, True), ("title", _TEXT, False))),
    _Kind(r"reading[- ]lists?|books?(?: collection| list)?", "book", (("title", _TEXT, True), ("author", _TEXT, False)), completes=True),
    _Kind(r"movies?(?: list)?|watch[- ]?lists?|films?", "movie", (("title", _TEXT, True),), completes=True),
    _Kind(r"recipes?", "recipe", (("name", _TEXT, True), ("ingredients", _TEXT, True))),
    _Kind(r"habits?", "habit", (("name", _TEXT, True), ("date", _DATE, False)), completes=True),
    _Kind(r"workouts?|exercises?|runs", "workout", (("name", _TEXT, True), ("minutes", ColumnType.INTEGER, True), ("date", _DATE, False))),
    _Kind(r"inventor(?:y|ies)|stock", "item", (("name", _TEXT, True), ("quantity", ColumnType.INTEGER, True))),
)
_STORED = re.compile(
    r"\b(?:(?:is|are|and|which|that|it|them|all|everything|data|tasks?|items?|entries)\s+)*(?:stor(?:e|es|ed|ing)|sav(?:e|es|ed|ing)|kept|keep(?:s|ing)?|persist(?:s|ed|ing)?|remember(?:s|ed)?|backed|uses?|with)\s+(?:it|them|everything|all|data|my tasks|tasks|notes|items|the data)?\s*(?:in|to|into|as|by|on|using)?\s*(?:an?|the|one|local|simple|single|plain)*\s*(?:local\s+|simple\s+)?(?:json|file|disk)(?:[- ](?:files?|storage|store|data))*\b(?:\s+(?:on disk|locally|called|named)(?:\s+(?P<file>[\w.-]+\.json))?)?"
    r"|\b(?P<file2>[\w-]+\.json)\b",
    re.IGNORECASE,
)
_MANAGES = re.compile(
    r"\b(?:keep(?:s|ing)? track of|track(?:s|er|ing)?|manag(?:e|es|er|ing|ement)|organi[sz](?:e|es|er|ing)|maintain(?:s|ing)?|remember(?:s)?|keep(?:s|er|ing)?|record(?:s|ing)?|collect(?:s|ing)?)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:keep(?:s|ing)? track of|track(?:s|ing)?|manag(?:e|es|ing)|maintain(?:s|ing)?|keep(?:s|ing)?|record(?:s|ing)?|stores?|storing|saves?|list of|collection of|catalog(?:ue)? of|log of)\s+(?:my |our |a |an |the |all |some |small |personal |list of |collection of )*(?P<noun>[a-z][a-z-]{2,})\b",
    re.IGNORECASE,
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
    totals sum colors colours due date priority a an line terminal cli search sort filter name's
    numbers number add remove done delete edit""".split()  # noqa: SIM905
)
_TOTAL_BY = re.compile(r"\b(?:per|by|for each|grouped by|in each)\s+(?P<by>categor(?:y|ies)|month|project|tag|kind|type)\b", re.IGNORECASE)


def is_keeper(text: str) -> bool:
    """Whether a text asks for records that are added, listed and kept between runs."""
    found = {name for name, pattern in _COMMAND_PATTERNS.items() if pattern.search(text)}
    known = any(re.search(rf"(?i)\b(?:{kind.pattern})\b", text) for kind in _KINDS)
    stored = _STORED.search(text) is not None
    if re.search(r"(?i)\b(?:csv|tsv|log|logs|text files?|rows|columns)\b", text):
        return False
    if re.search(r"(?i)\b(?:to-?do|shopping list|grocery|task (?:list|manager|tracker)|note-?tak|address ?book|expense tracker|bookmark manager|reading list)", text):
        return True
    if "add" in found and (stored or len(found) >= 3 or (known and len(found) >= 2)):
        return True
    return known and _MANAGES.search(text) is not None


def understand_keeper(draft: ToolDraft) -> Requirements | None:
    """The requirements of a keeper of records; None where it is not clear of what."""
    marks = draft.marks
    kind = next((k for k in _KINDS if re.search(rf"(?i)\b(?:{k.pattern})\b", marks.text)), None)
    noun = kind.noun if kind else _own_noun(draft)
    if noun is None:
        return None
    fields = _fields(draft, kind)
    stored = marks.take_first(_STORED)
    asked = [
        name
        for name, pattern in _COMMAND_PATTERNS.items()
        if any(marks.is_free(m.start(), m.end()) for m in marks.find(pattern))
    ]
    for pattern in _COMMAND_PATTERNS.values():
        for match in marks.find(pattern):
            marks.mark(match.start(), match.end())
    by = marks.take_first(_TOTAL_BY)
    names = [field.name for field in fields]
    number = next((f.name for f in fields if f.type is ColumnType.NUMBER), None)
    commands = _command_names(draft, kind, asked, number)
    total_by = column_name(singular(by["by"].lower())) if by else None
    if total_by is not None and total_by not in names:
        marks.taken[by.start() : by.end()] = bytes(by.end() - by.start()) if by else b""
        total_by = None
    many = _plural(noun)
    if kind:
        marks.mark_words(kind.pattern)
    marks.mark_words(
        rf"{re.escape(noun)}s?|{re.escape(many.replace('_', ' '))}|items?|entries|manag\w*|track\w*|keep\w*|organi[sz]\w*|personal|json|"
        r"(?:sub-?)?commands?|files?|stored|saved|done|open|disk|locally|between|track of|everything|record(?:s|ing)?"
    )
    given = (stored["file"] or stored["file2"]) if stored else None
    file = given or f"{many}.json"
    return _document(draft, noun, many, fields, commands, file, number, total_by)


def _own_noun(draft: ToolDraft) -> str | None:
    for match in draft.marks.find(_OWN):
        noun = match["noun"].lower()
        if noun not in {"them", "json", "file", "data", "everything", "things", "information", "track", "records", "items"}:
            draft.marks.mark(match.start(), match.end())
            return singular(noun).replace("-", "_")
    return None


def _plural(noun: str) -> str:
    return noun if is_plural(noun) else plural(noun)


def _fields(draft: ToolDraft, kind: _Kind | None) -> list[KeptField]:
    marks = draft.marks
    fields: dict[str, KeptField] = {}
    for name, type_, required in kind.fields if kind else ():
        fields[name] = _field(name, type_, required=required)
    for match in marks.take(_CHOICES):
        name = singular(match["name"].lower())
        values = re.split(r"\s*(?:,\s*(?:or\s+|and\s+)?|/|\|)\s*|\s+(?:or|and)\s+", match["values"].lower())
        fields[name] = _field(name, _TEXT, required=False, choices=tuple(dict.fromkeys(values)))
    listed = _listed(draft)
    if listed and kind is None:
        fields = {name: field for name, field in fields.items() if field.choices}
    for name in listed:
        if name not in fields:
            fields[name] = _field(name, column_type(name), required=True)
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
        names = [name for name in names if column_name(name) not in _NO_FIELD]
        while commands := [name for name in names if _is_command(name)]:
            # The list of fields goes over into one of commands: "name and phone, search, edit".
            names = names[: names.index(commands[0])]
            end = marks.text.lower().index(commands[0].lower(), match.end())
        if not names or any(len(name.split()) > 2 for name in names):
            continue
        if len(names) == 1 and column_type(names[0]) is _TEXT and not re.match(r"(?i)(?:title|name|description|author|notes?|e-?mail|phone|url|category|tags?|priority)$", names[0]):
            continue
        marks.mark(match.start(), end)
        found += [column_name(name).replace("-", "_") for name in names]
    return [name for name in dict.fromkeys(found) if re.fullmatch(r"[a-z][a-z0-9_]*", name) and name not in {"id", "done", "file", "json", "run"}]


def _is_command(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in _COMMAND_PATTERNS.values())


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


def _said(field: KeptField) -> str:
    kind = {_NUMBER: "an amount above 0", _DATE: "a date", ColumnType.INTEGER: "a whole number"}
    what = f"one of {', '.join(field.choices)}" if field.choices else kind.get(field.type, "text")
    optional = "" if field.required else ", today by default" if field.today else ", optional"
    return f"{field.name} ({what}{optional})"


def _command_names(
    draft: ToolDraft, kind: _Kind | None, asked: list[str], number: str | None
) -> list[str]:
    """The commands asked for; those without which the rest is of no use are there as well."""
    if "total" in asked and number is None:
        asked.remove("total")
    completes = kind is not None and kind.completes
    wanted = set(asked)
    if len(wanted & {"add", "list", "remove"}) < 2:
        wanted |= {"add", "list", "remove"} | ({"done"} if completes else set())
        if number is not None:
            wanted.add("total")
        draft.assume(f"The commands are: {', '.join(sorted(wanted))}.")
    needed = {"add", "list"} - wanted
    if needed:
        wanted |= needed
        draft.assume(f"{' and '.join(sorted(needed))} are there as well.")
    order = ("add", "list", "show", "edit", "done", "reopen", "remove", "search", "total", "clear")
    if "reopen" in wanted:
        wanted.add("done")
    return [name for name in order if name in wanted]


def _document(  # noqa: PLR0913, PLR0917 - one of each kind of finding
    draft: ToolDraft,
    noun: str,
    many: str,
    fields: list[KeptField],
    commands: list[str],
    file: str,
    number: str | None,
    total_by: str | None,
) -> Requirements:
    words = many.replace("_", " ")
    article = "an" if noun[0] in "aeiou" else "a"
    cleared = "those that are done" if "done" in commands else "all"
    made = []
    for name in commands:
        by = f", for each {total_by} with --by-{total_by.replace('_', '-')}" if total_by else ""
        statement = _MEANING[name].format(
            a=f"{article} {noun.replace('_', ' ')}", many=words, cleared=cleared, total=number, by=by
        )
        requirement = draft.require(f"{statement[:1].upper()}{statement[1:]}.")
        made.append(KeeperCommand.model_validate({"name": name, "requirement": requirement}))
    stored = draft.require(
        f"The {words} are kept in {file} in the current folder, or in the file of --file, between "
        "runs; the file is replaced at once."
    )
    return draft.finish(
        name=f"{noun.replace('_', ' ')} keeper",
        title=f"Keeper of {words}",
        summary=f"Keeps {words} in a JSON file: {', '.join(commands)}.",
        program=Keeper(
            noun=noun,
            plural=many,
            fields=tuple(fields),
            commands=tuple(made),
            file=file,
            file_requirement=stored,
            total_of=number if "total" in commands else None,
            total_by=total_by if "total" in commands else None,
        ),
        output="Results are printed as text, or with --json where records are shown, as JSON.",
    )
