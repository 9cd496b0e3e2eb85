"""Nothing is dropped in silence: what a description limits or forbids is built, or it is named.

Every number and every ban of a clause must be found again in what was understood of it; a clause
of which one is missing is listed as not understood.
"""

import re
from collections.abc import Iterable

from quantumlayer.builtin.understanding.assembly import describe
from quantumlayer.builtin.understanding.canonical import canonical
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft
from quantumlayer.builtin.understanding.text import Sentence

_NUMBER = re.compile(r"(?<![\w./:-])-?\d+(?:\.\d+)?(?![\w/:]|-\w|\.\d)")
_BAN = re.compile(r"\b(?:cannot|never|unless|must not|no 2)\b")
_ANYWAY = re.compile(r"\b(?:version|python|node|http|https|rest|oauth|utf|iso|sqlite|port)\b")


def name_what_is_lost(draft: Draft, clauses: Iterable[Clause]) -> None:
    """List each clause of which a number, or the ban that it speaks, was not understood."""
    told = _told(draft)
    numbers = {float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", " ".join(told))}
    ruled = _ruled(draft)
    # A clause is listed already when it, or a part of it, is, in its own words or in plain ones.
    named = [
        form for said, _ in draft.unclear for form in {_plainly(said), canonical(said)} if form
    ]
    listed = [sentence for _, sentence in draft.values.values()]
    for clause in clauses:
        plain = re.sub(r"(?<=\d) ?-(?=\d)", " to ", canonical(clause.text))
        if clause.assumed or clause.sentence in listed:
            continue
        own = _plainly(clause.text)
        if any(each in own or own in each or each in plain for each in named):
            continue
        # "No two …" is a ban rather than a number.
        plain_numbers = {"1", "2"} if clause.sentence in ruled else {"1"}
        lost = [
            each
            for each in _NUMBER.findall(plain)
            if each not in plain_numbers
            and not numbers & {float(each), float(each) - 1, float(each) + 1}
        ]
        if lost and not _ANYWAY.search(plain):
            draft.not_understood(clause.text, f"What {lost[0]} limits here was not understood.")
        elif _BAN.search(plain) and clause.sentence not in ruled:
            draft.not_understood(clause.text, "What this forbids was not understood.")


def _plainly(text: str) -> str:
    return " ".join(text.lower().split())


def _told(draft: Draft) -> list[str]:
    entities = list(draft.entities.values())
    fields = [(entity, field) for entity in entities for field in entity.fields.values()]
    told = [known.rule.statement for known in draft.rules]
    told += [describe(entity, field) for entity, field in fields]
    told += [f"{field.label} {' '.join(field.choices)} {field.pattern}" for _, field in fields]
    told += [entity.label for entity in entities]
    told += [item.statement for item in draft.items] + [said for said, _ in draft.unclear]
    return [*told, draft.title]


def _ruled(draft: Draft) -> list[Sentence]:
    """The sentences from which a rule, a limit or a figure was read."""
    found = [sentence for known in draft.rules for sentence in known.item.sources]
    for entity in draft.entities.values():
        for field in entity.fields.values():
            if field.constrained or field.unique or field.fixed or field.required is not None:
                found += field.sources
    return found + [sentence for item in draft.items for sentence in item.sources]
