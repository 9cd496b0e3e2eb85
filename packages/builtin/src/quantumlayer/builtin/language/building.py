"""From declarations to the draft: entities with their fields, references and join records."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.mentioning import evident, minimums, only_heard_of, told_apart
from quantumlayer.builtin.language.reading import Read, things_of
from quantumlayer.builtin.language.refusal import Impossible
from quantumlayer.builtin.language.said import Assigned, FieldSaid, Life, Link, Relation, Thing
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, article, is_plural, many, noun

_NAMELESS = ("-",)
_DATES = {("date",): "date", ("day",): "date", ("time",): "time", ("datetime",): "datetime"}
_SHARED_LAST = frozenset(("time", "date", "day"))
_SHARED_FIRST = frozenset(
    ("start", "end", "departure", "arrival", "entry", "exit", "opening", "closing", "birth")
)


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
    minimums(reads)
    evident(reads)
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
    _settle_references(draft)
    draft.complete()
    last: FieldDraft | None = None
    for at, part in said:
        if isinstance(part, Life | Assigned):
            placed = (
                _live(draft, part, last, at) if isinstance(part, Life) else _assign(draft, part, at)
            )
            if placed is None:
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
    for thing in (each for read in reads for part in read.said for each in things_of(part)):
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
            _point(_target(draft, noun(said.words), at), entity.words, entity, at)
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


def _live(draft: Draft, said: Life, last: FieldDraft | None, at: int) -> FieldDraft | None:
    if not said.words:
        if last is None:
            return None
        if not _among(said.steps, last.said.get("choices")):
            return None
        before = last.said.setdefault("ways", [])
        before.append(said.steps)
        last.statements.append(at)
        return last
    words = said.words[:-1] if said.words[-1] == "flow" else said.words
    field = _field_named(draft, words)
    if field is None or field.target is not None:
        return None
    choices = field.said.get("choices")
    if choices and (said.steps[0][:1] != choices[:1] or not _among(said.steps, choices)):
        return None
    field.said["steps"] = said.steps
    field.statements.append(at)
    return field


def _among(steps: tuple[tuple[str, ...], ...], choices: tuple[str, ...] | None) -> bool:
    """Whether all steps lead to what a field may be, where that was said."""
    return choices is None or all(value in choices for step in steps for value in step)


def _assign(draft: Draft, said: Assigned, at: int) -> FieldDraft | None:
    field = _field_named(draft, said.words)
    if field is None:
        return None
    field.said[said.spec[0]] = said.spec[1]
    field.statements.append(at)
    return field


def _shared(fields: tuple[FieldSaid, ...]) -> tuple[FieldSaid, ...]:
    """ "Start and end time" are a start time and an end time."""
    found = list(fields)
    for at in range(len(found) - 1):
        one, next_one = found[at], found[at + 1]
        if (
            (
                len(one.words) == 1
                and one.words[0] in _SHARED_FIRST
                and not one.specs
                and len(next_one.words) == 2
            )
            and next_one.words[1] in _SHARED_LAST
            and next_one.words[0] in _SHARED_FIRST
        ):
            found[at] = FieldSaid((*one.words, next_one.words[1]), (), one.start, one.end)
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
    _point(entity, words, target, at)


def _target(draft: Draft, words: Words, at: int) -> EntityDraft:
    target = draft.name_only(words)
    target.statements.append(at)
    return target


def _point(entity: EntityDraft, words: Words, target: EntityDraft, at: int) -> FieldDraft:
    """A reference; one that was said already, by the same words, is the same."""
    known = entity.reference_to(target)
    if known is not None and words == target.words:
        return known
    field = entity.field(words)
    field.target = target
    field.statements.append(at)
    return field


def _relate(draft: Draft, said: Relation, at: int) -> None:
    one, other = _fill(draft, said.one, at), _fill(draft, said.other, at)
    if one is other:
        raise SameThing(at)
    if said.kind in {"makes", "has_many"}:
        for each in _shared(said.fields):
            _add(other, each, at)
        _point(other, one.words, one, at)
        return
    record = _record(draft, one, other, said.verb)
    record.statements.append(at)
    _point(record, one.words, one, at)
    _point(record, other.words, other, at)
    for each in _shared(said.fields):
        _add(record, each, at)
    if not said.verb:
        record.together.append(((one.words, other.words), at))


def _record(draft: Draft, one: EntityDraft, other: EntityDraft, verb: str) -> EntityDraft:
    """The record of a verb: one of its names that is declared, one that has both, or a new one."""
    nouns = [tuple(name.split()) for name in VOCABULARY.verbs.get(verb, ())]
    known = next((draft.entities[name] for name in nouns if name in draft.entities), None)
    if known is not None and known not in {one, other}:
        return known
    sides = {one.words, other.words}
    having = [each for each in draft.entities.values() if sides <= each.fields.keys()]
    if len(having) == 1:
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


def _settle_references(draft: Draft) -> None:
    """Fields that are called like an entity point to it."""
    for entity in draft.entities.values():
        for field in entity.fields.values():
            said = field.said.get("thing")
            if isinstance(said, tuple):
                field.target = draft.find(noun(said)) or field.target
            if field.target is None and _may_point(field):
                field.target = _named_like(draft, entity, field)
            if field.target is entity and field.said.setdefault("optional", True):
                draft.assume(f"The {field.label} of {article(entity.label)} may be missing.")
        _merge_doubles(entity)
        _time_of_day(entity)
        _turn_round(draft, entity)


def _may_point(field: FieldDraft) -> bool:
    typed = field.said.keys() & {
        "type",
        "choices",
        "steps",
        "range",
        "minimum",
        "maximum",
        "pattern",
        "length",
        "default",
    }
    return not typed and not is_plural(field.words[-1])


def _named_like(draft: Draft, entity: EntityDraft, field: FieldDraft) -> EntityDraft | None:
    """The entity that a field is called like: "room", "sitter family", "from account"."""
    words = field.words
    exact = draft.entities.get(words)
    if exact is not None:
        return exact
    others = list(draft.entities.values())
    found = [each for each in others if len(words) > 1 and words[-len(each.words) :] == each.words]
    if not found and kinds.kind_of(words) is FieldType.TEXT and not kinds.is_told(words):
        found = [each for each in others if each.words[-1] == words[-1] and len(each.words) > 1]
        found = [each for each in found if each is not entity or len(words) > 1]
    if not found and len(words) == 2 and words[1] == "member":
        found = [each for each in others if each.words == words[:1]]
    return found[0] if len(found) == 1 else None


def _time_of_day(entity: EntityDraft) -> None:
    """Beside a date, "start time" is a time of that day."""
    day = entity.fields.get(("date",))
    for field in entity.fields.values() if day and day.kind is FieldType.DATE else ():
        if field.words[-1] == "time" and field.kind is FieldType.DATETIME:
            field.said.setdefault("type", FieldType.TIME)


def _merge_doubles(entity: EntityDraft) -> None:
    """A reference by the entity's full name and one by its last word are one."""
    for words, field in list(entity.fields.items()):
        twin = entity.fields.get(field.target.words) if field.target is not None else None
        if twin is not None and twin is not field and words == twin.words[-len(words) :]:
            twin.statements += field.statements
            twin.said.update(field.said)
            del entity.fields[words]


def _turn_round(draft: Draft, entity: EntityDraft) -> None:
    """ "Hotels have rooms": where rooms are records, each of them points to its hotel."""
    for words, field in list(entity.fields.items()):
        if len(words) > 1 and words[-1] == "id" and words[:-1] in draft.entities:
            del entity.fields[words]
            _point(entity, words[:-1], draft.entities[words[:-1]], field.statements[0])
        other = draft.entities.get(noun(words))
        if is_plural(words[-1]) and other is not None and other is not entity and not field.said:
            del entity.fields[words]
            _point(other, entity.words, entity, field.statements[0])
            draft.assume(f"Each {other.label} belongs to one {entity.label}.")
