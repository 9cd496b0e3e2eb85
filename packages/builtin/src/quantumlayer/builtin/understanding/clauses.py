"""Sentences cut into clauses that each say one thing."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.understanding.listings import unlisted, with_its_parts
from quantumlayer.builtin.understanding.prompt import Prompt, without_language
from quantumlayer.builtin.understanding.text import Sentence, top_level_split
from quantumlayer.builtin.understanding.titles import Titled, titled
from quantumlayer.builtin.understanding.verbs import CLAUSE

_SUBJECT = r"(?:(?:an?|the|each|every|all|no|two|only|its|their|any|it|they|one|there|at most|for)\s+)?(?:(?!(?:and|or|with|but|that|which|who)\b)[\w'/-]+\s+){0,5}?"
_VERB = (
    r"(?:can|cannot|can't|could|must|mustn't|should|shouldn't|may|shall|needs? to|has to|have to|is|are|isn't|aren't|"
    r"has|have|belongs?|links?|references?|contains?|consists?|defaults|do not|does not|don't|doesn't|overlap|goes|go|starts|start(?= (?:as|with|in|from|on|at)\b)|moves|"
    r"never|will|includes?)\b"
)
_NEXT = re.compile(
    rf"(?i)\s*[,;]?\s+(?:and|but|also|whereas|plus|however)[,]?\s+(?={_SUBJECT}{_VERB})"
    rf"|\s*,\s+(?=(?:an?|the|each|every|no|only|two|it|they)\s+(?:(?!(?:that|which|who|whose)\b)[\w'/-]+\s+){{1,4}}?{_VERB})"
    rf"|\s*,\s+(?={CLAUSE} )"
    r"|\s*,\s+(?:and )?(?=(?:not|no) (?:2|two|more|overlapping|double|duplicate|same)\b)"
    r"|\s*,\s+(?:and )?(?=(?:only|at most|max\.?|exactly) (?:1|one|\d+|two|three) [\w ]+ (?:per|for each|for every|at a time)\b)"
    r"|\s*,\s+(?=(?:has|have) (?!been|to\b|not\b))"
    r"|\s*,\s+(?:and )?(?=(?:1|one) [\w-]+ per\b)"
    rf"|\s+-\s+(?=(?:an?|each|every|no|only)\s+(?:[\w'/-]+\s+){{1,3}}?{_VERB})"
)
_HAS_VERB = re.compile(
    rf"(?i)^\s*(?:when|if|once|as soon as|while|unless|after)?\s*{_SUBJECT}{_VERB}|^\s*{CLAUSE}"
)
_ENUMERATION = re.compile(r"(?i)\b(?:with|has|have|having|contains?|includes?)\b[^,]*$")
_RELATIVE = re.compile(
    r"(?i)(?:\b(?:which|that|who|when|if|unless|while|once|after|before|than|whose|because|so)\s*)$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that says one thing; `assumed` when it stems from the catalogue."""

    text: str
    sentence: Sentence
    assumed: bool = False

    @property
    def heading(self) -> str:
        """The line that the clause stands under."""
        return self.sentence.heading


def clauses(prompt: Prompt) -> tuple[Clause, ...]:
    """The clauses of a prompt in their order, without words on the programming language."""
    head = titled(prompt)
    found: list[Clause] = []
    for position, sentence in enumerate(prompt.sentences):
        for statement in _statements(sentence, head if position == 0 else None):
            for text in split(statement):
                before = found[-1].text if found else ""
                found.append(Clause(with_its_parts(_spelled_out(text, before)), sentence))
    return tuple(found)


_NEITHER = re.compile(
    r"(?i)^(?:(?:and )?(?:neither|nor|so) (?:can|may|must|should|does|do|is|are) (?P<who>(?:an? |the )?[\w -]+)|"
    r"(?:and )?the same (?:is true|goes|applies|holds|rule applies|counts|is valid)(?: also)? (?:for|to|of) (?P<whom>(?:an? |the )?[\w -]+)|"
    r"(?:and )?(?:nor )?(?P<neither>(?:an? |the )?[\w-]+(?: [\w-]+)?) (?:neither|either|too|as well))$"
)
_SUBJECT_OF = re.compile(
    r"(?i)^(?P<who>(?:an? |the |each |every |no )?[\w-]+(?: [\w-]+)??) (?P<rest>(?:can|cannot|can't|may|must|should|never|has|have|is|are)\b.+)$"
)


def _spelled_out(text: str, before: str) -> str:
    """ "Neither can a driver", "the same goes for drivers": the clause before, of another one."""
    match = _NEITHER.match(text)
    said = _SUBJECT_OF.match(before) if match else None
    if match is None or said is None:
        return text
    return f"{match['who'] or match['whom'] or match['neither']} {said['rest']}"


# An application that keeps "a fleet of scooters" keeps scooters.
_COLLECTIVE = re.compile(
    r"(?i)\b(?:an?|the|my|our|their) (?:fleet|collection|list|set|group|catalog(?:ue)?|inventory|network|chain|bunch|number|series|database) of (?=[a-z][\w-]*(?: [\w-]+)?s\b)"
)


def _statements(sentence: Sentence, head: Titled | None) -> Iterator[str]:
    text = without_language(sentence.text)
    if head is not None:
        text = _COLLECTIVE.sub("", text)
    if head is None or head.rest is None:
        return unlisted(text, first=head is not None)
    return unlisted(head.rest, first=False) if head.rest else iter(())


def split(text: str) -> Iterator[str]:
    """The parts of a sentence that have a subject and a verb of their own."""
    if len(text) > 4000:
        yield text
        return
    parts = top_level_split(text, _NEXT)
    separators = _separators(text, parts)
    held = ""
    for position, part in enumerate(parts):
        joined = f"{held}{separators[position - 1]}{part}" if held else part
        following = parts[position + 1] if position + 1 < len(parts) else ""
        if following and not _stands_alone(joined):
            held = joined
            continue
        held = ""
        yield joined
    if held:
        yield held


def _separators(text: str, parts: tuple[str, ...]) -> list[str]:
    """What stood between the parts, so that a wrong cut can be mended."""
    found, position = [], 0
    for one, other in itertools.pairwise(parts):
        start = text.find(one, position) + len(one)
        end = text.find(other, start)
        found.append(text[start:end] if end >= start else " and ")
        position = end if end >= 0 else start
    return found


def _stands_alone(part: str) -> bool:
    """Whether what came before a cut is a whole clause: "if a task is done" is not."""
    if not _HAS_VERB.search(part) and ":" not in part:
        return bool(
            re.match(r"[\w-]+(?: [\w-]+){0,5}(?:, (?:and )?[\w-]+(?: [\w-]+){0,5})+$", part)
            or re.search(
                r"(?i)\bwith\b|^(?:i|we|no|never|only|max|at most|not)\b|^\w+ ?(?:api|app|service|system)\b",
                part,
            )
        )
    return not re.match(r"(?i)\s*(?:when|if|once|as soon as|unless|after)\b", part) and not (
        _RELATIVE.search(part)
    )
