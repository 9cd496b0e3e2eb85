"""The names that the declarations gave: entities, fields, states and the verbs of their records."""

from collections.abc import Iterator

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.spoken import Add, State
from quantumlayer.builtin.language.tokens import Names
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, many, plural

# What is said of a record that is not finished, and the names of fields that say it.
_FINISHED = ("done", "completed", "closed", "returned", "resolved", "finished", "paid", "ended")
_TIMES = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}
_WHEN = frozenset(("at", "on", "date", "time"))
_BORROWED = frozenset(("loan", "borrowing", "lending", "checkout", "rental"))


def lexicon(draft: Draft) -> Names:
    """Every name that a rule may speak of."""
    names = Names()
    for entity in draft.entities.values():
        for words in _spoken(draft, entity):
            names.add(words, "ENTITY", entity)
            names.add(many(words), "ENTITY", entity)
        for each in entity.fields.values():
            for words in _names_of(draft, each):
                names.add(words, "FIELD", each)
        for word, state in _states(entity):
            names.add(word, "STATE", state)
    for form, entity_of_verb in _verbs(draft):
        names.add(form, "VERB", entity_of_verb)
    enrollment = draft.entities.get(("enrollment",))
    if enrollment is not None and ("enrolment",) not in draft.entities:
        names.add(("enrolment",), "ENTITY", enrollment)
        names.add(("enrolments",), "ENTITY", enrollment)
    return names


def _verbs(draft: Draft) -> Iterator[tuple[Words, EntityDraft | None]]:
    """The forms of verbs, each with the records that it makes, if any are declared.

    Beside those of the table, "watered" is said of waterings, and "repaired" of repairs.
    """
    for form, nouns in VOCABULARY.verbs.items():
        declared = (draft.entities.get(tuple(noun.split())) for noun in nouns)
        for entity in (*declared, None):
            yield tuple(form.split()), entity
    for entity in draft.entities.values():
        stem = entity.words[-1].removesuffix("ing")
        yield (f"{stem}d" if stem.endswith("e") else f"{stem}ed",), entity


def _spoken(draft: Draft, entity: EntityDraft) -> list[Words]:
    """The whole name, and its last word where nothing else is called so or ends so."""
    short = entity.words[-1:]
    ending = [each for each in draft.entities.values() if each.words[-1:] == short]
    alone = len(ending) == 1 and not _is_field(draft, short)
    return list(dict.fromkeys((entity.words, short))) if alone else [entity.words]


def _is_field(draft: Draft, words: Words) -> bool:
    return any(words in owner.fields for owner in draft.entities.values())


def _names_of(draft: Draft, each: FieldDraft) -> Iterator[Words]:
    """A field's name, and what it may be called for short or in full."""
    words, short, last = each.words, each.words[:-1], each.words[-1]
    yield words
    yield (*short, plural(last))
    if last in {"on", "at"}:
        yield (*words, "date" if each.kind is FieldType.DATE else "time")
    if words == ("date", "time"):
        yield "date", "and", "time"
    if words[:2] == ("number", "of") and words[2:]:
        yield words[2:]
    if each.kind in {FieldType.INTEGER, FieldType.DECIMAL}:
        yield "number", "of", *words
    if not short or _is_field(draft, short):
        return
    timed = last in {"time", "date", "at"} and each.kind in _TIMES
    named = last == "name" and not draft.find(short)
    role = each.target is not None and each.target.words == (last,) and not draft.find(short)
    if timed or named or role:
        yield short
        yield (*short[:-1], plural(short[-1]))


def _states(entity: EntityDraft) -> list[tuple[Words, State]]:
    """What may be said of records: their choices, their flags, what was done, and "open"."""
    found: list[tuple[Words, State]] = []
    for each in entity.fields.values():
        if each.kind is FieldType.CHOICE:
            states = (_told(entity, each, Operator.EQUAL, value) for value in each.choices)
            found += zip((tuple(value.split("_")) for value in each.choices), states, strict=True)
        elif each.kind is FieldType.BOOLEAN:
            found += _flagged(entity, each)
    for each in entity.moments():
        if each.words[-1] in _WHEN and each.words[:1] not in {word for word, _ in found}:
            found.append((each.words[:1], _told(entity, each, Operator.IS_SET)))
    known = {word for word, _ in found}
    return found + [pair for pair in _derived(entity) if pair[0] not in known]


def _told(entity: EntityDraft, each: FieldDraft, operator: Operator, *values: str) -> State:
    where = Condition(field=each.key, operator=operator, values=values)
    return State(entity, where, where.contrary)


def _flagged(entity: EntityDraft, each: FieldDraft) -> list[tuple[Words, State]]:
    yes = Condition(field=each.key, operator=Operator.EQUAL, values=(True,))
    no = Condition(field=each.key, operator=Operator.EQUAL, values=(False,))
    words = each.words[1:] if each.words[0] in {"is", "has"} else each.words
    contrary = (f"un{words[0]}", *words[1:])
    return [(words, State(entity, yes, no)), (contrary, State(entity, no, yes))]


def _derived(entity: EntityDraft) -> list[tuple[Words, State]]:
    """ "open" and "active", of records that have no such choice."""
    opened = _open_by_field(entity)
    if opened is not None:
        return [(("open",), opened), (("active",), opened)]
    if entity.words[-1] not in _BORROWED or _ends_otherwise(entity):
        return []
    because = (
        f"A {entity.label} is open while its returned_on is empty, as no field was named that"
        " says so."
    )
    adds = (Add(entity, ("returned", "on"), (("optional", True),), because),)
    empty = Condition(field="returned_on", operator=Operator.IS_EMPTY)
    opened = State(entity, empty, empty.contrary, adds)
    returned = State(entity, empty.contrary, empty, adds)
    return [(("open",), opened), (("active",), opened), (("returned",), returned)]


def _ends_otherwise(entity: EntityDraft) -> bool:
    """Whether a date tells of a deed that may be the return: "brought back on"."""
    return any(
        each.words[-1] in {"on", "at"}
        and each.words[0] not in VOCABULARY.verbs
        and not kinds.is_created(each.words)
        for each in entity.moments()
    )


def _open_by_field(entity: EntityDraft) -> State | None:
    for each in entity.fields.values():
        if each.kind is FieldType.BOOLEAN and each.words[-1] in _FINISHED:
            return _flagged(entity, each)[1][1]
        if each in entity.moments() and kinds.is_later(each.words):
            return _told(entity, each, Operator.IS_EMPTY)
    return None


def open_state(entity: EntityDraft) -> State | None:
    """What makes a record of an entity current, where fields say so or it is something borrowed."""
    states = dict(_states(entity))
    if ("open",) in states and (entity.words[-1] in _BORROWED or not states["open",].adds):
        return states["open",]
    return None
