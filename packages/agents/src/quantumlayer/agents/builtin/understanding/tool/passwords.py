"""Password generators: length, number and kinds of characters."""

import re

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import COUNT, number_text
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import PasswordMaker

IS_PASSWORD = re.compile(
    r"\bpasswords?\b.{0,60}\b(?:generat|creat|mak|random)|\b(?:generat\w*|creat\w*|mak\w*|random)\b.{0,60}\bpasswords?\b",
    re.IGNORECASE | re.DOTALL,
)
_LENGTH = re.compile(
    rf"\b(?:(?:default\s+)?length\s+(?:of\s+|is\s+|=\s*|by default\s+|defaults? to\s+)*(?P<n1>{COUNT})|(?P<n2>{COUNT})[- ](?:characters?|chars|letters|digits?)(?:\s+long)?(?:\s+by default)?|(?P<n3>{COUNT})\s+long)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"\b(?P<n>{COUNT})\s+(?:random\s+|secure\s+|strong\s+|different\s+)*passwords\b", re.IGNORECASE
)
_CLASSES = {
    "lower": r"lower(?:[- ]?case)?(?: letters)?",
    "upper": r"upper(?:[- ]?case)?(?: letters)?|capitals?(?: letters)?",
    "digits": r"digits?|numbers?",
    "symbols": r"symbols?|special characters?|punctuation",
}
_WITHOUT = r"\b(?:no|without|not|excluding|exclude)\s+(?:any\s+|the\s+)?(?:{0})\b"
_AMBIGUOUS = re.compile(
    r"\b(?:no|avoid\w*|without|exclud\w*|skip\w*)\s+(?:the\s+)?(?:ambiguous|similar|confusing|look-?alike)(?:[- ]looking)?(?:\s+characters?)?\b",
    re.IGNORECASE,
)


def understand_password(draft: ToolDraft) -> Requirements | None:
    """The requirements of a password generator."""
    marks = draft.marks
    avoid = marks.take_first(_AMBIGUOUS) is not None
    several = marks.take_first(_NUMBER)
    length_match = marks.take_first(_LENGTH)
    length = 16
    if length_match is None:
        draft.assume("A password has 16 characters unless --length says otherwise.")
    else:
        found = length_match["n1"] or length_match["n2"] or length_match["n3"]
        length = min(256, max(4, int(number_text(found))))
    count = min(1000, max(1, int(number_text(several["n"])))) if several else 1
    without = [
        name
        for name, pattern in _CLASSES.items()
        if marks.take(re.compile(_WITHOUT.format(pattern), re.IGNORECASE))
    ]
    named = [
        name
        for name, pattern in _CLASSES.items()
        if marks.take(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE))
    ]
    if re.search(r"(?i)(?<!-)\bletters\b", marks.text) and not {"lower", "upper"} & set(named):
        named += ["lower", "upper"]
    chosen = [name for name in _CLASSES if (name in named or not named) and name not in without]
    chosen = chosen or ["lower"]
    only = re.search(r"(?i)\bonly\b", marks.text) is not None
    if named and not only and not {"lower", "upper"} & set(named):
        chosen = [name for name in _CLASSES if name in {"lower", "upper", *chosen}]
    marks.mark_words(
        r"passwords?|generat\w*|random(?:ly)?|secur\w*|strong|letters?|characters?|length|mak\w*|creat\w*|configurable|customi[sz]able|choose|optional(?:ly)?|include|includes|including|mix|number of"
    )
    kinds = ", ".join(chosen)
    ambiguous = ", none that look alike," if avoid else ""
    requirement = draft.require(
        f"Make {count} random password{'s' if count > 1 else ''} of {length} characters from "
        f"{kinds}{ambiguous} with at least one of each kind; --length, --count and an option a "
        "kind change that.",
        marks.text[:500],
    )
    return draft.finish(
        name="password generator",
        title="Password generator",
        summary="Makes random passwords from the system's secure source of randomness.",
        program=PasswordMaker.model_validate(
            {
                "requirement": requirement,
                "length": length,
                "count": count,
                "classes": tuple(chosen),
                "avoid_ambiguous": avoid,
            }
        ),
        output="Passwords are printed one a line, or with --json, as a JSON list.",
    )
