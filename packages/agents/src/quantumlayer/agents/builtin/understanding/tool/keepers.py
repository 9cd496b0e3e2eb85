"""Keepers of small records in a JSON file: todos, notes, contacts, expenses."""

import re

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.keeper_fields import (
    COMMAND_PATTERNS,
    KINDS,
    Kind,
    kept_fields,
)
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    column_name,
)
from quantumlayer.agents.builtin.understanding.words import is_plural, plural, singular
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    ColumnType,
    Keeper,
    KeeperCommand,
    KeptField,
)

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
_TOTAL_BY = re.compile(
    r"\b(?:per|by|for each|grouped by|in each)\s+(?P<by>categor(?:y|ies)|month|project|tag|kind|type)\b",
    re.IGNORECASE,
)


def is_keeper(text: str) -> bool:
    """Whether a text asks for records that are added, listed and kept between runs."""
    found = {name for name, pattern in COMMAND_PATTERNS.items() if pattern.search(text)}
    known = any(re.search(rf"(?i)\b(?:{kind.pattern})\b", text) for kind in KINDS)
    stored = _STORED.search(text) is not None
    if re.search(r"(?i)\b(?:csv|tsv|log|logs|text files?|rows|columns)\b", text):
        return False
    if re.search(
        r"(?i)\b(?:to-?do|shopping list|grocery|task (?:list|manager|tracker)|note-?tak|address ?book|expense tracker|bookmark manager|reading list)",
        text,
    ):
        return True
    if "add" in found and (stored or len(found) >= 3 or (known and len(found) >= 2)):
        return True
    return known and _MANAGES.search(text) is not None


def understand_keeper(draft: ToolDraft) -> Requirements | None:
    """The requirements of a keeper of records; None where it is not clear of what."""
    marks = draft.marks
    kind = next((k for k in KINDS if re.search(rf"(?i)\b(?:{k.pattern})\b", marks.text)), None)
    noun = kind.noun if kind else _own_noun(draft)
    if noun is None:
        return None
    fields = kept_fields(draft, kind)
    stored = marks.take_first(_STORED)
    asked = [
        name
        for name, pattern in COMMAND_PATTERNS.items()
        if any(marks.is_free(m.start(), m.end()) for m in marks.find(pattern))
    ]
    for pattern in COMMAND_PATTERNS.values():
        for match in marks.find(pattern):
            marks.mark(match.start(), match.end())
    by = marks.take_first(_TOTAL_BY)
    names = [field.name for field in fields]
    number = next((f.name for f in fields if f.type is ColumnType.NUMBER), None)
    commands = _command_names(draft, kind, asked, number)
    total_by = column_name(singular(by["by"].lower())) if by else None
    if by is not None and total_by not in names:
        marks.taken[by.start() : by.end()] = bytes(by.end() - by.start())
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
        if noun not in {
            "them",
            "json",
            "file",
            "data",
            "everything",
            "things",
            "information",
            "track",
            "records",
            "items",
        }:
            draft.marks.mark(match.start(), match.end())
            return singular(noun).replace("-", "_")
    return None


def _plural(noun: str) -> str:
    return noun if is_plural(noun) else plural(noun)


def _command_names(
    draft: ToolDraft, kind: Kind | None, asked: list[str], number: str | None
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
            a=f"{article} {noun.replace('_', ' ')}",
            many=words,
            cleared=cleared,
            total=number,
            by=by,
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
