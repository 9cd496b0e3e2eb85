"""From declarations to the draft: entities with their fields, references and join records."""

from typing import Any

from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.mentioning import (
    evident,
    kept_at_places,
    only_heard_of,
    told_apart,
)
from quantumlayer.builtin.language.pointing import point, settle_references
from quantumlayer.builtin.language.reading import Read, things_of
from quantumlayer.builtin.language.refusal import Impossible
from quantumlayer.builtin.language.said import Assigned, FieldSaid, Life, Link, Relation, Thing
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, article, many, noun

_NAMELESS = ("-",)
_DATES = {("date",): "date", ("day",): "date", ("time",): "time", ("datetime",): "datetime"}


class SameThing(Exception):  # noqa: N818 - a refusal, not a fault
    """A relation of a thing to its like, of which nobody said how the two are called."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__("the two sides have one name")


def build(reads: list[Read]) -> Draft:
    """The draft that all declarations make together, in whatever order they came."""
    draft = Draft()
    said = [(at, part) for at, read in enumerate(reads) for part in read.said]
    _needs(draft, reads)
    told_apart(reads)
    evident(reads)
    kept_at_places(reads)
    only_heard_of(reads, frozenset(_DATES))
    said = [(at, part) for at, read in enumerate(reads) for part in read.said]
    things = [(at, thing) for at, part in said for thing in things_of(part)]
    for at, thing in sorted(things, key=lambda each: not (each[1].fields or each[1].links)):
        _declare(draft, thing, at)
    for at, part in said:
        if isinstance(part, Thing):
            _fill(draft, part, at)
        elif isinstance(part, Relation):
            _relate(draft, part, at)
    settle_references(draft)
    draft.complete()
    last: FieldDraft | None = None
    for at, part in said:
        if isinstance(part, Life | Assigned):
            before = _told_of(draft, reads[at - 1]) if at else None
            held = last if not part.words else _held(draft, part, before)
            placed = held and (_live(held, part) if isinstance(part, Life) else _assign(held, part))
            if placed:
                placed.statements.append(at)
            else:
                reads[at].said = ()
            last = placed or last
    return draft


def _needs(draft: Draft, reads: list[Read]) -> None:
    """ "Done tasks need a completion date" is a rule, and says that there is such a field."""
    states = _states(reads)
    for read in reads:
        thing = read.said[0] if len(read.said) == 1 else None
        if not isinstance(thing, Thing) or thing.words[:1] not in states.get(thing.words[1:], ()):
            continue
        for each in thing.fields:
            entity = draft.entities.setdefault(thing.words[1:], EntityDraft(thing.words[1:]))
            entity.field(each.words).said["optional"] = True
        read.said = ()


def _states(reads: list[Read]) -> dict[Words, set[Words]]:
    """What may be said before the name of each kind of record: "done", of tasks."""
    lives = {
        (value,)
        for read in reads
        for part in read.said
        if isinstance(part, Life)
        for step in part.steps
        for value in step
    }
    found: dict[Words, set[Words]] = {}
    for thing in (each for read in reads for each in read.things):
        known = found.setdefault(thing.words, set(lives))
        known.update((word,) for each in thing.fields for word in (*_values(each), *each.words[:1]))
    return found


def _values(said: FieldSaid) -> tuple[str, ...]:
    return said.told.get("choices") or tuple(
        value for step in (said.told.get("steps") or ()) for value in step
    )


def _declare(draft: Draft, thing: Thing, at: int) -> None:
    """A thing with fields is an entity of its own; one that is only named may be a known one."""
    longer = draft.find(thing.words)
    if longer is None or (thing.fields and thing.words not in draft.entities):
        longer = draft.entities.setdefault(thing.words, EntityDraft(thing.words))
    longer.statements.append(at)


def _fill(draft: Draft, thing: Thing, at: int) -> EntityDraft:
    entity = draft.name_only(thing.words)
    for link in thing.links:
        _link(draft, entity, link, at)
    for said in _shared(thing.fields):
        if said.told.get("many"):
            point(_target(draft, noun(said.words), at), entity.words, entity, at)
        else:
            _add(entity, said, at)
    return entity


def _field_named(draft: Draft, words: Words) -> FieldDraft | None:
    """The only field of a name, or the field of the entity that is named before it."""
    found = [entity.fields[words] for entity in draft.entities.values() if words in entity.fields]
    if len(found) == 1:
        return found[0]
    for cut in range(len(words) - 1, 0, -1):
        entity = draft.entities.get(noun(words[:cut]))
        if entity is not None:
            return entity.field(words[cut:])
    return None


def _told_of(draft: Draft, read: Read) -> EntityDraft | None:
    """What "it" means after a statement: the only record that it tells of."""
    told = {each.words for each in read.things}
    spoken = (part.words for part in read.said if isinstance(part, Life | Assigned))
    told |= {noun(words) for words in spoken if words}
    return draft.entities.get(told.pop()) if len(told) == 1 else None


def _held(draft: Draft, said: Life | Assigned, before: EntityDraft | None) -> FieldDraft | None:
    """The field that is spoken of; of a record the only one that may hold the values said."""
    words = said.words[:-1] if said.words[1:] and said.words[-1] == "flow" else said.words
    entity = before if words == ("it",) else draft.entities.get(noun(words))
    if entity is None:
        return _field_named(draft, words)
    if isinstance(said, Life):
        values: set[Any] = {value for step in said.steps for value in step}
    else:
        values = {*_listed(said)} or {said.spec[1]}
    found = [each for each in entity.fields.values() if _may_hold(each, values)]
    if not found and isinstance(said, Assigned) and any(map(kinds.tells_state, _listed(said))):
        draft.assume(f"What {' '.join(many(entity.words))} are is kept in a status.")
        return entity.field(("status",))
    return found[0] if len(found) == 1 else None


def _listed(said: Assigned) -> tuple[str, ...]:
    """The choices that are said."""
    return said.spec[1] if said.spec[0] == "choices" else ()


def _may_hold(field: FieldDraft, values: set[Any]) -> bool:
    """Whether a field is said to be one of the values, or is a state of which nothing is said."""
    untold = kinds.is_state(field.words) and not field.said.keys() - {"default"}
    return values <= set(field.choices) or (untold and all(values))


def _live(field: FieldDraft, said: Life) -> FieldDraft | None:
    choices = field.said.get("choices")
    if field.target is not None or not _among(said.steps, choices):
        return None
    if not said.words:
        field.said.setdefault("ways", []).append(said.steps)
        return field
    begun = not choices or said.steps[0][:1] == choices[:1]
    return field if begun and field.said.setdefault("steps", said.steps) == said.steps else None


def _among(steps: tuple[tuple[str, ...], ...], choices: tuple[str, ...] | None) -> bool:
    """Whether all steps lead to what a field may be, where that was said."""
    return choices is None or all(value in choices for step in steps for value in step)


def _assign(field: FieldDraft, said: Assigned) -> FieldDraft | None:
    key, value = said.spec
    chosen = key == "choices" and (field.target is not None or "type" in field.said)
    if chosen or field.said.get(key, value) != value:
        return None
    field.said[key] = value
    return field


def _shared(fields: tuple[FieldSaid, ...]) -> tuple[FieldSaid, ...]:
    """ "Start and end time" are a start time and an end time."""
    found = list(fields)
    for at in reversed(range(len(found) - 1)):
        one, other = found[at], found[at + 1]
        paired = len(one.words) == 1 and len(other.words) == 2 and not one.specs
        if paired and kinds.are_paired(one.words[0], other.words[0]):
            found[at] = FieldSaid((*one.words, *other.words[1:]), (), one.start, one.end)
    return tuple(found)


def _add(entity: EntityDraft, said: FieldSaid, at: int) -> None:
    if said.words == ("id",):
        return
    if not said.words:
        entity.together.append((said.specs[0][1], at))
        return
    field = entity.field(said.words)
    for key in ("type", "optional", "choices"):
        if key in said.told and field.said.get(key, said.told[key]) != said.told[key]:
            reason = f"the {field.label} of {article(entity.label)} is said in two ways"
            raise Impossible(reason, (*field.statements, at))
    field.said.update(dict(said.specs))
    field.statements.append(at)


def _link(draft: Draft, entity: EntityDraft, link: Link, at: int) -> None:
    if link.role == "moment":
        entity.field(link.words).statements.append(at)
        return
    if link.words in _DATES and link.words not in draft.entities:
        entity.field(("date",) if link.words == ("day",) else link.words).statements.append(at)
        return
    target = _target(draft, link.words, at)
    words = (link.role, *target.words) if link.role else target.words
    point(entity, words, target, at)


def _target(draft: Draft, words: Words, at: int) -> EntityDraft:
    target = draft.name_only(words)
    target.statements.append(at)
    return target


def _relate(draft: Draft, said: Relation, at: int) -> None:
    one, other = _fill(draft, said.one, at), _fill(draft, said.other, at)
    if one is other:
        raise SameThing(at)
    if said.kind in {"makes", "has_many"}:
        for each in _shared(said.fields):
            _add(other, each, at)
        point(other, one.words, one, at)
        return
    record = _record(draft, one, other, said.verb)
    record.statements.append(at)
    point(record, one.words, one, at)
    point(record, other.words, other, at)
    for each in _shared(said.fields):
        _add(record, each, at)
    if not said.verb:
        record.together.append(((one.words, other.words), at))


def _record(draft: Draft, one: EntityDraft, other: EntityDraft, verb: str) -> EntityDraft:
    """The record of a verb: one of its names that is declared, one that has both, or a new one.

    One that has both is named after another deed, where the verb has names of its own.
    """
    nouns = [tuple(name.split()) for name in VOCABULARY.verbs.get(verb, ())]
    nouns = nouns[: nouns.index(_NAMELESS, 1)] if _NAMELESS in nouns[1:] else nouns
    known = next((draft.entities[name] for name in nouns if name in draft.entities), None)
    if known is not None and known not in {one, other}:
        return known
    sides = {one.words, other.words}
    having = [each for each in draft.entities.values() if sides <= each.fields.keys()]
    if len(having) == 1 and not nouns:
        return having[0]
    both = (*one.words, *other.words)
    words = next((name for name in nouns if name not in {one.words, other.words}), both)
    words = both if words == _NAMELESS else words
    record = draft.entities.setdefault(words, EntityDraft(words))
    draft.assume(
        f"That {article(one.label)} and {article(other.label)} belong together is kept in"
        f" {' '.join(many(words))}{'' if verb else ', once for each two'}."
    )
    return record
