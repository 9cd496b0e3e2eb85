"""Overlap: "bookings of a room must not overlap", "no double booking"."""

import re

from quantumlayer.builtin.domain import FieldType, NoOverlap, UniqueTogether
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import field_of, find_entity
from quantumlayer.builtin.understanding.relations import refer
from quantumlayer.builtin.understanding.states import conditions
from quantumlayer.builtin.understanding.words import article

_OVERLAP = re.compile(
    r"\boverlap\w*|\bdouble[- ]?book\w*|\bclash\w*|\bconflict\w*|\bintersect\w*|\bcollid\w+"
)
_START = ("start", "starts", "begin", "begins", "from", "checkin", "arrival", "pickup", "opening")
_END = (
    "end",
    "ends",
    "until",
    "till",
    "to",
    "checkout",
    "departure",
    "return",
    "finish",
    "closing",
    "due",
    "dropoff",
)
_TIMED = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand that intervals of records do not overlap."""
    if len(text) > 300 or not _OVERLAP.search(text):
        return False
    if not re.search(
        r"\b(?:cannot|no|not|never|reject\w*|refus\w*|avoid|prevent|without|allow)\b", text
    ):
        return False
    text = _state_first(text)
    found = _entities(draft, text)
    record = _record(draft, found)
    if record is None:
        return False
    adjectives = next((words for entity, words in found if entity is record), ())
    if _SPEAKS_OF_STATES.search(text) and not adjectives:
        return False
    skipped = {"overlapping", "double", "conflicting", "no", "clashing", "booked", "any"}
    where = conditions(draft, record, [word for word in adjectives if word not in skipped])
    if where is None:
        return False
    whose = _whose(draft, record, text)
    if whose == "":
        return False
    per = [entity for entity, _ in found if entity is not record]
    if any(_pointers(record, entity) > 1 for entity in per):
        return False  # of which of the two, the sentence does not say
    references = [
        (record.reference_to(entity) or refer(record, entity, clause.sentence)).key
        for entity in per
    ]
    references += [whose] if whose is not None and whose not in references else []
    if (
        not references
        and len(record.references()) >= 1
        and not re.search(r"\ball\b|\bany 2\b|\bno 2\b", text)
    ):
        place = [each for each in record.references() if each.words[-1] not in _PEOPLE]
        chosen = (place or record.references())[0]
        references = [chosen.key]
        draft.assume(f"Overlaps of {record.many} are judged for each {chosen.label}.")
    return _add(draft, clause, record, references, where)


_UNLESS = re.compile(
    r"^(?:an? |the |any |no )?(?P<body>[a-z-]+s .+?),? (?:unless|except(?: if| when)?) (?:they|it|1|either|1 of them) (?:are|is|was|were) (?P<state>[a-z]+)$"
)
_SPEAKS_OF_STATES = re.compile(r"\b(?:cancelled|rejected|declined|expired|returned|deleted)\b")
_IN_A_STATE = re.compile(
    r"\b(?P<noun>[a-z-]+s(?: (?:of|for|in|by|with) (?:the same |an? |the |each |1 |same )*[a-z-]+)?)"
    r" (?:that|which|who)(?: are| were| have been| is| has been)(?P<no> not)?(?: yet| still| already)?"
    r" (?P<state>[a-z_-]+)\b"
)


def _state_first(text: str) -> str:
    """ "Bookings of a room that are not cancelled" are uncancelled bookings of a room."""
    unless = _UNLESS.match(text)
    if unless is not None:
        return f"un{unless['state']} {unless['body']}"
    return _IN_A_STATE.sub(
        lambda match: f"{'un' if match['no'] else ''}{match['state']} {match['noun']}", text
    )


def _joins(record: EntityDraft) -> bool:
    """Whether a record does no more than join two others that have their own times."""
    return len(record.references()) > 1 and len(record.fields) == len(record.references())


_PEOPLE = frozenset(
    [
        "user",
        "member",
        "customer",
        "person",
        "guest",
        "patient",
        "client",
        "employee",
        "student",
        "owner",
        "renter",
    ]
)


def _pointers(record: EntityDraft, entity: EntityDraft) -> int:
    return sum(each.target == entity.words for each in record.references())


def _whose(draft: Draft, record: EntityDraft, text: str) -> str | None:
    """The field by which records are the same one's: "of one employee"; "" when it is not known."""
    match = re.search(
        r"\b(?:of|for|in|by|on|with) (?:the same|1|any 1|each|an?) (?P<whose>[\w-]+)\b", text
    )
    if match is None or find_entity(draft, match["whose"]) is not None:
        return None
    if match["whose"] in {"time", "day", "date", "way", "moment", "period", "slot"}:
        return None
    field = field_of(record, match["whose"])
    return field.key if field is not None else ""


def _entities(draft: Draft, text: str) -> list[tuple[EntityDraft, tuple[str, ...]]]:
    """The entities spoken of, in their order, with the words before them."""
    found: list[tuple[EntityDraft, tuple[str, ...]]] = []
    words = re.findall(r"[\w'-]+", text)
    for position, word in enumerate(words):
        one = find_entity(draft, word)
        two = find_entity(draft, f"{words[position - 1]} {word}") if position else None
        best = two if two is not None and not two.adjectives else one
        if best is not None and all(best.entity is not entity for entity, _ in found):
            before = tuple(words[position - 1 : position])
            if position > 1 and words[position - 2] in {"not", "non"}:
                before = tuple(f"not_{each}" for each in before)
            found.append(
                (best.entity, before if before and best is one and _is_adjective(before[0]) else ())
            )
    return found


def _is_adjective(word: str) -> bool:
    from quantumlayer.builtin.understanding.states import is_state  # noqa: PLC0415

    return is_state(word.removeprefix("not_"))


def _record(draft: Draft, found: list[tuple[EntityDraft, tuple[str, ...]]]) -> EntityDraft | None:
    for entity, _ in found:
        if bounds(entity) is not None:
            return entity
    mentioned = [entity for entity, _ in found]
    for entity in draft.entities.values():
        if bounds(entity) is not None and any(entity.reference_to(each) for each in mentioned):
            return entity
    for entity, _ in found:
        if entity.words[-1] in {
            "booking",
            "reservation",
            "appointment",
            "rental",
            "meeting",
            "shift",
            "lesson",
            "session",
            "event",
            "stay",
        }:
            return entity
    timed = [entity for entity in draft.entities.values() if bounds(entity) is not None]
    return timed[0] if len(timed) == 1 and not found else None


_BEGINNING = {("check", "in"), ("pick", "up"), ("valid", "from")}
_ENDING = {("check", "out"), ("drop", "off"), ("valid", "until"), ("valid", "to")}


def bounds(entity: EntityDraft) -> tuple[FieldDraft, FieldDraft] | None:
    """The fields at which a record starts and ends; None when it has no two such fields."""
    first = next((each for each in entity.fields.values() if each.words[:2] in _BEGINNING), None)
    last = next((each for each in entity.fields.values() if each.words[:2] in _ENDING), None)
    if first is not None and last is not None:
        return first, last
    timed = [
        each
        for each in entity.fields.values()
        if settled_type(each) in _TIMED or set(each.words) <= {*_START, *_END}
    ]
    start = (
        first
        or next((each for each in timed if each.words[0] in _START), None)
        or next((each for each in timed if set(each.words) & set(_START)), None)
    )
    end = (
        last
        or next((each for each in timed if each.words[0] in _END), None)
        or next((each for each in timed if each is not start and set(each.words) & set(_END)), None)
    )
    return (start, end) if start is not None and end is not None and start is not end else None


def never_at_a_time(
    draft: Draft, clause: Clause, record: EntityDraft, keys: list[str]
) -> bool | None:
    """Records that begin and end are "at a time" when they overlap; None for other records.

    False where one of the keys is such an end itself, or where nothing says whose records.
    """
    found = bounds(record)
    if found is None or any(each.key in _ENDS_OF_LOANS for each in record.fields.values()):
        return None
    pointers = {each.key for each in record.references()}
    return bool(keys) and set(keys) <= pointers and _add(draft, clause, record, keys, ())


def never_together(draft: Draft, clause: Clause, record: EntityDraft, keys: list[str]) -> bool:
    """No two records that share the keys are at the same time; False where none has a time."""
    timed = any(settled_type(each) in _TIMED for each in record.fields.values())
    return (timed or bounds(record) is not None) and _add(draft, clause, record, keys, ())


_ENDS_OF_LOANS = frozenset({"returned_on", "returned_at", "returned_date", "returned", "status"})


def _add(draft: Draft, clause: Clause, record: EntityDraft, per: list[str], where) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    found = bounds(record)
    names = " and ".join(key.removesuffix("_id").replace("_", " ") for key in per)
    if found is None:
        dated = [each for each in record.fields.values() if settled_type(each) in _TIMED]
        twice = _joins(record) and not dated and re.search(r"\bdouble", clause.text.lower())
        if (dated and per) or twice:
            joined = [each.key for each in record.references()]
            keys = tuple(joined) if twice else (*per, *(each.key for each in dated[:2]))
            at = " and ".join(each.label for each in dated[:2])
            many = " and ".join(key.removesuffix("_id").replace("_", " ") for key in joined)
            statement = (
                f"No two {record.many} have the same {many}."
                if twice
                else f"No two {record.many} of the same {names} are at the same {at}."
            )
            draft.add_rule(
                UniqueTogether(
                    requirement="R1",
                    entity=record.name,
                    statement=statement,
                    fields=keys,
                    where=where,
                ),
                clause.sentence,
            )
            if not twice:
                draft.assume(
                    f"{record.many.capitalize()} have no end: two overlap when they begin at the same moment."
                )
            return True
        start = record.add(FieldDraft(("starts", "at"), FieldType.DATETIME, assumed=True))
        end = record.add(FieldDraft(("ends", "at"), FieldType.DATETIME, assumed=True))
        draft.assume(
            f"{article(record.label).capitalize()} has the fields starts_at and ends_at, because it must not overlap."
        )
        found = (start, end)
    start, end = found
    for each in found:
        if each.type is None and settled_type(each) not in _TIMED:
            each.type = FieldType.DATETIME
    of = f" of the same {names}" if names else ""
    statement = f"Two {record.many}{of} never overlap in time."
    draft.add_rule(
        NoOverlap(
            requirement="R1",
            entity=record.name,
            statement=statement,
            start=start.key,
            end=end.key,
            per=tuple(per),
            where=where,
        ),
        clause.sentence,
    )
    draft.context = record
    return True
