"""One item of a list of fields: "an optional due date", "status (todo, done)", "pages: int"."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding import constraints
from quantumlayer.builtin.understanding.draft import FieldDraft, Words
from quantumlayer.builtin.understanding.phrases import bare, is_app_word
from quantumlayer.builtin.understanding.text import Sentence, parenthesised
from quantumlayer.builtin.understanding.types import type_named
from quantumlayer.builtin.understanding.words import is_plural, words_of


@dataclass(frozen=True, slots=True)
class FieldItem:
    """A field as it was read: `many` for "many comments", `points_to` for "author (an Author)"."""

    field: FieldDraft
    many: bool = False
    points_to: str = ""
    unread: str = ""


_LEADING = re.compile(
    r"(?i)^(?:(?P<skip>an?|the|its|their|his|her|his/her|some|also|maybe|with|has|have|had|having|and|or|plus(?! one\b)|both|either|own|my|"
    r"their own|simple|single|short|exactly one|one|1|current|valid|as well as|optionally an?|"
    r"(?:may|can|might|could|must|should)(?: also)? have)|(?P<many>many|several|multiple|one or more|zero or more|any number of|"
    r"a list of|list of|lists of|an array of|array of|a set of|set of|a number of(?= \w+s\b)|"
    r"at least one|1 or more|0 or more|up to \d+)|"
    r"(?P<say>optional|optionally|unique|required|mandatory|non-?negative|positive|nullable|"
    r"immutable|read-?only|non-?empty|possibly|maybe|perhaps)|"
    r"(?P<type>integer|numeric|boolean|decimal|string|text|free[- ]text))\s+(?=\S)"
)
_TAIL = re.compile(
    r"(?i)\s+(?=(?:that|which|who|where)\b|(?:ranging |ranges |going )?from\s+[-\d]|between\s+[-\d]|"
    r"(?:with|of|in|having)\s+(?:an?\s+)?(?:the\s+)?(?:max|min|length|default|format|pattern|values?|range|at (?:most|least)|up to|"
    r"exactly|uppercase|\d|possible|allowed|one of|either)|"
    r"(?:must|cannot|can't|should|may|can|shall|is|are|needs?)\b|at (?:most|least)\b|up to\b|(?:max|min)(?:imum)?\b\.?(?=\s+(?:of\s+)?\d|\s+length)|"
    r"default(?:s|ing)?\b|one of\b|either\b|unique$|unique\b|required\b|mandatory\b|optional\b|"
    r"in (?:euros?|eur|dollars?|usd|pounds|gbp|cents|minutes|hours|seconds|days|years|kg|grams|km|cm|meters)\b|"
    r"not (?:null|empty|negative|required|in|before|after|older|later|earlier|more|less)\b|[<>]=?|"
    r"(?:greater|more|higher|larger|bigger|less|lower|smaller|fewer|later|earlier) than\b|(?:above|below|under|over|after|before) (?:-?\d|today|now)|"
    r"of (?:(?:at|up|max|min|exactly|between)\b|\d)|(?:->|=>|=)|no (?:longer|more|less) than\b|exactly\b|initially\b|\d|"
    r"(?:as|with) (?:an? )?(?:integer|string|text|number|decimal|boolean|date)\b|references?\b|positive$|nullable$)"
)
_POINTER = re.compile(
    r"(?i)^(?:(?:an?\s+)?(?:reference|link|foreign key|fk|relation|pointer|ref)s?\s+(?:to|of)\s+|(?:->|=>)\s*|"
    r"references?\s+|ref\s+|fk\s+|refers? to\s+|(?:an?|another|the)\s+)(?:an?\s+|the\s+|another\s+)?(?P<name>[A-Za-z][\w ]{0,40}?)s?$"
)
_TRAILING_TYPE = re.compile(
    r"(?i)^(?P<name>.+?)\s+(?P<type>string|str|varchar|int|integer|float|bool|boolean|decimal|datetime|timestamp|flag|checkbox)$"
)
_BAD_NAME = frozenset(
    [
        "can",
        "must",
        "cannot",
        "is",
        "are",
        "be",
        "has",
        "have",
        "when",
        "if",
        "who",
        "i",
        "we",
        "you",
        "they",
        "so",
        "because",
        "it",
        "this",
        "that",
        "there",
        "then",
        "than",
        "not",
        "should",
        "would",
        "will",
        "do",
        "does",
        "only",
        "etc",
        "and",
        "or",
        "but",
        "to",
    ]
)
_STRIP_LAST = frozenset(["field", "attribute", "property", "column"])


def read_field(item: str, sentence: Sentence | None, *, assumed: bool = False) -> FieldItem | None:
    """The field that an item of a list tells of; None when the item is not a field."""
    outside, inside = parenthesised(item)
    if not outside:
        return None
    name, said = _name_and_specification(outside)
    said += [piece for part in inside if part for piece in _pieces(part)]
    name, many, leading = _without_leading(name)
    said += leading
    optional = name.endswith("?")
    trailing = _TRAILING_TYPE.match(name)
    if trailing and type_named(trailing["type"]):
        name = trailing["name"]
        said.append(trailing["type"])
    words = _field_words(name)
    if words is None:
        return None
    field = FieldDraft(words, assumed=assumed, sources=[sentence] if sentence else [])
    points_to, unread = "", []
    for text in said:
        if re.fullmatch(r"[A-Z][A-Za-z]+", text.strip()) and type_named(text) is None:
            points_to = text.strip()
            continue
        pointer = _POINTER.match(text.strip())
        if pointer and not type_named(text) and not is_app_word(pointer["name"].lower()):
            points_to = pointer["name"]
            continue
        stated, optional = (text.rstrip("?! "), True) if text.endswith("?") else (text, optional)
        left = constraints.apply(field, stated)
        if left and not _UNIT.fullmatch(left):
            unread.append(left)
    if optional:
        field.required = False
    return FieldItem(field, many or _is_list(said), points_to, "; ".join(unread))


# What may stand in parentheses behind a field and is no value of it.
_SAYS_HOW = re.compile(
    r"(?i)^(?:unique|optional|required|mandatory|nullable|not|default\w*|positive|negative|non\b|min\w*|max\w*|at|"
    r"up to|from|between|in|must|can\w*|valid|auto\w*|read.?only|immutable|index\w*|primary|foreign|fk|pk|list|array|"
    r"e\.?g|i\.?e|one of|either|yes|no|true|false|only|same|more|less|greater|above|below|before|after|per|with|of|for|an?|the|"
    r"string|str|text|varchar|char|int|integer|numbers?|numeric|float|double|decimal|bool|boolean|date|datetime|time|"
    r"timestamp|uuid|money|percent\w*|letters|digits|characters|chars|words?|upper\w*|lower\w*|format|iso|utc|eur|usd|like)\b"
    r"|[^\w\s-]|\d|\bof\b"
)


_UNIT = re.compile(
    r"(?i)(?:in )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|km|m|cm|mm|kg|g|grams?|l|ml|eur|euros?|usd|dollars?|%)"
)


def _are_values(inside: str) -> bool:
    """Whether parentheses list the values of a field: "(ai, web, mobile)"."""
    found = re.split(r"\s*,\s*(?:or |and )?|\s+or\s+", inside.strip())
    return len(found) > 1 and all(
        0 < len(value.split()) <= 3 and _SAYS_HOW.search(value) is None for value in found
    )


def _pieces(part: str) -> tuple[str, ...]:
    """What parentheses hold, cut where one piece of it tells what the field points to."""
    if _are_values(part):
        return (f"one of {part}",)
    pieces = tuple(piece.strip() for piece in part.split(","))
    return pieces if any(_POINTER.match(piece) for piece in pieces) else (part,)


def _is_list(said: list[str]) -> bool:
    return any(
        re.fullmatch(r"(?i)\s*(?:many|several|multiple|list|one or more)\s*", s) for s in said
    )


def _name_and_specification(outside: str) -> tuple[str, list[str]]:
    name, colon, specification = outside.partition(":")
    if not colon:
        name, dash, specification = outside.partition(" - ")
        if not dash:
            name, specification = outside, ""
    said = [specification.strip()] if specification.strip() else []
    name = re.sub(r"(?i)\s+\(?(?:yes or no|true or false)\)?$", " yes/no", name)
    slashed = re.fullmatch(
        r"(?i)(?P<name>[a-z][\w ]*?)\s+\(?(?P<values>[\w'-]+(?:\s?[/|]\s?[\w'-]+)+)\)?(?P<more>\s.*)?",
        name.strip(),
    )
    if slashed and not re.match(r"(?i)(?:and|or|his|her)/", slashed["values"]):
        more = [slashed["more"].strip()] if slashed["more"] else []
        return slashed["name"], [f"one of {slashed['values']}", *more, *said]
    valued = re.fullmatch(
        r"(?i)(?P<name>(?:[a-z][\w-]* )?(?:status|state|stage|type|kind|level|priority|category|condition|size|role|result|direction|gender))"
        r" (?:(?:of|as|being|either|that is|which is|that can be|is) (?:either |one of )?|(?=[\w-]+(?:, [\w-]+)*,? or ))(?P<values>[\w-]+(?:(?:, | or |, or | and )[\w -]+)+)",
        re.sub(r"(?i)^(?:an?|the|its) ", "", name.strip()),
    )
    if valued:
        return valued["name"], [f"one of {valued['values']}", *said]
    without_article = re.match(r"(?i)(?:an?|the|its|their|one|optional|unique|required)\s+", name)
    start = without_article.end() if without_article else 0
    lead = re.match(
        r"(?i)(?:required|unique|optional|mandatory|many|one or more|at least one|up to \d+)\s+",
        name[start:],
    )
    start += lead.end() if lead else 0
    tail = _TAIL.search(name, start)
    if tail and tail.start() > start:
        return name[: tail.start()], [name[tail.end() :].strip(), *said]
    return name, said


def _without_leading(name: str) -> tuple[str, bool, list[str]]:
    many, said = False, []
    name = name.strip(" .,;:!-\"'")
    while match := _LEADING.match(name):
        if match["many"]:
            many = True
        elif match["say"]:
            word = match["say"].lower()
            said.append("optional" if word in {"possibly", "maybe", "perhaps"} else word)
        elif match["type"]:
            said.append(match["type"])
        elif re.match(r"(?i)(?:may|can|might|could)|optionally", match["skip"]):
            said.append("optional")
        name = name[match.end() :]
    return name, many, said


_IN_UNITS = re.compile(
    r"(?i)\s+in\s+(?:kwh?|kwp|ml|cl|l|mm|cm|m2|sqm|square met(?:er|re)s|celsius|degrees|lbs?|inch(?:es)?|feet|ft|mph|km/h|mb|gb|ms|bytes|lit(?:er|re)s?|cents|kilos?)$"
)


# "From date, to date": what the second is called.
_REACHED = frozenset({("date",), ("time",), ("day",), ("account",), ("address",), ("station",)})


def _field_words(name: str) -> Words | None:
    plain = re.sub(r"(?i)\be-mail", "email", name)
    plain = re.sub(r"\b[km]W(?:h|p)?\b|\b[MGT]B\b", lambda unit: unit.group().lower(), plain)
    plain = _IN_UNITS.sub("", plain)
    words = ("to",) if plain.strip().lower() == "to" else words_of(plain)
    if words == ("to",):
        return words
    while words and words[-1] in _STRIP_LAST and len(words) > 1:
        words = words[:-1]
    words = bare(" ".join(words)) or words
    if words[:2] == ("number", "of") and len(words) > 2:
        words = ("number", "of", *words[2:])
    named = words[1:] if words[:1] == ("to",) and words[1:] in _REACHED else words
    if not 0 < len(words) <= 5 or any(word in _BAD_NAME for word in named):
        return None
    if (
        words == ("id",)
        or not re.search(r"[a-z]{2}|^[a-z]$", words[-1])
        or len("".join(words)) > 50
    ):
        return None
    return words


def looks_plural(words: Words) -> bool:
    """Whether a field's name is a plural that tells of other records: "comments"."""
    return is_plural(words[-1])


def settled_type(field: FieldDraft) -> FieldType:
    """The field's type, told by its name where nothing was said."""
    return constraints.kind_of_field(field)
