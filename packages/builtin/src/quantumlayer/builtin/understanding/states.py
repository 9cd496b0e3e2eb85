"""Words for the state of a record ("open loans", "a paid invoice") as conditions on its fields."""

import re
from collections.abc import Iterable

from quantumlayer.builtin.domain import Condition, FieldType, Operator
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.words import article

_DATED = (FieldType.DATE, FieldType.DATETIME, FieldType.TIME)
# State words, in the order in which a record usually passes through them.
LIFECYCLE = [
    "draft",
    "new",
    "requested",
    "submitted",
    "pending",
    "open",
    "todo",
    "planned",
    "scheduled",
    "waiting",
    "unassigned",
    "active",
    "available",
    "in_progress",
    "started",
    "running",
    "doing",
    "on_hold",
    "paused",
    "reserved",
    "booked",
    "confirmed",
    "accepted",
    "approved",
    "published",
    "enrolled",
    "borrowed",
    "rented",
    "loaned",
    "out",
    "sent",
    "unpaid",
    "overdue",
    "late",
    "partial",
    "paid",
    "packed",
    "shipped",
    "in_transit",
    "delivered",
    "reviewed",
    "resolved",
    "done",
    "completed",
    "finished",
    "returned",
    "refunded",
    "inactive",
    "closed",
    "rejected",
    "declined",
    "cancelled",
    "failed",
    "expired",
    "suspended",
    "blocked",
    "banned",
    "retired",
    "sold",
    "lost",
    "broken",
    "damaged",
    "unavailable",
    "archived",
    "deleted",
    "withdrawn",
    "ended",
    "full",
]
STATE_WORDS = frozenset(LIFECYCLE) | frozenset(
    [
        "unreturned",
        "outstanding",
        "current",
        "unfinished",
        "incomplete",
        "unresolved",
        "ongoing",
        "existing",
        "past",
        "future",
        "upcoming",
        "read",
        "unread",
        "verified",
        "unverified",
        "enabled",
        "disabled",
        "locked",
        "unlocked",
        "signed",
        "voided",
        "void",
        "processed",
        "unpublished",
        "occupied",
        "vacant",
        "checked-out",
        "ready",
        "graded",
        "assigned",
        "unconfirmed",
        "unapproved",
        "undelivered",
        "unshipped",
        "posted",
        "settled",
        "dead",
    ]
)
# Whether a record is in these depends on the hour at which one looks: no field can hold it.
_OF_THE_CLOCK = frozenset(["past", "future", "upcoming", "overdue", "late", "recent"])
_OPEN = frozenset(
    [
        "open",
        "active",
        "outstanding",
        "unreturned",
        "current",
        "unfinished",
        "ongoing",
        "running",
        "unresolved",
        "incomplete",
    ]
)
_ENDED = frozenset(["closed", "finished", "returned", "completed", "ended", "done", "resolved"])
_END_STEMS = frozenset(
    [
        "returned",
        "return",
        "closed",
        "finished",
        "completed",
        "ended",
        "completion",
        "resolved",
        "checkout",
        "checked",
        "cancelled",
        "done",
        "end",
    ]
)
_LENDING = frozenset(
    ["loan", "borrowing", "rental", "checkout", "lending", "lease", "hire", "borrow"]
)
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "done": ("completed", "finished", "closed", "resolved"),
    "completed": ("done", "finished", "complete", "closed"),
    "complete": ("completed", "done", "finished"),
    "finished": ("done", "completed", "complete"),
    "open": ("active", "todo", "pending", "new"),
    "active": ("open", "enabled", "current", "running", "in_progress"),
    "current": ("active", "open"),
    "ongoing": ("active", "in_progress", "open"),
    "closed": ("done", "completed", "resolved", "finished", "inactive"),
    "cancelled": ("canceled", "cancel"),
    "inactive": ("disabled", "closed"),
    "lent": ("loaned", "borrowed", "on_loan", "checked_out"),
    "unavailable": ("out", "borrowed", "rented", "sold", "loaned"),
    "archived": ("closed",),
    "doing": ("in_progress", "started"),
    "started": ("in_progress", "doing"),
    "pending": ("open", "new", "requested"),
    "approved": ("accepted", "confirmed"),
    "confirmed": ("approved", "accepted", "booked"),
    "reserved": ("booked",),
    "booked": ("reserved", "confirmed"),
    "outstanding": ("open", "unpaid", "active"),
    "free": ("available",),
}  # fmt: skip


def is_state(word: str) -> bool:
    """Whether a word tells of a record's state."""
    return word in STATE_WORDS or (word.startswith("un") and word[2:] in STATE_WORDS)


def condition(draft: Draft, entity: EntityDraft, word: str) -> Condition | None:
    """The condition that says that a record is in a state; a field is added when none tells it.

    None when the word is not the name of a state of the entity.
    """
    word = word.replace("-", "_").replace(" ", "_")
    negative = _negated(word)
    found = (
        _by_choice(entity, word, exactly=True)
        or _by_flag(entity, word, exactly=True)
        or _by_choice(entity, word)
        or _by_flag(entity, word)
        or _by_date(entity, word)
    )
    if found is None and word in _OPEN:
        ended = (_by_flag(entity, each, exactly=True) for each in sorted(_ENDED))
        found = _opposite(next((each for each in ended if each is not None), None))
    if found is None and negative is not None:
        found = _opposite(
            _by_choice(entity, negative) or _by_flag(entity, negative) or _by_date(entity, negative)
        )
    if found is not None:
        return found
    if (not is_state(word) and negative is None) or word in _OF_THE_CLOCK:
        return None
    return _with_new_field(draft, entity, word, negative)


def conditions(
    draft: Draft, entity: EntityDraft, words: Iterable[str]
) -> tuple[Condition, ...] | None:
    """The conditions of several state words; None when one of them is not known."""
    found = []
    for word in words:
        if word in {"or", "and", "already", "currently", "still", "yet", "same", "is", "are"}:
            continue
        one = condition(draft, entity, word)
        if one is None:
            return None
        found.append(one)
    values = [each for each in found if each.operator is Operator.EQUAL]
    if len(values) > 1 and len({each.field for each in values}) == 1:
        merged = tuple(value for each in values for value in each.values)
        return (Condition(field=values[0].field, operator=Operator.IN, values=merged),)
    return tuple(found)


def open_condition(draft: Draft, entity: EntityDraft, *, make: bool) -> tuple[Condition, ...]:
    """What makes a record count "at a time": not returned, not ended; made for loans when missing."""
    for each in entity.fields.values():
        if settled_type(each) in _DATED and each.words[0] in _END_STEMS - {"end"}:
            each.required = False
            return (Condition(field=each.key, operator=Operator.IS_EMPTY),)
    dated = [each for each in entity.fields.values() if settled_type(each) in _DATED]
    left_open = [each for each in dated[1:] if each.required is False]
    if len(left_open) == 1:
        return (Condition(field=left_open[0].key, operator=Operator.IS_EMPTY),)
    for word in ("returned", "completed", "done", "closed", "finished", "ended"):
        found = _by_flag(entity, word) or _by_choice(entity, word)
        if found is not None:
            opposite = _opposite(found)
            return (opposite,) if opposite else ()
    cancelled = _by_choice(entity, "cancelled")
    if cancelled is not None and (opposite := _opposite(cancelled)):
        return (opposite,)
    if make and entity.words[-1] in _LENDING:
        made = _with_new_field(draft, entity, "open", None)
        return (made,) if made else ()
    return ()


def say(conditions_: tuple[Condition, ...]) -> str:
    """The conditions in words: "status is done and returned on is empty"."""
    return " and ".join(_say_one(each) for each in conditions_)


def _say_one(each: Condition) -> str:
    name = each.field.replace("_id.", "'s ").replace("_", " ")
    values = " or ".join(str(value).lower() for value in each.values)
    words = {
        Operator.EQUAL: f"is {values}",
        Operator.NOT_EQUAL: f"is not {values}",
        Operator.IN: f"is {values}",
        Operator.NOT_IN: f"is neither {values}".replace(" or ", " nor "),
        Operator.IS_EMPTY: "is not set",
        Operator.IS_SET: "is set",
        Operator.LESS: f"is less than {values}",
        Operator.LESS_OR_EQUAL: f"is at most {values}",
        Operator.GREATER: f"is greater than {values}",
        Operator.GREATER_OR_EQUAL: f"is at least {values}",
    }
    return f"{name} {words[each.operator]}"


def _negated(word: str) -> str | None:
    for prefix in ("not_", "non_", "un", "in", "dis"):
        if word.startswith(prefix) and word[len(prefix) :] in STATE_WORDS and word != "inactive":
            return word[len(prefix) :]
    return {"inactive": "active", "incomplete": "completed", "unreturned": "returned"}.get(word)


def _by_choice(entity: EntityDraft, word: str, *, exactly: bool = False) -> Condition | None:
    for each in entity.fields.values():
        for wanted in (word,) if exactly else (word, *_SYNONYMS.get(word, ())):
            if wanted in each.choices:
                return Condition(field=each.key, operator=Operator.EQUAL, values=(wanted,))
    return None


def _by_flag(entity: EntityDraft, word: str, *, exactly: bool = False) -> Condition | None:
    for wanted in (word,) if exactly else (word, *_SYNONYMS.get(word, ())):
        for each in entity.fields.values():
            core = each.words[1:] if each.words[0] in {"is", "has", "was"} else each.words
            if core == (wanted,) and settled_type(each) is FieldType.BOOLEAN:
                return Condition(field=each.key, operator=Operator.EQUAL, values=(True,))
    return None


def _by_date(entity: EntityDraft, word: str) -> Condition | None:
    dated = [each for each in entity.fields.values() if settled_type(each) in _DATED]
    for each in dated:
        if each.words[0] == word or (word == "returned" and each.words[0] == "return"):
            if not each.constrained or each.required is None:
                each.required = False
            return Condition(field=each.key, operator=Operator.IS_SET)
    for each in dated:
        ends = each.words[0] in _END_STEMS - {"end", "cancelled"}
        if ends and word in _OPEN | _ENDED:
            each.required = False
            operator = Operator.IS_EMPTY if word in _OPEN else Operator.IS_SET
            return Condition(field=each.key, operator=operator)
    return None


def _opposite(found: Condition | None) -> Condition | None:
    if found is None:
        return None
    if found.values == (True,):
        return found.model_copy(update={"values": (False,)})
    swapped = {
        Operator.EQUAL: Operator.NOT_EQUAL,
        Operator.IS_SET: Operator.IS_EMPTY,
        Operator.IS_EMPTY: Operator.IS_SET,
        Operator.NOT_EQUAL: Operator.EQUAL,
    }
    return found.model_copy(update={"operator": swapped[found.operator]})


def _with_new_field(
    draft: Draft, entity: EntityDraft, word: str, negative: str | None
) -> Condition | None:
    core = negative or word
    if entity.words[-1] in _LENDING and (core in _OPEN | _ENDED | {"returned", "overdue"}):
        returned = entity.add(FieldDraft(("returned", "on"), FieldType.DATE, required=False))
        returned.assumed = True
        draft.assume(
            f"{article(entity.label).capitalize()} is open until its returned_on date is set; "
            f"the field was added for that."
        )
        is_open = (core in _OPEN) != (negative is not None)
        return Condition(
            field=returned.key, operator=Operator.IS_EMPTY if is_open else Operator.IS_SET
        )
    status = entity.fields.get("status")
    if (
        core in {"paid", "read", "verified", "enabled", "locked", "signed", "done", "completed"}
        and status is None
    ):
        name = core if core != "done" else "done"
        flag = entity.add(FieldDraft((name,), FieldType.BOOLEAN, default=False, assumed=True))
        draft.assume(
            f"{article(entity.label).capitalize()} has a field {flag.key}, false at first, because "
            f"{word.replace('_', ' ')} {entity.many} are spoken of."
        )
        return Condition(field=flag.key, operator=Operator.EQUAL, values=(negative is None,))
    return _in_status(draft, entity, core, negated=negative is not None)


def _in_status(draft: Draft, entity: EntityDraft, core: str, *, negated: bool) -> Condition | None:
    status = entity.fields.get("status")
    if status is None:
        status = entity.add(FieldDraft(("status",), FieldType.CHOICE, assumed=True))
    elif status.choices and not status.assumed:
        values = (*status.choices, core)
        draft.assume(
            f"The status of {article(entity.label)} may also be {core}, which the rules speak of."
        )
        status.choices = values
        return Condition(
            field=status.key,
            operator=Operator.NOT_EQUAL if negated else Operator.EQUAL,
            values=(core,),
        )
    status.type = FieldType.CHOICE
    known = set(status.choices) | {core}
    if len(known) == 1:
        known.add(_counterpart(core))
    order = {name: position for position, name in enumerate(LIFECYCLE)}
    status.choices = tuple(sorted(known, key=lambda value: (order.get(value, 99), value)))
    status.assumed = True
    operator = Operator.NOT_EQUAL if negated else Operator.EQUAL
    return Condition(field=status.key, operator=operator, values=(core,))


def _counterpart(word: str) -> str:
    pairs = {
        "available": "unavailable", "open": "closed", "active": "inactive", "closed": "open",
        "inactive": "active", "published": "draft", "draft": "published", "approved": "pending",
        "confirmed": "pending", "pending": "approved", "archived": "active", "cancelled": "active",
        "shipped": "pending", "delivered": "pending", "blocked": "active", "suspended": "active",
        "banned": "active", "rejected": "pending", "expired": "active", "completed": "open",
        "sold": "available", "reserved": "available", "finished": "open", "resolved": "open",
    }  # fmt: skip
    return pairs.get(word, "open" if word != "open" else "closed")


def prepare_status(draft: Draft, entity: EntityDraft, words: Iterable[str]) -> None:
    """Give an entity whose status has no values those that the prompt speaks of."""
    status = entity.fields.get("status") or entity.fields.get("state")
    if status is None or status.choices or status.type not in {None, FieldType.CHOICE}:
        return
    order = {name: position for position, name in enumerate(LIFECYCLE)}
    spoken = {re.sub(r"[- ]", "_", word) for word in words}
    values = tuple(sorted((word for word in spoken if word in order), key=lambda word: order[word]))
    if len(values) < 2:
        values = (
            ("active", "inactive")
            if not values
            else tuple(
                sorted((values[0], _counterpart(values[0])), key=lambda word: order.get(word, 99))
            )
        )
    status.type, status.choices, status.assumed = FieldType.CHOICE, values, True
    draft.assume(
        f"The status of {article(entity.label)} is one of {', '.join(values)}, because no values were listed."
    )
