"""Functions that check one value against limits: "a function that checks that an age is …"."""

import re

from quantumlayer.agents.builtin.understanding.canonical import canonical
from quantumlayer.agents.builtin.understanding.library.draft import Draft
from quantumlayer.agents.builtin.understanding.library.naming import is_usable
from quantumlayer.agents.builtin.understanding.library.reading import Reading
from quantumlayer.agents.builtin.understanding.words import article, singular
from quantumlayer.qlayer.requirements.library import CheckBlock

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|zero|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty)"
_N = rf"-?{_NUMBER}"
_LIMITS = (
    rf"(?:between|from|in the range|in range)\s+{_N}\s*(?:and|to|-)\s*{_N}"
    rf"|(?:at least|no less than|not less than|minimum|>=)\s+{_N}(?:\s*(?:characters?|chars|letters)?\s*(?:and|,|but)\s*(?:at most|no more than|not more than|<=)\s+{_N})?"
    rf"|(?:at most|no more than|not more than|maximum|<=|up to)\s+{_N}"
    rf"|(?:more than|greater than|above|over|>)\s+{_N}|(?:less than|below|under|smaller than|<)\s+{_N}"
)
# "A validator for ages between 0 and 130" has no verb of its own beside the value.
_CHECK_OF = re.compile(
    r"\b(?:validat(?:ors?|es?|ion|ing)|check(?:ers?|s|ing)?|verif(?:y|ies|ier))\s+(?:for\s+|of\s+|that\s+|if\s+)?"
    r"(?:(?:an?|the)\s+)?(?P<subject>[a-z]+(?:\s[a-z]+)?)\s+"
    rf"(?P<limits>{_LIMITS})(?P<unit>\s+(?:characters?|chars|letters|years?|%|percent|degrees|kg|cm|euros?|dollars?|points?|items?))?(?:\s+long)?(?:\s+inclusive)?\b",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"(?:\b(?:checks?|validates?|ensures?|verif(?:y|ies)|check(?:s|ing)?|validat(?:es|ing))\s+"
    r"(?:that\s+|whether\s+|if\s+)?|\b(?:and|that|whether|if)\s+|,\s*|^|\n[-*\s]*|\.\s+)"
    r"(?:(?:an?|the|its|his|her)\s+)?(?P<subject>[a-z]+(?:\s[a-z]+){0,2}?)\s+"
    r"(?:is|are|be|must be|has to be|has|have|must have|should be|should have|lies?|of)\s+"
    r"(?P<limits>"
    rf"{_LIMITS}"
    r"|positive|not negative|non-?negative)"
    r"(?P<unit>\s+(?:characters?|chars|letters|years?|%|percent|degrees|kg|cm|euros?|dollars?|points?|items?))?(?:\s+long)?(?:\s+inclusive)?\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"(?:between|from|range)\s+({_N})\s*(?:and|to|-)\s*({_N})")
_LEAST = re.compile(rf"(?:at least|>=|minimum|not negative)\s*({_N})?")
_MOST = re.compile(rf"(?:at most|<=|maximum)\s+({_N})")
_ABOVE = re.compile(rf"(?:more than|greater than|above|over|>)\s+({_N})")
_BELOW = re.compile(rf"(?:less than|below|under|smaller than|<)\s+({_N})")
_TEXTUAL = re.compile(r"\b(?:characters?|chars|letters|long)\b", re.IGNORECASE)
_NO_SUBJECT = frozenset("it this that which value there number input".split())  # noqa: SIM905
_DECIMAL = frozenset(
    [
        "price",
        "amount",
        "weight",
        "height",
        "rate",
        "temperature",
        "percentage",
        "discount",
        "salary",
        "cost",
        "score",
        "ratio",
        "distance",
        "length",
    ]
)


def read_checks(draft: Draft, names: list[tuple[int, str, bool]]) -> None:
    """Adds a block for every check of one value against limits."""
    reading = draft.reading
    for match in list(_CHECK.finditer(reading.text)):
        start = match.start("subject")
        if any(reading.taken[start : match.end()]):
            continue
        _read_check(draft, reading, match, names)


def read_named_checks(draft: Draft, names: list[tuple[int, str, bool]]) -> None:
    """Adds a block for every validator of a value within limits that is asked for by name."""
    reading = draft.reading
    for match in list(_CHECK_OF.finditer(reading.text)):
        if not any(reading.taken[match.start("subject") : match.end()]):
            _read_check(draft, reading, match, names)
            reading.mark(match.start(), match.end())


def _read_check(
    draft: Draft, reading: Reading, match: re.Match[str], names: list[tuple[int, str, bool]]
) -> None:
    words = [
        word
        for word in re.findall(r"[a-z]+", match["subject"].lower())
        if word not in {"a", "an", "the", "given", "that", "if", "whether", "checks", "check"}
    ]
    words = [*words[:-1], singular(words[-1])] if words else []
    subject = "_".join(words) or "value"
    if subject in _NO_SUBJECT or not is_usable(subject):
        subject = "value"
    low, high, open_low, open_high = _limits(match["limits"])
    if (low is None and high is None) or (low and high and float(low) >= float(high)):
        return
    textual = _TEXTUAL.search(match.group()) is not None or subject.endswith(("name", "title"))
    fractional = "." in f"{low}{high}" or bool(set(words) & _DECIMAL)
    reading.mark(match.start("subject"), match.end())
    function = f"check_{subject}"
    near = [one for one in names if abs(one[0] - match.start()) < 120 and not one[2]]
    if near:
        names.remove(near[0])
        function = near[0][1]
    if any(
        isinstance(block, CheckBlock) and block.function == function for _, block, _ in draft.blocks
    ):
        return
    source = reading.sentence(match.start("subject"))
    shown = subject.replace("_", " ")
    what = f"{article(shown)} {'with' if textual else 'of'}"
    said = _said(low, high, open_low, open_high) + (" characters" if textual else "")
    requirements = (
        draft.require(f"`{function}` accepts {what} {said}, and gives it back.", source),
        draft.require(
            f"`{function}` refuses every other {shown}; the message says the limits.", source
        ),
    )
    block = CheckBlock(
        function=function,
        subject=subject,
        whole=textual or not fractional,
        length=textual,
        minimum=low,
        maximum=high,
        exclusive_minimum=open_low,
        exclusive_maximum=open_high,
        requirements=requirements,
    )
    draft.blocks.append((match.start(), block, f"{shown} check"))


def _limits(text: str) -> tuple[str | None, str | None, bool, bool]:
    plain = canonical(text).replace(",", "").replace("not more than", "at most")
    if between := _BETWEEN.search(plain):
        return between[1], between[2], False, False
    if plain.strip() == "positive":
        return "0", None, True, False
    if re.search(r"non-?negative|not negative", plain):
        return "0", None, False, False
    least, most = _LEAST.search(plain), _MOST.search(plain)
    if least or most:
        return (least[1] if least else None), (most[1] if most else None), False, False
    above, below = _ABOVE.search(plain), _BELOW.search(plain)
    return (above[1] if above else None), (below[1] if below else None), bool(above), bool(below)


def _said(low: str | None, high: str | None, open_low: bool, open_high: bool) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"more than {low}" if open_low else f"at least {low}"
    return f"less than {high}" if open_high else f"at most {high}"
