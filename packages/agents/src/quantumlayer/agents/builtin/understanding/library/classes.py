"""Small classes: an amount with steps and limits, or a value with checked fields."""

import re

from quantumlayer.agents.builtin.understanding.canonical import canonical
from quantumlayer.agents.builtin.understanding.library.draft import Draft
from quantumlayer.agents.builtin.understanding.library.features import features
from quantumlayer.agents.builtin.understanding.library.naming import is_usable
from quantumlayer.agents.builtin.understanding.text import list_items, with_digits
from quantumlayer.agents.builtin.understanding.words import pascal, words_of
from quantumlayer.qlayer.requirements.library import AmountBlock, Step, ValueBlock, ValueField

_ADD = (
    "deposit|credit|add|increase|increment|raise|earn|refill|fill|restock|receive|gain|pay_in|"
    "top_up|load|heal|put|charge|collect|accrue"
)
_SUBTRACT = (
    "withdraw|debit|subtract|decrease|decrement|lower|spend|redeem|drain|consume|remove|sell|lose|"
    "reserve|pay|unload|damage|use|take|ship"
)
_AMOUNTS = "balance|stock|quantity|level|count|credit|points|total|amount|fuel|volume|health|score|value|budget"
_MONEY = frozenset("balance budget amount total credit".split())  # noqa: SIM905
_CLASS = re.compile(
    r"\b(?:class|type|object)\s+(?:(?:for|of|called|named)\s+)?(?:an?\s+|the\s+)?"
    r"[`'\"]?(?P<name>[A-Za-z][A-Za-z0-9]*(?:\s(?!with\b|that\b|which\b|has\b|having\b|and\b|to\b|whose\b|where\b)[a-z]+)?)[`'\"]?\s*"
    r"(?:\(|:|,|which|that|with|has|having|who)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\b(?:an?\s+|the\s+)(?P<name>(?:bank |savings |gift |fuel |water |loyalty )?(?:account|wallet|tank|counter|purse|card|stock item|inventory item|inventory))\s+"
    r"(?:class\s+)?(?:\(|:|,|which|that|with|has|having|can)",
    re.IGNORECASE,
)
_STEP = re.compile(
    rf"(?i)\b(?:(?P<add>{_ADD})|(?P<subtract>{_SUBTRACT}))(?:s|ing|al|als)?\b(?:\s+(?:money|points|amounts?|funds|units|stock|items|fuel|water|from it|to it))*"
)
_AMOUNT = re.compile(rf"(?i)\b(?P<amount>{_AMOUNTS})\b")
_NUMBER = r"-?\d+(?:\.\d+)?"
_AT_LEAST = re.compile(
    rf"(?i)\b(?:must be at least|cannot (?:be|go|fall|drop|get) (?:below|under|less than)|cannot be less than|at least)\s+(?P<n>{_NUMBER})"
    r"|(?P<zero>\b(?:cannot|never|not) (?:be|go(?:es)?|become|get|turn|be made|drop|fall) (?:negative|below zero|below 0|under 0)|\bnon-?negative|\bnot negative|\bcannot overdraw|\boverdraft|\bcannot be negative|\bnever negative)"
)
_AT_MOST = re.compile(
    rf"(?i)\b(?:must be at most|cannot exceed|cannot be (?:above|over|more than)|cannot go (?:above|over)|at most|maximum|capacity(?: of)?|limit(?:ed)?(?: of| to)?|limit)\s+(?P<n>{_NUMBER})"
)
_START = re.compile(
    rf"(?i)\b(?:starts?|begins?|starting|initial(?:ly)?|opening)\s+(?:\w+\s+){{0,2}}?(?:at|with|of|from|is)?\s*(?P<n>{_NUMBER})"
)
_PER_STEP = re.compile(
    rf"(?i)\b(?P<step>{_ADD}|{_SUBTRACT})(?:s|al|als)?\s+(?:of\s+|must be\s+|is\s+|are\s+|can be\s+)?(?:limited to\s+)?at most\s+(?P<n>{_NUMBER})"
    r"(?:\s+(?:at a time|per \w+|each|a time))?"
)
_FIELD_TYPES = (
    ("boolean", r"^(?:is|has)_|active|enabled|flag|member$"),
    ("date", r"date|birthday|_on$"),
    (
        "decimal",
        r"price|amount|salary|weight|height|rate|cost|balance|latitude|longitude|ratio|^[xyz]$|width|length|radius|temperature|score|percentage",
    ),
    (
        "integer",
        r"age|year|count|number_of|quantity|pages|points|level|size|stock|floor|seats|rank",
    ),
)
_LIMIT_ON = (
    rf"(?:must be |must lie |lies |is |can be |between |of )*(?:(?:between|from|in)?\s*(?P<low>{_NUMBER})\s*(?:and|to|-)\s*(?P<high>{_NUMBER})"
    rf"|at least (?P<least>{_NUMBER})|at most (?P<most>{_NUMBER})|(?P<positive>positive|greater than 0|more than 0|above 0)|(?P<nonnegative>not negative|non-?negative)|(?:cannot be (?P<never>negative)))"
)


def read_classes(draft: Draft) -> None:
    """Adds a block for every small class that the text describes."""
    reading = draft.reading
    for pattern in (_CLASS, _PLAIN):
        for match in list(reading.free(pattern)):
            phrase = match["name"]
            if any(known.trigger.search(phrase) for known in features().values()):
                continue
            end = _end_of(reading.text, match)
            name = pascal(words_of(phrase)) if not phrase[0].isupper() or " " in phrase else phrase
            body = reading.text[match.end("name") : end]
            if not name or not is_usable(name) or len(name) < 2:
                continue
            if _amount_class(draft, name, body, match.start()) or _value_class(
                draft, name, body, match.start()
            ):
                _mark(draft, match.start(), end)


def _end_of(text: str, match: re.Match[str]) -> int:
    """A class is described until the next one begins, or the text ends its paragraph."""
    later = [one.start() for one in _CLASS.finditer(text, match.end())]
    paragraph = text.find("\n\n", match.end())
    return min([*later, *([paragraph] if paragraph >= 0 else []), len(text)])


def _mark(draft: Draft, start: int, end: int) -> None:
    """What the rules of classes understand of the text from `start` to `end`."""
    reading = draft.reading
    for pattern in (_CLASS, _PLAIN, _STEP, _AMOUNT, _RAW_LIMIT, _START):
        for match in pattern.finditer(reading.text, start, end):
            reading.take(match)


_RAW_LIMIT = re.compile(
    rf"(?i)\b(?:must|may|can|should|is|are|cannot|can't|mustn't)\s+(?:not\s+|never\s+)?(?:be\s+|go\s+|become\s+|exceed\s+|fall\s+|drop\s+|get\s+)*(?:negative|below|under|above|over|at most|at least|more than|less than|positive|between|zero)?(?:\s*{_NUMBER})?(?:\s+(?:and|to)\s+{_NUMBER})?"
    rf"|\bnever\s+(?:be\s+|goes?\s+|below\s+)*(?:negative|zero|{_NUMBER})|\b(?:at most|at least|up to|maximum(?: of)?|minimum(?: of)?|capacity(?: of)?|limit(?: of)?|between)\s+{_NUMBER}(?:\s*(?:and|to|-)\s*{_NUMBER})?"
    r"|\bnon-?negative|\bno overdrafts?|\boverdrafts?|\bpositive|\bat a time|\bimmutable|\bfrozen|\bvalue\b"
)


def _amount_class(draft: Draft, name: str, body: str, position: int) -> bool:
    steps: dict[str, Step] = {}
    plain = canonical(body)
    limits = {match["step"]: match["n"] for match in _PER_STEP.finditer(plain)}
    without = _PER_STEP.sub(" ", plain)
    for match in _STEP.finditer(body):
        verb = (match["add"] or match["subtract"]).lower()
        direction = "add" if match["add"] else "subtract"
        steps[verb] = Step(
            name=verb,
            direction="add" if direction == "add" else "subtract",
            maximum=limits.get(verb),
        )
    if not steps:
        return False
    found = _AMOUNT.search(_STEP.sub(" ", body))
    amount = (
        found["amount"].lower()
        if found
        else ("balance" if re.search(r"(?i)account|wallet|purse", name) else "amount")
    )
    if amount in steps:
        amount = "balance" if amount == "credit" else "amount"
    least, most, start = (
        _AT_LEAST.search(without),
        _AT_MOST.search(without),
        _START.search(without),
    )
    minimum = ("0" if least["zero"] else least["n"]) if least else None
    maximum = most["n"] if most else None
    if minimum is None and any(step.direction == "subtract" for step in steps.values()):
        minimum = "0"
        draft.assume(f"The {amount} of {name} cannot go below 0, because nothing else was said.")
    begin = start["n"] if start else (minimum if minimum and float(minimum) > 0 else "0")
    if maximum is not None and float(maximum) < float(begin):
        maximum = None
    source = draft.reading.sentence(position)
    requirements = [
        draft.require(f"`{name}` keeps {_article(amount)}, {begin} unless said otherwise.", source)
    ]
    for step in steps.values():
        does = "adds to" if step.direction == "add" else "takes from"
        cap = f", at most {step.maximum} at a time" if step.maximum else ""
        requirements.append(
            draft.require(
                f"`{name}.{step.name}` {does} the {amount}{cap}; only what is more than 0.", source
            )
        )
    if minimum is not None or maximum is not None:
        low = f"below {minimum}" if minimum is not None else ""
        high = f"above {maximum}" if maximum is not None else ""
        both = " or ".join(each for each in (low, high) if each)
        requirements.append(
            draft.require(
                f"The {amount} of `{name}` never goes {both}: such a step is refused and changes nothing.",
                source,
            )
        )
    block = AmountBlock(
        name=name,
        amount=amount,
        steps=tuple(steps.values()),
        whole=amount not in _MONEY | {"level", "fuel", "volume", "value"},
        start=begin,
        minimum=minimum,
        maximum=maximum,
        requirements=tuple(requirements),
    )
    draft.blocks.append((position, block, f"{_spaced(name)} class"))
    return True


def _value_class(draft: Draft, name: str, body: str, position: int) -> bool:
    match = re.search(
        r"(?i)(?:with|has|having|:|\()\s*(?:the )?(?:fields?|attributes?|properties)?:?\s*(?P<list>[^.;\n)]+)",
        body,
    )
    if match is None:
        return False
    plain = canonical(body)
    parsed: list[tuple[str, str]] = []
    for item in list_items(match["list"]):
        words = re.match(
            r"(?i)\s*(?:an?\s+|its\s+|the\s+)?([a-z][a-z0-9_]*(?:\s(?!between|at|must|of|which|that|is|from|can|with)[a-z]+)?)",
            with_digits(item),
        )
        if (
            words
            and (key := "_".join(words[1].lower().split()))
            and is_usable(key)
            and len(key) > 0
        ):
            parsed.append((key, item))
    parsed = [
        (key, item)
        for key, item in parsed
        if key not in {"must", "validation", "between"} and not key[0].isdigit()
    ]
    if not parsed or len(parsed) > 20:
        return False
    source = draft.reading.sentence(position)
    first = draft.require(
        f"`{name}` is a frozen value with {_and([key.replace('_', ' ') for key, _ in parsed])}: equal "
        "values are equal, and nothing changes them.",
        source,
    )
    fields = [_field(draft, name, key, plain, source) for key, _ in dict(parsed).items()]
    requirements = (first, *(one.requirement for one in fields if one.requirement))
    draft.blocks.append(
        (
            position,
            ValueBlock(name=name, fields=tuple(fields), requirements=requirements),
            f"{_spaced(name)} class",
        )
    )
    for key, _ in parsed:
        for place in re.finditer(rf"(?i)\b{key.replace('_', '[ _]')}\b", draft.reading.text):
            draft.reading.take(place)
    return True


def _field(draft: Draft, name: str, key: str, plain: str, source: str) -> ValueField:
    spoken = key.replace("_", " ")
    match = re.search(rf"(?i)\b{spoken}\b,?\s*\(?(?:which |that )?{_LIMIT_ON}", plain)
    low = high = None
    above = False
    if match:
        low = (
            match["low"]
            or match["least"]
            or ("0" if match["positive"] or match["nonnegative"] or match["never"] else None)
        )
        high = match["high"] or match["most"]
        above = match["positive"] is not None
    kind = next((kind for kind, pattern in _FIELD_TYPES if re.search(pattern, key)), None)
    if match:
        number = "." in f"{low}{high}" or kind == "decimal"
        kind = "decimal" if number else "integer"
    requirement = None
    said = ""
    if kind in (None, "text"):
        kind, said = "text", "is not empty"
    elif low is not None or high is not None:
        said = "is " + " and ".join(
            each
            for each in (
                f"{'more than' if above else 'at least'} {low}" if low is not None else "",
                f"at most {high}" if high is not None else "",
            )
            if each
        )
    if said:
        requirement = draft.require(
            f"The {spoken} of `{name}` {said}; anything else is refused.", source
        )
    return ValueField.model_validate(
        {
            "name": key,
            "type": kind,
            "minimum": low,
            "maximum": high,
            "exclusive_minimum": above,
            "requirement": requirement,
        }
    )


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _spaced(name: str) -> str:
    return " ".join(words_of(name))
