"""Steps over whole records in English: sorting, limits, duplicates, columns."""

import re

from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    COUNT,
    NUMBER,
    column_name,
    names_at,
    number_text,
)
from quantumlayer.agents.builtin.understanding.words import singular

_FALLING = r"(?:largest|highest|biggest|greatest|newest|latest|most recent|longest|most expensive|most frequent|best)"
_RISING = r"(?:smallest|lowest|oldest|earliest|shortest|cheapest|least)"
_SORT = re.compile(
    r"\b(?:(?:and\s+)?(?:is\s+|are\s+|be\s+)?(?:sort|sorts|sorted|sorting|order|orders|ordered|ordering|rank|ranks|ranked)"
    r"(?:\s+(?!by\b|on\b)[\w-]+){0,5}?\s+(?:by|on|after)|in (?:de|a)scending order of|in order of)\b",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"\s*,?\s*\(?(?:in\s+|with\s+the\s+|with\s+|from\s+)?(?P<word>descending|desc|ascending|asc|reversed?|decreasing|increasing"
    rf"|{_FALLING}\s+(?:\w+\s+)?(?:first|to\s+\w+)|{_RISING}\s+(?:\w+\s+)?(?:first|to\s+\w+)|alphabetical(?:ly)?|high(?:est)? to low(?:est)?|low(?:est)? to high(?:est)?)\b\)?(?:\s+order)?",
    re.IGNORECASE,
)
_LOOSE_DIRECTION = re.compile(
    rf"\b(?:(?:sort|sorts|sorted|order|ordered)(?:\s+(?:it|them|the\s+\w+|\w+))?\s+)?(?:in\s+)?(?P<word>descending|ascending|(?:{_FALLING}|{_RISING})\s+(?:\w+\s+)?first)\b(?:\s+order)?",
    re.IGNORECASE,
)
_BARE_SORT = re.compile(
    r"\b(?:sort|sorts|sorted|sorting)\b(?:\s+(?:the\s+|all\s+|its\s+)?(?:rows|records|result|results|output|it|them|data|file|lines))?(?:\s+by\s+(?:an?y?|one|given|chosen|some|column|columns)(?:\s+(?:given\s+)?columns?)?)?",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    rf"\b(?:(?:only\s+)?(?:the\s+)?(?:top|first|best)|limit(?:s|ed)?(?:\s+(?:it|them|the\s+\w+|output|results?))?\s+to(?:\s+the)?(?:\s+(?:top|first))?|at most(?=\s+{COUNT}\s+(?:rows|results|lines|records)))\s+(?P<n>{COUNT})(?:\s+(?:rows|results|records|lines|entries))?",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b(?:the\s+|only\s+)*last\s+(?P<n>{COUNT})(?:\s+(?:rows|results|records|lines|entries))?",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    rf"\b(?:the\s+)?(?P<n>{COUNT})\s+(?P<word>{_FALLING}|{_RISING})\b",
    re.IGNORECASE,
)
_UNIQUE = re.compile(
    r"\b(?:(?:remove|removes|removing|drop|drops|eliminate|eliminates|delete|deletes|strip|strips|skip|skips|without|no)\s+(?:any\s+|all\s+|the\s+|exact\s+)*"
    r"(?:duplicates?|duplicated|repeated|doubles?)(?:\s+(?:rows|records|lines|entries|ones|values))?"
    r"|de-?duplicat\w*(?:\s+(?:the\s+)?(?:rows|records|lines|entries|it|them))?"
    r"|(?:keep|keeps|print|prints|show|shows|list|lists)\s+(?:only\s+)?(?:the\s+)?(?:unique|distinct)\s+(?:rows|records|lines|entries|ones))\b",
    re.IGNORECASE,
)
_DUPLICATES = re.compile(
    r"\b(?:find|finds|detect|detects|report|reports|list|lists|show|shows|print|prints|search|searches|check|checks|finding|identify|identifies)\s+(?:for\s+)?(?:all\s+|the\s+|any\s+|exact\s+)*"
    r"(?:duplicates?|duplicated|repeated|double)\b(?:\s+(?!in\b|by\b|from\b|of\b|based\b|and\b|within\b|across\b|with\b|on\b)(?P<noun>[a-z_][\w-]*))?",
    re.IGNORECASE,
)
_UNIQUE_BY = re.compile(
    r"\s+(?:rows\s+|records\s+)?(?:(?:from|in|of)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:csv|tsv|json|jsonl|file|list)(?:\s+file)?\s+)?(?:by|based on|on|with the same|in the columns?|having the same|of the columns?)\s+(?:the\s+)?(?:columns?\s+|same\s+|values? of\s+)*",
    re.IGNORECASE,
)
_SELECT = re.compile(
    r"\b(?:(?:select|selects|keep|keeps|choose|chooses|pick|picks|extract|extracts|show|shows|print|prints|output|outputs)\s+"
    r"(?:only\s+|just\s+|out\s+)*(?:the\s+|some\s+|certain\s+|chosen\s+|given\s+|specified\s+|specific\s+)*(?:columns?|fields?)"
    r"|(?:select|selects)\s+only|only\s+(?:the\s+)?(?:columns?|fields?)"
    r"|(?:select|selects|selecting|choosing|reorder|reorders)\s+(?:and\s+reorder\s+)?columns?)(?:\s+(?:named|called))?\b\s*:?",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:keep|keeps|show|shows|print|prints|output|outputs|list|lists)\s+only\s+(?:the\s+)?(?=[a-z_]\w*(?: [a-z_]\w*)?\s*(?:,|and\b|columns?))",
    re.IGNORECASE,
)
_DROP = re.compile(
    r"\b(?:drop|drops|remove|removes|delete|deletes|without|hide|hides|omit|omits|leave out|leaves out|exclude|excludes)\s+"
    r"(?:the\s+|some\s+|given\s+)*(?:columns?|fields?)\b\s*:?",
    re.IGNORECASE,
)
_RENAME = re.compile(
    r"\b(?:rename|renames|renaming|renamed)\b(?:\s+(?:the\s+|some\s+|given\s+|a\s+)*(?:columns?|fields?|headers?))?",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\s*(?:the\s+)?(?:columns?\s+)?[\"']?(?P<old>[A-Za-z_][\w-]*(?: (?!to\b|as\b|into\b)[A-Za-z_]\w*)?)[\"']?"
    r"(?:\s+(?:to|as|into)\s+|\s*(?:->|=>|→|=)\s*)[\"']?(?P<new>[A-Za-z_][\w-]*)[\"']?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+)(?:rename\s+)?", re.IGNORECASE)
_DERIVE = (
    re.compile(
        r"\b(?:(?:add|adds|compute|computes|calculate|calculates|with|derive|derives|create|creates|adding|and)\s+)?(?:an?\s+|the\s+)?(?:new\s+|extra\s+|computed\s+|calculated\s+|derived\s+)*"
        r"(?:column\s+|field\s+)?(?:named\s+|called\s+)?[\"']?(?P<name>[a-z_][\w]*)[\"']?(?:\s+column)?\s*"
        r"(?:=|:=|as|is|equals?|from|that is|which is|computed as|calculated as|being|:)\s*(?:the\s+)?(?:product of\s+)?(?=[a-z_]\w*\s*(?:\*|/|\+|times|plus|minus|multiplied by|divided by|x\s| - |and\s\w+\b(?=[^,]*$)))",
        re.IGNORECASE,
    ),
)
_TERM = re.compile(rf"\s*(?:the\s+)?(?P<term>[a-z_]\w*|{NUMBER})", re.IGNORECASE)
_SIGN = re.compile(
    r"\s*(?P<sign>\*|/|\+|(?<=\s)-(?=\s)|\u00d7|÷|x(?=\s)|times\b|multiplied by\b|divided by\b|plus\b|minus\b)",
    re.IGNORECASE,
)
_SIGNS = {"*": "*", "\u00d7": "*", "x": "*", "times": "*", "multiplied by": "*", "/": "/", "÷": "/",
          "divided by": "/", "+": "+", "plus": "+", "-": "-", "minus": "-"}  # fmt: skip
_HAVING = re.compile(
    rf"\b(?:that\s+|which\s+)?(?:appear|appears|occur|occurs|occurring|appearing)\s+(?:(?P<more>more than|at least)\s+)?(?P<n>once|twice|{COUNT})(?:\s+times?)?\b",
    re.IGNORECASE,
)


def read_sort(marks: Marks) -> tuple[list[tuple[str, bool]], bool] | None:
    """The columns to sort by with their directions, and whether a direction was said."""
    for match in marks.find(_SORT):
        if not marks.opens(match):
            continue
        names, end = names_at(marks.text, match.end(), words=2)
        if not names or re.fullmatch(r"(?i)(?:any|given|chosen|one|some).*", names[0]):
            continue
        names = [
            re.sub(r"(?i)\s+(?:columns?|descending|ascending|desc|asc|alphabetically)$", "", name)
            for name in names
        ]
        falling, said = "descending" in match.group().lower(), False
        direction = _DIRECTION.match(marks.text, end) or re.search(
            r"(?i)\b(?P<word>descending|desc)\b", marks.text[match.end() : end]
        )
        tail = _DIRECTION.match(marks.text, end)
        if direction is not None:
            falling, said = _is_falling(direction["word"]), True
        if tail is not None:
            end = tail.end()
        marks.mark(match.start(), end)
        return [(column_name(name), falling) for name in names], said or falling
    return None


def read_direction(marks: Marks) -> bool | None:
    """Whether a direction without column falls; None where none is said."""
    match = marks.take_first(_LOOSE_DIRECTION)
    return None if match is None else _is_falling(match["word"])


def _is_falling(word: str) -> bool:
    lowered = word.lower()
    if lowered.startswith(("high", "desc", "decreas", "reverse")):
        return True
    return re.match(rf"(?i){_FALLING}", lowered) is not None


def read_bare_sort(marks: Marks) -> bool:
    """Whether it sorts by what the user says at run time."""
    return marks.take_first(_BARE_SORT) is not None


def read_limit(marks: Marks) -> tuple[int, bool, bool | None] | None:
    """How many records, whether the last ones, and the order that a superlative asks for."""
    match = marks.take_first(_SUPERLATIVE)
    if match is not None:
        return _count(match["n"]), False, _is_falling(match["word"])
    match = marks.take_first(_LIMIT)
    if match is not None:
        falling = True if re.search(r"(?i)\b(?:top|best)\b", match.group()) else None
        extra = re.compile(
            rf"(?<={re.escape(match['n'])})\s+(?:{_FALLING}|{_RISING})\b", re.IGNORECASE
        )
        more = extra.search(marks.text, match.end() - 1)
        if more is not None and more.start() <= match.end():
            marks.mark(more.start(), more.end())
            falling = _is_falling(more.group().strip())
        return _count(match["n"]), False, falling
    match = marks.take_first(_LAST)
    return (_count(match["n"]), True, None) if match is not None else None


def _count(text: str) -> int:
    return max(1, min(1_000_000, int(float(number_text(text)))))


def read_unique(marks: Marks) -> list[str] | None:
    """The columns by which duplicates go; empty for whole records; None where nothing is said."""
    match = marks.take_first(_UNIQUE)
    return None if match is None else _unique_columns(marks, match.end())


def read_duplicates(marks: Marks) -> list[str] | None:
    """The columns by which duplicates are looked for, as `read_unique`."""
    match = marks.take_first(_DUPLICATES)
    if match is None:
        return None
    names = _unique_columns(marks, match.end())
    noun = (match["noun"] or "").lower()
    if noun in {"", "rows", "records", "lines", "entries", "values", "row", "line", "ones"}:
        return names
    return names or [singular(noun)]


def _unique_columns(marks: Marks, position: int) -> list[str]:
    lead = _UNIQUE_BY.match(marks.text, position)
    if lead is None:
        return []
    names, end = names_at(marks.text, lead.end())
    names = [
        name
        for name in names
        if name.lower() not in {"text file", "text", "folder", "directory", "csv file"}
    ]
    if names:
        marks.mark(position, end)
    return [column_name(name) for name in names]


def read_select(marks: Marks, known: set[str]) -> tuple[list[str], bool] | None:
    """The columns to keep, or to leave out (True); empty where the user says them at run time."""
    for pattern, drop in ((_DROP, True), (_SELECT, False), (_ONLY, False)):
        for match in marks.find(pattern):
            if not marks.is_free(match.start(), match.start() + 4):
                continue
            names, end = names_at(marks.text, match.end())
            if (
                pattern is _ONLY
                and not any(column_name(name) in known for name in names)
                and not re.match(r"\s+columns?\b", marks.text[end : end + 9])
            ):
                continue
            marks.mark(match.start(), max(end, match.end()))
            return [column_name(name) for name in names], drop
    return None


def read_rename(marks: Marks) -> list[tuple[str, str]] | None:
    """The (old, new) names of columns; empty where the user says them at run time."""
    match = marks.take_first(_RENAME)
    if match is None:
        return None
    pairs: list[tuple[str, str]] = []
    end = match.end()
    while True:
        pair = _PAIR.match(marks.text, end)
        if pair is None:
            break
        pairs.append((column_name(pair["old"]), column_name(pair["new"])))
        end = pair.end()
        joint = _AND.match(marks.text, end)
        if joint is None:
            break
        marks.mark(match.start(), end)
        end = joint.end()
    if pairs:
        marks.mark(match.start(), end)
    return pairs


def read_derive(marks: Marks) -> tuple[str, tuple[str, ...]] | None:
    """A new column and its terms: "total = price * quantity"."""
    for pattern in _DERIVE:
        for match in marks.find(pattern):
            terms, end = _terms(marks.text, match.end())
            if len(terms) >= 3 and match["name"].lower() not in {"column", "it", "that", "rows"}:
                marks.mark(match.start(), end)
                return column_name(match["name"]), terms
    return None


def _terms(text: str, position: int) -> tuple[tuple[str, ...], int]:
    terms: list[str] = []
    end = position
    while (term := _TERM.match(text, end)) is not None:
        word = term["term"]
        terms.append(number_text(word) if word[0].isdigit() else column_name(word))
        end = term.end()
        sign = _SIGN.match(text, end)
        if sign is None or _TERM.match(text, sign.end()) is None:
            break
        terms.append(_SIGNS[sign["sign"].lower()])
        end = sign.end()
    return tuple(terms), end


_GROUPS_OF = re.compile(
    r"\bonly\s+(?:the\s+|those\s+)?(?:[\w-]+\s+)?(?:with|having|that have|which have)\s+"
    rf"(?P<more>more than|at least|over)\s+(?P<n>{COUNT})\s+(?P<noun>[a-z]+s)\b",
    re.IGNORECASE,
)


def read_having(marks: Marks, subjects: set[str]) -> int | None:
    """How often something must occur at least to be shown."""
    for match in marks.find(_GROUPS_OF):
        if match["noun"].lower() in subjects:
            marks.mark(match.start(), match.end())
            return _count(match["n"]) + (match["more"].lower() != "at least")
    found = marks.take_first(_HAVING)
    if found is None or (found["more"] is None and found["n"].lower() == "once"):
        return None
    word = found["n"].lower()
    count = 1 if word == "once" else 2 if word == "twice" else _count(word)
    return count + 1 if (found["more"] or "").lower() == "more than" else count
