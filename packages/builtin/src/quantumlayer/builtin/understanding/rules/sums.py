"""Sums and capacities: "total hours per day at most 24", "cannot exceed the course's capacity"."""

import re

from quantumlayer.builtin.domain import CountLimit, FieldType, Operator, SumLimit
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import field_of, find_entity, find_field
from quantumlayer.builtin.understanding.relations import link_between
from quantumlayer.builtin.understanding.rules.comparisons import compare
from quantumlayer.builtin.understanding.rules.counting import group_keys, record_of
from quantumlayer.builtin.understanding.states import conditions
from quantumlayer.builtin.understanding.verbs import LINKING
from quantumlayer.builtin.understanding.words import article

_ROOM = frozenset(
    [
        "capacity",
        "seats",
        "size",
        "limit",
        "places",
        "stock",
        "quantity",
        "max",
        "maximum",
        "spots",
        "slots",
        "copies",
        "tickets",
        "allowance",
        "budget",
    ]
)
_NUMERIC = {FieldType.INTEGER, FieldType.DECIMAL}
_SUM = re.compile(
    r"^(?:the )?(?:total|sum|overall|combined|summed|accumulated|cumulative)(?: (?:number|amount))?(?: of)?(?: (?:the|all))* (?P<what>.+?)"
    r"(?P<tail>(?: (?:per|for|of|in|on|by)\b.+?)?) (?:must|cannot|can|is|are)(?: not)?(?: be| only| never)*(?: at most| exceed| more than| above| over| greater than| higher than| reach at most| go over)+ (?P<limit>.+)$"
)
_SUM_PLAIN = re.compile(
    r"^(?P<subject>[\w' -]+?) (?:can|must|cannot)(?: only)? (?:log|work|spend|record|book|enter|order|use|have|take|claim|earn|pay|withdraw)(?: in total)? (?:at most|more than) (?P<limit>\d+(?:\.\d+)?) (?P<what>[\w ]+?)(?P<tail> (?:per|a|each|every|in an?) [\w ]+)$"
)
_EXCEED = re.compile(
    r"^(?:the )?(?P<what>.+?) (?:must|cannot|can|may)(?: not)?(?: be| only| have| take| accept| hold)*(?: exceed| more than| above| over| greater than| higher than| at most| go (?:over|above|beyond)| surpass| larger than| bigger than| beyond| fit| equal to)+ (?P<limit>.+)$"
)
_MORE_THAN = re.compile(
    r"^(?P<subject>[\w' -]+?) cannot (?:have|be sold|[a-z]+) more (?P<what>[\w ]+?) than (?:its |the |their |there are |it has )?(?P<limit>[\w' -]+?)(?: allows?| permits?)?$"
)
_UP_TO = re.compile(
    r"^(?P<subject>[\w' -]+?) (?:can|accepts?|takes?|holds?|has|have)(?: have| accept| take| hold| get| admit)? (?P<what>[\w ]+?) (?:at most|until|to|within)(?: its| the| their)? (?P<limit>[\w' -]*?(?:capacity|seats|places|limit|spots|stock|size)[\w ]*?)(?: is (?:reached|full))?$"
)
_FULL = re.compile(
    rf"^(?:it (?:is|must) .*|.*\bcannot (?:be )?(?:{LINKING}|add|allow|accept|take|sell|register).*?)\b(?:when|if|once|after|to|in|into|for|of|on) (?:the |an? |its )?(?P<subject>[\w ]+?)?(?: (?:that|which))? ?(?:is|are|has become|gets)? (?:already )?(?:full|sold out|fully booked|at capacity|out of (?:seats|stock|space))$"
)
_FULL_SUBJECT = re.compile(
    r"^(?:an? |the |each )?(?:full|sold[- ]out|fully booked) (?P<subject>[\w ]+?) cannot .*$|^(?P<over>no over-?booking|cannot (?:be )?over-?book\w*|over-?booking (?:is|must) .*)(?: of (?P<of>[\w ]+))?$"
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a limit on a sum, or one that is read from a field of a related record."""
    if len(text) > 300:
        return False
    readers = (_sum, _sum_plain, _left_out, _no_more, _more_than, _up_to, _full, _exceed)
    return any(reader(draft, clause, text) for reader in readers)


def _sum(draft: Draft, clause: Clause, text: str) -> bool:
    match = _SUM.match(text)
    if match is None:
        return False
    what, tail = match["what"], match["tail"]
    found = find_field(draft, what, draft.context)
    if found is None and " of " in f"{what}{tail}":
        found = find_field(draft, f"{what}{tail}", draft.context)
    if found is not None and settled_type(found.field) not in _NUMERIC:
        found = None
    thing = find_entity(draft, what)
    if found is None and thing is not None and not thing.adjectives:
        amount = _only_number(thing.entity)
        if amount is not None:
            return _add_sum(draft, clause, thing.entity, amount, tail, match["limit"])
    if found is None:
        for entity in draft.entities.values():
            field = field_of(entity, what)
            if field is not None and settled_type(field) in _NUMERIC:
                return _add_sum(draft, clause, entity, field, tail, match["limit"])
        return _exceed(draft, clause, text)
    return _add_sum(draft, clause, found.entity, found.field, tail, match["limit"])


def _only_number(entity: EntityDraft) -> FieldDraft | None:
    """What the sum of payments adds up: their amount, else the one number that they hold."""
    numbers = [each for each in entity.fields.values() if settled_type(each) in _NUMERIC]
    named = [each for each in numbers if set(each.words) & {"amount", "quantity", "hours", "total"}]
    chosen = named or numbers
    return chosen[0] if len(chosen) == 1 else None


def _sum_plain(draft: Draft, clause: Clause, text: str) -> bool:
    """ "An employee can log at most 24 hours per day"."""
    match = _SUM_PLAIN.match(text)
    if match is None:
        return False
    subject = find_entity(draft, match["subject"])
    if subject is None or find_entity(draft, match["what"]) is not None:
        return False
    for entity in draft.entities.values():
        field = field_of(entity, match["what"])
        if (
            field is not None
            and settled_type(field) in _NUMERIC
            and entity.reference_to(subject.entity)
        ):
            tail = re.sub(r"\b(?:a|each|every|in an?) ", "per ", match["tail"])
            return _add_sum(
                draft, clause, entity, field, f" per {subject.entity.label}{tail}", match["limit"]
            )
    return False


def _add_sum(
    draft: Draft, clause: Clause, entity: EntityDraft, field: FieldDraft, tail: str, limit: str
) -> bool:
    tail = re.sub(
        r"\bof (?:all |the )*(?:its |an? |each )?" + re.escape(entity.many) + r"\b", " ", tail
    )
    tail = re.sub(r"\b(?:of|in|on) (?=(?:an?|the|each|all)\b)", "per ", tail)
    tail = re.sub(
        rf"\b(?:per|for|by) (?:all |the |an? )*(?:{re.escape(entity.many)}|{re.escape(entity.label)})\b",
        " ",
        tail,
    )
    grouped = group_keys(draft, clause, entity, tail.strip())
    if grouped is None:
        return False
    keys, said, _ = grouped
    number = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?: [a-z%]+)?", limit.strip())
    each = f" for each {' and '.join(said)}" if said else ""
    if number:
        statement = f"The total {field.label} of {entity.many} is at most {number[1]}{each}."
        draft.add_rule(
            SumLimit(
                requirement="R1",
                entity=entity.name,
                statement=statement,
                field=field.key,
                per=tuple(keys),
                maximum=number[1],
            ),
            clause.sentence,
        )
        return True
    return _from_field(draft, clause, entity, field, limit, keys)


def _from_field(
    draft: Draft,
    clause: Clause,
    record: EntityDraft,
    field: FieldDraft | None,
    limit: str,
    keys: list[str],
) -> bool:
    """A limit that is a number field of an entity to which the records point."""
    for reference in record.references():
        parent = draft.entities.get(reference.target or ())
        if parent is None or parent is record:
            continue
        name = re.sub(
            rf"^(?:the |its |an? |their |available )*(?:{re.escape(parent.label)}(?:'s)? )?",
            "",
            limit,
        )
        name = re.sub(
            rf" (?:of|for|in) (?:the |its |an? |that )?{re.escape(parent.label)}$", "", name
        )
        room = field_of(parent, name) or (_room(parent) if set(name.split()) & _ROOM else None)
        if room is None or settled_type(room) not in _NUMERIC:
            continue
        if keys and keys != [reference.key]:
            continue
        if field is not None:
            statement = f"The total {field.label} of {record.many} for each {parent.label} is at most its {room.label}."
            draft.add_rule(
                SumLimit(
                    requirement="R1",
                    entity=record.name,
                    statement=statement,
                    field=field.key,
                    per=(reference.key,),
                    maximum_field=room.key,
                ),
                clause.sentence,
            )
        else:
            statement = f"{article(parent.label).capitalize()} has at most as many {record.many} as its {room.label}."
            draft.add_rule(
                CountLimit(
                    requirement="R1",
                    entity=record.name,
                    statement=statement,
                    per=(reference.key,),
                    maximum_field=room.key,
                    where=_not_cancelled(draft, record),
                ),
                clause.sentence,
            )
        draft.context = record
        return True
    return False


def _not_cancelled(draft: Draft, record: EntityDraft):  # type: ignore[no-untyped-def]  # noqa: ANN202
    status = record.fields.get("status")
    if status is not None and "cancelled" in status.choices:
        draft.assume(f"Cancelled {record.many} do not count towards a limit.")
        return conditions(draft, record, ("not_cancelled",)) or ()
    return ()


def _room(parent: EntityDraft) -> FieldDraft | None:
    return next(
        (
            each
            for each in parent.fields.values()
            if set(each.words) & _ROOM and settled_type(each) in _NUMERIC
        ),
        None,
    )


def _counted_records(draft: Draft, subject: EntityDraft | None, what: str) -> list[EntityDraft]:
    """The records that "students" of a course are: enrollments, or students themselves."""
    plain = re.sub(
        r"^(?:the )?(?:(?:total |current )?(?:number|count|amount) of |total )?", "", what
    )
    plain = re.sub(r"^(?:sold|booked|open|active|the|all|of) ", "", plain)
    thing = find_entity(draft, re.split(r" (?:for|in|of|per|to|on|at) ", plain)[0])
    if thing is None:
        return []
    entity = thing.entity
    if subject is not None and entity.reference_to(subject) is None:
        linked = link_between(draft, entity, subject)
        return [linked] if linked is not None else []
    return [entity]


def _exceed(draft: Draft, clause: Clause, text: str) -> bool:
    match = _EXCEED.match(text)
    if match is None or re.match(r"-?\d", match["limit"]):
        return False
    what, limit = match["what"], match["limit"]
    parent = _holder_of(draft, limit)
    if parent is not None:
        plain = re.sub(r"^(?:the )?(?:number|count|amount) of ", "", what)
        measured = find_field(draft, re.sub(r"^(?:the |an? |each )+", "", what))
        if measured is not None and settled_type(measured.field) in _NUMERIC:
            plain = what
        elif plain != what or find_entity(draft, what) is not None:
            for record in _counted_records(draft, parent, what):
                if _from_field(draft, clause, record, _amount(record), limit, []):
                    return True
    plain = re.sub(
        r"^(?:an? |the |each )?(?:total )?(?:booked |sold |ordered |reserved )?", "", what
    )
    found = find_field(draft, plain, draft.context)
    if found is None or settled_type(found.field) not in _NUMERIC:
        return False
    if field_of(found.entity, limit) is not None and parent in {None, found.entity}:
        return False
    if re.match(r"(?:the |an? )?total\b", what) or not _takes_place(found.entity):
        return _from_field(draft, clause, found.entity, found.field, limit, [])
    return compare(draft, clause, what, Operator.LESS_OR_EQUAL, limit)


def _takes_place(entity: EntityDraft) -> bool:
    """Whether a record is at a moment of its own, so that each one is judged alone."""
    kinds = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}
    return any(settled_type(field) in kinds for field in entity.fields.values())


def _holder_of(draft: Draft, limit: str) -> EntityDraft | None:
    found = find_field(draft, limit)
    if found is not None and settled_type(found.field) in _NUMERIC:
        return found.entity
    for entity in draft.entities.values():
        if re.search(rf"\b{re.escape(entity.label)}\b", limit) and _room(entity) is not None:
            return entity
    rooms = [entity for entity in draft.entities.values() if _room(entity) is not None]
    return rooms[0] if len(rooms) == 1 and set(re.findall(r"\w+", limit)) & _ROOM else None


def _amount(record: EntityDraft) -> FieldDraft | None:
    """The field of a record that says how many places it takes: seats, quantity, guests."""
    return next(
        (each for each in record.fields.values() if set(each.words) & {"seats", "quantity", "tickets", "guests", "places", "people", "persons", "attendees"}
         and settled_type(each) is FieldType.INTEGER),
        None,
    )  # fmt: skip


_LEFT_OUT = re.compile(r"^at most (?:the|its|their)(?: [\w]+'s?)? (?P<limit>[\w ]+)$")


def _left_out(draft: Draft, clause: Clause, text: str) -> bool:
    """ "…, but never more than the capacity": what is counted was said in the clause before."""
    match = _LEFT_OUT.match(text)
    if match is None:
        return False
    pointing = [each for each in draft.entities.values() if each.references()]
    joining = [each for each in pointing if len(each.references()) > 1] or pointing
    return any(
        _from_field(draft, clause, record, _amount(record), match["limit"], [])
        for record in ([draft.context] if draft.context in joining else joining)
        if record is not None
    )


_NO_MORE = re.compile(
    r"^(?:there )?(?:(?:cannot|can) be )?(?:no|not) more (?P<what>[\w ]+?) than (?P<limit>.+?)(?: (?:are|is) allowed| allows?)?$|"
    r"^(?:there )?cannot be more (?P<other>[\w ]+?) than (?P<end>.+)$"
)


def _no_more(draft: Draft, clause: Clause, text: str) -> bool:
    """ "No more tickets than the event's capacity"."""
    match = _NO_MORE.match(text)
    if match is None:
        return False
    what, limit = match["what"] or match["other"], match["limit"] or match["end"]
    parent = _holder_of(draft, limit)
    return any(
        _from_field(draft, clause, record, _amount(record), limit, [])
        for record in _counted_records(draft, parent, what)
    )


def _more_than(draft: Draft, clause: Clause, text: str) -> bool:
    match = _MORE_THAN.match(text)
    if match is None:
        return False
    return _limited_by_room(draft, clause, match["subject"], match["what"], match["limit"])


def _up_to(draft: Draft, clause: Clause, text: str) -> bool:
    match = _UP_TO.match(text)
    if match is None or re.match(r"\d", match["limit"]):
        return False
    return _limited_by_room(draft, clause, match["subject"], match["what"], match["limit"])


def _limited_by_room(
    draft: Draft, clause: Clause, subject_phrase: str, what: str, limit: str
) -> bool:
    subject = find_entity(draft, subject_phrase)
    if subject is None:
        return False
    for record in _counted_records(draft, subject.entity, what) or _pointing(draft, subject.entity):
        if _from_field(draft, clause, record, _amount(record), limit, []):
            return True
        room = _room(subject.entity)
        if room is not None and _from_field(draft, clause, record, _amount(record), room.label, []):
            return True
    return False


def _pointing(draft: Draft, subject: EntityDraft) -> list[EntityDraft]:
    found = [
        each
        for each in draft.entities.values()
        if each is not subject and each.reference_to(subject)
    ]
    return found if len(found) == 1 else []


def _full(draft: Draft, clause: Clause, text: str) -> bool:
    match = _FULL.match(text)
    phrase = match["subject"] if match else None
    if match is None:
        match = _FULL_SUBJECT.match(text)
        if match is None:
            return False
        phrase = match["subject"] or match["of"]
    subject = find_entity(draft, phrase) if phrase else None
    candidates = (
        [subject.entity] if subject else [each for each in draft.entities.values() if _room(each)]
    )
    for parent in candidates:
        room = _room(parent)
        if room is None:
            continue
        verb = re.search(rf"\b(?:{LINKING})\b", text)
        record = record_of(draft, parent, verb.group()) if verb else None
        for each in [record] if record else _pointing(draft, parent):
            if _from_field(draft, clause, each, _amount(each), room.label, []):
                return True
    return False
