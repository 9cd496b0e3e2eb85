"""Rules of valid records in English: "email must be valid, age between 0 and 120"."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    COUNT,
    NUMBER,
    column_name,
    names_at,
    number_text,
)
from quantumlayer.qlayer.requirements.tool import CheckRule

VALIDATES = re.compile(
    r"\b(?:validat(?:e|es|ing|ion|or)|verif(?:y|ies)(?:\s+that)?|checks?\s+(?:that|whether|if|a|an|the|every|each|all|records?|rows?|csv)\b"
    r"|data quality|quality checks?|must be|must not|should be (?:a )?valid|lint(?:s|er)?)\b",
    re.IGNORECASE,
)
_MODAL = r"(?:\s+(?:columns?|fields?|values?))?\s*(?::|(?:must|should|has to|have to|needs? to|shall|may|can)(?:\s+(?:only\s+)?(?:be|have|match|lie|contain))?|is|are|has|have|be)?\s*(?:an?\s+|in the range\s+|in\s+)?"
_COLUMN = r"(?P<column>[A-Za-z_][\w-]*(?: [A-Za-z_][\w-]*)?)"
_RULES: tuple[tuple[str, str], ...] = (
    (
        "not_empty",
        r"not\s+(?:be\s+)?(?:empty|blank|missing|null)|required|mandatory|present|filled(?: in)?|non-?empty|not\s+be\s+left\s+out",
    ),
    ("not_negative", r"not\s+(?:be\s+)?negative|non-?negative|zero or (?:more|greater)"),
    (
        "positive",
        r"positive(?:\s+(?:number|integer)s?)?|greater than zero|more than zero|above zero",
    ),
    (
        "between",
        rf"(?:between|from)\s+(?P<low>{NUMBER})\s*(?:and|to|-)\s*(?P<high>{NUMBER})|(?P<low2>\d+)\s*(?:-|\.\.|to)\s*(?P<high2>\d+)",
    ),
    (
        "length_at_most",
        rf"(?:at most|no (?:more|longer) than|up to|maximum(?: of)?|max)\s+(?P<len_max>{COUNT})\s+(?:characters?|letters?|chars)(?: long)?",
    ),
    (
        "length_at_least",
        rf"(?:at least|no (?:less|shorter) than|minimum(?: of)?|min)\s+(?P<len_min>{COUNT})\s+(?:characters?|letters?|chars)(?: long)?",
    ),
    (
        "at_least",
        rf"(?:at least|>=|≥|greater than or equal to|not (?:be )?(?:below|less than)|minimum(?: of)?|min)\s*(?P<n_at_least>{NUMBER})",
    ),
    (
        "at_most",
        rf"(?:at most|<=|≤|less than or equal to|not (?:be )?(?:above|over|more than|exceed)|maximum(?: of)?|max|up to)\s*(?P<n_at_most>{NUMBER})",
    ),
    ("above", rf"(?:greater than|more than|over|above|>)\s*(?P<n_above>{NUMBER})"),
    ("below", rf"(?:less than|under|below|<)\s*(?P<n_below>{NUMBER})"),
    ("email", r"(?:valid\s+)?e-?mails?(?:\s+address(?:es)?)?(?=$|[^\w])"),
    ("url", r"(?:valid\s+)?(?:urls?|web address(?:es)?|links?)"),
    (
        "date",
        r"(?:valid\s+)?(?:iso\s+)?(?:dates?|timestamps?)(?:\s+in\s+(?:the\s+)?(?:ISO|YYYY-MM-DD)(?:\s+format)?)?",
    ),
    ("integer", r"(?:valid\s+)?(?:integers?|whole numbers?)"),
    ("number", r"(?:valid\s+)?(?:numbers?|numeric|decimals?)"),
    ("unique", r"unique|distinct|not\s+(?:be\s+)?(?:repeated|duplicated)|no duplicates"),
    (
        "one_of",
        r"(?:one of|either)\s*:?\s*[(\[]?(?P<values>[\w\"'-]+(?:\s*(?:,\s*(?:or\s+|and\s+)?|/|\||\s+or\s+|\s+and\s+)\s*[\w\"'-]+)+)[)\]]?",
    ),
    ("valid", r"valid"),
)
_RULE = "|".join(rf"(?P<{name}>(?<!\w)(?:{pattern})(?!\w))" for name, pattern in _RULES)
_CHECK = re.compile(rf"\b{_COLUMN}{_MODAL}(?:{_RULE})", re.IGNORECASE)
_MORE = re.compile(
    rf"\s*(?:,\s*)?(?:and\s+)?(?:must\s+|should\s+)?(?:be\s+)?(?:an?\s+)?(?:{_RULE.replace('(?P<', '(?P<m_')})",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(?:required|mandatory)\s+(?:columns?|fields?)\s*(?:are|:)?\s*(?=[a-z])", re.IGNORECASE
)
_NO_COLUMN = frozenset(
    """the a an every each all it they rows row records record file and or must should be is are
    that valid with check checks columns column values value csv json line lines validate validates
    errors error reports report has have not numbers dates""".split()  # noqa: SIM905
)
_KNOWN_VALID = (
    (r"e-?mail", CheckRule.EMAIL),
    (r"url|website|link|homepage", CheckRule.URL),
    (r"date|day|birthday|deadline", CheckRule.DATE),
    (r"age|quantity|count|year|stock", CheckRule.INTEGER),
    (r"amount|price|cost|total|salary|score|weight|height", CheckRule.NUMBER),
)


@dataclass(frozen=True, slots=True)
class CheckFound:
    """A rule for a column and the words that it was read from."""

    column: str
    rule: CheckRule
    values: tuple[str, ...]
    source: str


def read_checks(marks: Marks) -> list[CheckFound]:
    """The rules that a text states."""
    found: list[CheckFound] = []
    position, last_column = 0, ""
    while (match := _CHECK.search(marks.text, position)) is not None:
        column = _column(match["column"])
        if column is None and not (
            last_column and _goes_on(marks.text[match.start() - 4 : match.end("column")])
        ):
            position = match.start("column") + len(match["column"].split(" ")[0])
            continue
        name = column or last_column
        groups = {key: value for key, value in match.groupdict().items() if value is not None}
        rules = _rules(groups, name)
        if not rules:
            position = match.end("column")
            continue
        end = match.end()
        start = match.start("column") + match["column"].lower().find(
            name.replace("_", " ").split(" ")[0].lower()
        )
        while (more := _more(marks.text, end)) is not None:
            rules += _rules(more[0], name)
            end = more[1]
        marks.mark(max(match.start(), start), end)
        found += [CheckFound(name, rule, values, marks.text[start:end]) for rule, values in rules]
        position, last_column = end, name
    return found + _listed(marks) + _adjectives(marks)


_ADJECTIVE = re.compile(
    r"\b(?P<rule>unique|non-?empty|valid|positive|numeric|required)\s+(?P<column>[a-z_]\w*)(?:\s+(?:column|field))?\b",
    re.IGNORECASE,
)


_ADJECTIVES: dict[str, tuple[CheckRule, tuple[str, ...]]] = {
    "unique": (CheckRule.UNIQUE, ()),
    "nonempty": (CheckRule.REQUIRED, ()),
    "required": (CheckRule.REQUIRED, ()),
    "positive": (CheckRule.ABOVE, ("0",)),
    "numeric": (CheckRule.NUMBER, ()),
}


def _adjectives(marks: Marks) -> list[CheckFound]:
    """ "a unique id, a non-empty name, a valid email"."""
    found: list[CheckFound] = []
    for match in marks.take(_ADJECTIVE):
        column, word = _column(match["column"]), match["rule"].lower().replace("-", "")
        rules = [_ADJECTIVES[word]] if word in _ADJECTIVES else _rules({"valid": ""}, column or "")
        if column is not None:
            found += [CheckFound(column, rule, values, match.group()) for rule, values in rules]
    return found


def _goes_on(text: str) -> bool:
    return re.search(r"(?i)\b(?:and|it)\b", text) is not None


def _more(text: str, position: int) -> tuple[dict[str, str], int] | None:
    match = _MORE.match(text, position)
    if match is None or not re.match(r"\s*(?:,?\s*and\s|,\s)", text[position : position + 6]):
        return None
    groups = {key[2:]: value for key, value in match.groupdict().items() if value is not None}
    # A comma begins the next column unless the rule stands right after it.
    if "valid" in groups or ("email" in groups or "url" in groups or "date" in groups):
        return None
    return groups, match.end()


def _column(phrase: str) -> str | None:
    words = [word for word in phrase.split(" ") if word.lower() not in _NO_COLUMN]
    return column_name(" ".join(words)) if words else None


def _rules(groups: dict[str, str], column: str) -> list[tuple[CheckRule, tuple[str, ...]]]:
    def bound(key: str) -> tuple[str, ...]:
        return (number_text(groups[key]),)

    if "not_empty" in groups:
        return [(CheckRule.REQUIRED, ())]
    if "not_negative" in groups:
        return [(CheckRule.AT_LEAST, ("0",))]
    if "positive" in groups:
        return [(CheckRule.ABOVE, ("0",))]
    if "between" in groups:
        low = number_text(groups.get("low") or groups["low2"])
        high = number_text(groups.get("high") or groups["high2"])
        return [(CheckRule.AT_LEAST, (low,)), (CheckRule.AT_MOST, (high,))]
    if "length_at_most" in groups:
        return [(CheckRule.MAX_LENGTH, bound("len_max"))]
    if "length_at_least" in groups:
        return [(CheckRule.MIN_LENGTH, bound("len_min"))]
    for rule in (CheckRule.AT_LEAST, CheckRule.AT_MOST, CheckRule.ABOVE, CheckRule.BELOW):
        if rule.value in groups:
            return [(rule, bound(f"n_{rule.value}"))]
    if "one_of" in groups:
        values = re.split(
            r"\s*(?:,\s*(?:or\s+|and\s+)?|/|\|)\s*|\s+(?:or|and)\s+", groups["values"]
        )
        return [(CheckRule.ONE_OF, tuple(value.strip("\"' ") for value in values if value))]
    for rule in (
        CheckRule.EMAIL,
        CheckRule.URL,
        CheckRule.DATE,
        CheckRule.INTEGER,
        CheckRule.NUMBER,
        CheckRule.UNIQUE,
    ):
        if rule.value in groups:
            return [(rule, ())]
    for pattern, rule in _KNOWN_VALID:
        if re.search(pattern, column):
            return [(rule, ())]
    return []


def _listed(marks: Marks) -> list[CheckFound]:
    found: list[CheckFound] = []
    for match in marks.find(_LISTED):
        names, end = names_at(marks.text, match.end())
        marks.mark(match.start(), end)
        found += [
            CheckFound(column_name(name), CheckRule.REQUIRED, (), marks.text[match.start() : end])
            for name in names
        ]
    return found
