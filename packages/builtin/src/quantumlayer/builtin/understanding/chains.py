"""What a record is of, by, for and on: "bookings of a stand by a seller for a date with a price".

A noun with such a chain of prepositions says what its record has; said as "booking has a stand,
a seller, date, a price" the definitions read it like any other.
"""

import re

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.phrases import bare, is_entity_phrase
from quantumlayer.builtin.understanding.text import list_items
from quantumlayer.builtin.understanding.types import type_of
from quantumlayer.builtin.understanding.unsupported import unsupported
from quantumlayer.builtin.understanding.verbs import STAYING
from quantumlayer.builtin.understanding.words import is_plural, singular, words_of

_PREPOSITION = r"of|for|by|from|to|at|on|in|between|about|against|until|till|into"
_DEED = (
    r"(?:made|done|held|given|taken|written|put|sent|sold|kept|scheduled|recorded|placed|created|"
    r"issued|submitted|played|planned|booked|reserved|assigned|given out|posted|uploaded)"
)
_CHAIN = re.compile(
    r"(?is)^(?:(?P<det>an?|the|each|every|all)\s+)?(?P<noun>[a-z][\w-]*(?:\s+(?!(?:is|are|was)\b)[a-z][\w-]*)?)"
    rf"(?P<is>\s+(?:is|are|was|were)(?:\s+(?:always|only))?)?(?P<deed>,?\s+{_DEED})?"
    rf"\s+(?P<chain>(?:{_PREPOSITION}|with)\s+\S.*)$"
)
_MAKES = re.compile(
    r"(?i)^(?:(?:an?|the|each|every)\s+)?(?P<who>[a-z][\w-]*)\s+(?:(?:can|may|will)\s+)?"
    r"(?:makes?|places?|writes?|creates?|submits?|leaves?|gives?|posts?|records?|does|do|adds?|opens?)\s+"
    r"(?P<what>(?:an?\s+)?[a-z][\w-]*)\s+(?P<chain>(?:of|for|on|about|to|in|at|between)\s+\S.*)$"
)
_ADDS = re.compile(
    r"(?i)^(?:add|submit|write|record|log|leave|post|give|make|create|place|enter|report)\s+"
    r"(?P<what>(?:an?\s+|my\s+|new\s+)*[a-z][\w-]*)\s+(?P<chain>(?:of|for|on|about|to|in|at)\s+\S.*)$"
)
_REST = re.compile(
    r"(?i)\s*,?\s+(?:with|having|and has|and have|has|have|that has|that have|which has|which have|including|plus)\s+(?P<rest>\S.*)$",
    re.DOTALL,
)
_CUT = re.compile(rf"(?i)\s+(?=(?:{_PREPOSITION})\s+)")
_RULE = re.compile(
    r"(?i)\b(?:can|cannot|can't|must|should|may|might|never|only|not|no|same|at most|at least|max|maximum|"
    r"min|if|when|unless|once|than|that|which|who|per|each other|is|are|overlap\w*|[<>=]+|\d+)\b"
)
_LIMIT = re.compile(
    r"(?i)^(?:(?:at most|at least|max|maximum|min|no|only|exactly|up to|not|never|more|less|a (?:maximum|minimum))\b|\d)"
)
# What such a chain measures or collects is no record: "a list of books", "the number of seats".
_NO_RECORD = frozenset(
    [
        "list",
        "set",
        "collection",
        "number",
        "total",
        "sum",
        "count",
        "average",
        "mean",
        "amount",
        "date",
        "time",
        "price",
        "type",
        "kind",
        "part",
        "one",
        "two",
        "end",
        "start",
        "length",
        "maximum",
        "minimum",
        "max",
        "min",
        "limit",
        "combination",
        "pair",
        "report",
        "name",
        "value",
        "most",
        "end",
        "each",
        "any",
        "some",
        "all",
        "fleet",
        "group",
        "bunch",
        "series",
        "lot",
        "lots",
        "range",
        "history",
        "overview",
        "catalog",
        "catalogue",
        "reference",
        "link",
        "id",
        "status",
        "state",
        "system",
        "app",
        "api",
        "service",
        "application",
        "backend",
        "tool",
        "database",
        "combination",
        "duration",
        "size",
        "unit",
        "rate",
        "cost",
    ]
)
_MOMENTS = frozenset({"start", "end", "begin", "beginning", "finish", "now"})


def with_its_chain(text: str) -> str:
    """A statement whose noun has a chain of prepositions, said as what its records have."""
    found = chained(text)
    if found is None:
        return text
    noun, fields = found
    return f"{noun} {'have' if is_plural(words_of(noun)[-1]) else 'has'} {', '.join(fields)}"


def chained(text: str, at_least: int = 2) -> tuple[str, tuple[str, ...]] | None:
    """The noun and the fields that a chain of prepositions gives it; None where there is none.

    `at_least`: of how many things it must be when no list follows ("of a device by a researcher").
    """
    plain = text.strip(" .")
    if re.match(r"(?i)(?:no|not|only|max|at|any|one|two|more|less)\b", plain):
        return None
    if len(plain) > 400 or unsupported(plain.split(" with ", maxsplit=1)[0]):
        return None
    by = ""
    match = _MAKES.match(plain)
    if match is not None and not _RULE.search(match["chain"]) and is_entity_phrase(match["who"]):
        by = f"a {singular(match['who'].lower())}"
        return _read(match["what"], match["chain"], by, at_least=1, is_said=True)
    match = _ADDS.match(plain)
    if match is not None:
        return _read(match["what"], match["chain"], by, at_least=1, is_said=True)
    match = _CHAIN.match(plain)
    if match is None:
        return None
    many = is_plural(match["noun"].split()[-1].lower())
    if not match["is"] and not match["det"] and not many:
        return None
    is_said = bool(match["is"])
    return _read(match["noun"], match["chain"], by, at_least=at_least, is_said=is_said)


def _read(
    noun: str, chain: str, by: str, *, at_least: int, is_said: bool
) -> tuple[str, tuple[str, ...]] | None:
    words = bare(noun)
    if not words or not is_entity_phrase(noun) or set(words) & _NO_RECORD:
        return None
    if type_of(words) in {FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN}:
        return None
    if re.match(r"(?i)to (?:manage|track|store|keep|record|have|see|be|make|know|plan)\b", chain):
        return None
    if len(words) > 1 and re.fullmatch(rf"\w+ed|wants|needs|{STAYING}", words[-1]):
        return None
    rest = ""
    cut = _REST.search(f" {chain}")
    if cut is not None:
        rest, chain = cut["rest"], f" {chain}"[: cut.start()]
    rest = rest.strip()
    if _RULE.search(re.sub(r"(?i)\btwo\b", "", chain)) or "(" in chain or _LIMIT.match(rest):
        return None
    parts = [part for part in _CUT.split(f" {chain.strip(' ,')}") if part.strip()]
    fields: list[str] = []
    for position, part in enumerate(parts):
        found = _part(part.strip(), parts[position - 1].strip() if position else "")
        if found is None:
            return None
        fields += found
    listed = rest and (fields or is_said or at_least == 1)
    if not listed and (len(fields) < at_least or not fields) and not (is_said and len(fields) > 1):
        return None
    if by and by not in fields:
        fields.append(by)
    plain = " ".join(words)
    return plain, (*dict.fromkeys(fields), *([rest] if rest else []))


def _part(part: str, before: str) -> list[str] | None:
    """The fields that one preposition and its noun give; None when it names neither."""
    if part.lower() == "with":
        return []
    preposition, _, phrase = part.partition(" ")
    preposition = preposition.lower()
    two = re.match(r"(?i)(?:two|2)\s+(?:different\s+)?(?P<noun>[a-z]+s)$", phrase)
    if preposition in {"between", "of", "for"} and two is not None:
        one = singular(two["noun"].lower())
        return [f"a first {one}", f"a second {one}"]
    if phrase.lower() in {"date and time", "a date and time", "a date and a time"}:
        return ["date time"]
    fields: list[str] = []
    for item in list_items(phrase.strip(" ,")):
        words = bare(item)
        if not 0 < len(words) <= 3:
            return None
        moment = type_of(words) in {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}
        if moment or set(words) <= _MOMENTS:
            fields.append(_moment(preposition, words, before))
            continue
        head = (*words[:-1], singular(words[-1]))
        if not is_entity_phrase(item) or type_of(head) is not FieldType.TEXT:
            return None
        fields.append(f"a {' '.join(head)}")
    return fields


def _moment(preposition: str, words: tuple[str, ...], before: str) -> str:
    """ "From date to date" tells of a start date and an end date."""
    plain = " ".join(words)
    if words in {("date",), ("time",), ("day",)}:
        if preposition == "from":
            return f"start {plain}"
        if preposition in {"to", "until", "till"} and before.lower().startswith("from "):
            return f"end {plain}"
    return "date" if plain == "day" else plain
