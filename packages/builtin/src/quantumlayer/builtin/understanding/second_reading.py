"""The second reading of a clause: as a rule, in other words, in parts, as an operation; else named."""

import re

from quantumlayer.builtin.understanding.canonical import canonical
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.definitions import (
    read_definition,
    resolve_references,
    without_opening,
)
from quantumlayer.builtin.understanding.draft import (
    Draft,
    EntityDraft,
    Snapshot,
)
from quantumlayer.builtin.understanding.fields import read_field
from quantumlayer.builtin.understanding.intent import (
    opening,
    without_wish,
)
from quantumlayer.builtin.understanding.operations import read_operation
from quantumlayer.builtin.understanding.paraphrases import in_parts, paraphrases, two_limits
from quantumlayer.builtin.understanding.phrases import (
    field_of,
    find_entity,
)
from quantumlayer.builtin.understanding.relations import read_relation
from quantumlayer.builtin.understanding.rules import read_rule
from quantumlayer.builtin.understanding.unsupported import (
    unsupported,
)


def later_rules(draft: Draft) -> list[Clause]:
    """The rules that stood in lists of fields; one on things that nobody described is named."""
    found = []
    for text, sentence in draft.later:
        counted = re.search(r" can have at most \d+ (?P<what>[a-z]+)$", text)
        if counted is not None and find_entity(draft, counted["what"]) is None:
            draft.not_understood(text, f"Nothing says what the {counted['what']} are.")
        else:
            found.append(Clause(text, sentence))
    return found


# Figures are read last, when every number field is known.
ASKS_A_FIGURE = re.compile(
    r"^(?:the |an? |monthly |daily )*(?:report|overview|total|sum|average|mean|number of|count of|statistics?)\b(?!.*\b(?:cannot|must|can|at most|exceed|is|are)\b)"
)


def read_statement_again(draft: Draft, clause: Clause) -> None:
    """Understand a clause when all records are known; what is not understood is listed."""
    plain = re.sub(r"[\"']([\w -]+)[\"']", r"\1", canonical(clause.text)).strip(" .!")
    plain = re.sub(r"\s*\((?:e\.g\.?|for example|i\.e\.?)[^)]*\)", "", plain)
    before = {words: set(entity.fields) for words, entity in draft.entities.items()}
    context = _heading_entity(draft, clause)
    if context is not None:
        draft.context = context
    reason = unsupported(clause.text)
    if reason is not None and not re.search(r"\b(?:cannot|at most|unique|must be)\b", plain):
        if not clause.assumed:
            draft.not_understood(clause.text, reason)
        return
    opened = canonical(without_opening(clause.text))
    if _read_as_rule(draft, clause, plain) or (
        opened != plain and _read_as_rule(draft, clause, opened)
    ):
        return
    if not LIMITS.search(plain) and read_relation(draft, clause, plain):
        resolve_references(draft)
        return
    defines = not _BANS_ALL.search(plain)
    if defines and read_definition(draft, clause, without_opening(clause.text)):
        resolve_references(draft)
        return
    _forget_new(draft, before)
    if _read_parts(draft, clause, plain):
        return
    if clause.assumed or (not _FORBIDS.search(plain) and read_operation(draft, clause, plain)):
        return
    if _is_filler(draft, clause):
        return
    draft.not_understood(
        clause.text,
        reason or "This was not understood as an entity, a field, a relation or a rule.",
    )


# A text with one of these limits something: as a mere relation or wish its limit would be lost.
_FORBIDS = re.compile(
    r"\b(?:cannot|never|unless|twice|at (?:most|least)|(?:more|less|longer|older|fewer) than|only)\b"
)


LIMITS = re.compile(
    r"\b(?:cannot|never|unless|twice|at (?:most|least) (?!1\b)|(?:more|less|longer|fewer) than (?!1\b)"
    r"|(?!1\b)\d+)\b"
)


# "A scooter with a battery below 20 cannot be rented" bans, where "a title that cannot be empty" tells.
_BANS_ALL = re.compile(r"^(?!.*\b(?:that|which|who|and|,) cannot\b).*\bcannot\b")


def _read_as_rule(draft: Draft, clause: Clause, plain: str) -> bool:
    """Read a rule as it stands, or as one of the other ways to say it.

    What a reading began and did not finish is taken back.
    """
    before = Snapshot(draft)
    both = two_limits(draft, plain)
    for reading in ((plain,), both, *((each,) for each in paraphrases(draft, plain))):
        if reading and all(read_rule(draft, clause, each) for each in reading):
            return True
        before.restore()
    return False


def _read_parts(draft: Draft, clause: Clause, plain: str) -> bool:
    """Read a clause of several rules part by part; what is not understood of it is said."""
    parts = in_parts(plain)
    understood = [part for part in parts if _read_as_rule(draft, clause, part)]
    if not understood:
        return False
    for part in parts:
        if part not in understood and not _read_fragment(draft, clause, part):
            draft.not_understood(part, "This part of a rule was not understood.")
    return True


_MEASURE = re.compile(
    r"^[a-z]+(?: [a-z]+)? (?:from|between) -?\d+(?:\.\d+)? (?:to|and) -?\d+(?:\.\d+)?$"
)


def _read_fragment(draft: Draft, clause: Clause, part: str) -> bool:
    """ "…, grade from 1 to 6" is a field of what the rule before it speaks of."""
    if not _MEASURE.match(part) or draft.context is None:
        return False
    read = read_field(part, clause.sentence)
    if read is None or read.unread or field_of(draft.context, read.field.label) is not None:
        return False
    draft.context.add(read.field)
    return True


def _heading_entity(draft: Draft, clause: Clause) -> EntityDraft | None:
    found = find_entity(draft, clause.heading) if clause.heading else None
    return found.entity if found is not None and not found.adjectives else None


def _forget_new(draft: Draft, before: dict[tuple[str, ...], set[str]]) -> None:
    """Take back entities that a reading began and did not finish."""
    for words in [
        words
        for words, entity in draft.entities.items()
        if words not in before and not entity.fields
    ]:
        del draft.entities[words]


def _is_filler(draft: Draft, clause: Clause) -> bool:
    plain = without_wish(clause.text)
    if not re.search(r"[a-zA-Z]{2}", plain):
        return True
    if draft.title and clause.text.strip(" .") == draft.title:
        return True
    intent = opening(clause.text)
    return (
        intent is not None and not intent.rest and bool(draft.entities) and len(plain.split()) <= 6
    )
