"""What a prompt wishes that no stack serves: named as what to build with, not as what it is about.

A shop's "express delivery" asks for no framework, and a list of platforms that games run on for no
mobile app. A word counts where it is said as people say what something is made with.
"""

import re

from quantumlayer.qlayer.requirements import UNSERVED, Requirements, Unclear
from quantumlayer.qlayer.stacks import Nearest, nearest, stacks

# What stands before the name of something to build with, and what may stand behind it.
_BEFORE = r"(?:in|with|using|use|uses|on|via|written in|built with|based on|for|of|as)"
_MADE = (
    r"(?:app|apps|application|applications|api|service|server|backend|back end|back-end|frontend"
    r"|front end|front-end|page|site|website|blog|shop|library|package|plugin|cli|tool|program"
    r"|script|game|client|project|database|db|store|stack|framework|version|dashboard|gui|ui"
    r"|interface|portal|board|bot|chat|form|calculator)"
)
_AFTER = (
    rf"(?=\s*(?:$|[.,;:!?)]|\b(?:and|or|with|for|on|in|to|that|which|using|as|app)\b|{_MADE}\b))"
)
_ARTICLE = r"(?:^|[.;:!?]\s*|\b(?:a|an|the|my|our|small|simple|new|native|me)\s+)"
# Two names beside each other are wished together.
_LINK = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|on)\s+|\s*/\s*|\s+)"


def unserved_wish(prompt: str) -> Nearest | None:
    """The nearest stack with the words that ask for what none serves; None where all is served."""
    found = nearest(prompt)
    if found is None or not found.unserved:
        return None
    words = _wished(_without_brackets(prompt.lower()), found.unserved)
    return found.model_copy(update={"unserved": words}) if words else None


def with_unserved(requirements: Requirements, wish: Nearest | None) -> Requirements:
    """The requirements, saying of each unserved word that it is not delivered."""
    if wish is None:
        return requirements
    reason = f"{UNSERVED}; the nearest is {wish.stack.title}."
    missing = tuple(Unclear(text=word, reason=reason) for word in wish.unserved)
    return requirements.model_copy(
        update={"not_understood": (*requirements.not_understood, *missing)}
    )


def without_unserved(requirements: Requirements) -> Requirements:
    """The requirements, now that it is known that none of these words was a wish."""
    kept = tuple(one for one in requirements.not_understood if not one.reason.startswith(UNSERVED))
    return requirements.model_copy(update={"not_understood": kept})


def _wished(said: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are said as what to build with, and those that are named together with one."""
    known = {word for stack in stacks() for word in (*stack.wishes.asked, *stack.wishes.instead,
             *stack.wishes.language, *stack.languages)}  # fmt: skip
    spoken = sorted((word for word in known | set(words) if word in said), key=len, reverse=True)
    any_of = "|".join(map(re.escape, spoken))
    sure = {
        word
        for word in spoken
        if re.search(rf"\b{_BEFORE}\s+(?:a\s+|an\s+)?{re.escape(word)}{_AFTER}", said)
        or re.search(rf"{_ARTICLE}{re.escape(word)}\s+(?:[\w-]+\s+)?{_MADE}\b", said)
        or (
            re.search(rf"\b{_MADE}$", word)
            and re.search(rf"{_ARTICLE}{re.escape(word)}{_AFTER}", said)
        )
    }
    neighbours = re.findall(rf"(?=(?<!\w)({any_of}){_LINK}({any_of}){_AFTER})", said)
    for left, right in neighbours * len(neighbours):
        if left in sure or right in sure:
            sure |= {left, right}
    return tuple(word for word in words if word in sure)


def _without_brackets(text: str) -> str:
    """A text less its asides: what stands in brackets explains, and names values."""
    return re.sub(r"\([^()]*\)", " ", text)
