"""Commas and "and"s that do not separate the items of a list, hidden while a list is cut."""

import re

COMMA, AND = "\ue000", "\ue001"

_VALUE = r"(?:'[^',]{1,40}'|\"[^\",]{1,40}\"|[\w-]{1,30}(?: [\w-]{1,30})?)"
# "Movements: item, quantity, type in or out": the values are those of the type alone.
_CHOSEN = (
    "status|state|stage|type|kind|level|priority|result|direction|role|category|condition|size"
)
_OR_LIST = re.compile(
    rf"(?i)(?P<lead>(?:\bone of|\beither|\bcan be|\bmust be|\bmay be|\bis|\bare|\bof|\bfrom|\bamong|\bas|\bin|\bbeing|\bvalues?|:|=)\s*:?\s*)"
    rf"(?!(?:{_VALUE}\s*,\s*)+(?:{_CHOSEN}) [\w-]+ or )(?P<list>(?:{_VALUE}\s*,\s*){{0,15}}{_VALUE}\s*,?\s+or\s+{_VALUE})"
)
_AND_LIST = re.compile(
    rf"(?i)(?P<lead>\b(?:(?:is |be )?one of(?: the values?)?|values?|options?|states?|statuses|either)\s*:?\s+)"
    rf"(?P<list>(?:{_VALUE}\s*,\s*){{0,15}}{_VALUE}\s*,?\s+and\s+{_VALUE})"
)
_PER = re.compile(
    r"(?i)\b(?:once|one|\d+)(?: [\w-]+)? per [\w-]+(?:, (?:per )?[\w-]+)* and (?:per )?[\w-]+"
)
_VALUED = re.compile(
    rf"(?i)(?P<lead>\b(?:status|state|stage|type|kind|level|priority|result) of )(?P<list>{_VALUE}(?:, {_VALUE})*,? or {_VALUE})"
)
_BETWEEN = re.compile(r"(?i)\b(?:between|from)\s+[-$\w.]+\s+and\s+[-$\w.]+")
_LINK = re.compile(
    r"(?i)\b(?:link(?:s|ing)?|connect(?:s|ing)?|join(?:s|ing)?|between|associat(?:es?|ing)|relat(?:es?|ing)|match(?:es|ing)?|combin(?:es?|ing)|pair(?:s|ing)?|ties?)"
    r"(?:\s+(?:an?|the|one|both))?\s+[\w-]+(?:\s+[\w-]+)?\s+(?:and|with)\s+(?:an?\s+|the\s+|one\s+)?[\w-]+"
)
_PAIR = re.compile(
    r"(?i)\b(first|start|starting|opening|check-?in|arrival|departure|home|billing|pick-?up|begin|issue|created|birth|purchase|minimum|min|sender|from)"
    r" ?(?:and|&|/) ?(?:an? |the )?(last|end|ending|closing|check-?out|departure|arrival|away|shipping|return|drop-?off|due|updated|death|maximum|max|receiver|to)"
    r" (name|date|time|address|price|team|score|day)s?\b"
)
_TRIPLE = re.compile(r"(?i)\bdate (?:and|&|/) time\b")


def protect(text: str) -> str:
    """The text with "between 1 and 5", "a, b or c" and the like kept from being cut."""
    text = _VALUED.sub(lambda match: match["lead"] + _hidden(match["list"]), text)
    text = _PAIR.sub(r"\1 \3, \2 \3", text)
    text = _TRIPLE.sub("date time", text)
    for pattern in (_BETWEEN, _LINK, _PER):
        text = pattern.sub(lambda match: _hidden(match.group()), text)
    for pattern in (_OR_LIST, _AND_LIST):
        text = pattern.sub(lambda match: match["lead"] + _hidden(match["list"]), text)
    return text


def restore(text: str) -> str:
    """The text as it was before it was protected."""
    return text.replace(COMMA, ",").replace(AND, " and ")


def _hidden(text: str) -> str:
    return re.sub(r"(?i)\s+and\s+", AND, text).replace(",", COMMA)
