"""What one of a field's values may have but once: "a teacher can teach one lesson at a time".

Of a teacher that is a kind of record the other families tell; here it is a field of a lesson.
"""

import re

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import field_of, find_entity
from quantumlayer.builtin.understanding.rules import overlap, uniqueness
from quantumlayer.builtin.understanding.rules.counting import date_field

_ONE = r"(?:an? |the |any |each |every |1 |the same |same |no )?"
_NOUN = r"[a-z][\w-]*(?: [a-z][\w-]*)?"
_WHEN = (
    r"(?P<when>at a time|(?:(?:on|in|at|for) )?(?:the )?same (?:time slot|slot|time|day|date|hour)"
    r"|(?:per|a|each) day)"
)
_DEED = (
    r"(?:[a-z-]+(?: (?:in|at|on|to|for|up|by|out|with))?"
    r"|be [a-z-]+ (?:by|for|to|in|on|at|with)|be (?:in|on|at|part of))"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_ONE}(?P<holder>{_NOUN}) cannot {_DEED} (?:2|more than 1|several|multiple) (?P<things>{_NOUN}) {_WHEN}$",
        rf"^{_ONE}(?P<holder>{_NOUN}) can (?:only )?{_DEED} (?:only |at most )?1 (?P<things>{_NOUN}) {_WHEN}$",
        rf"^{_ONE}(?P<holder>{_NOUN}) (?:no|not|never) (?:2|more than 1) (?P<things>{_NOUN}) {_WHEN}$",
        rf"^(?:there )?(?:cannot be |can be )?(?:no )?2 (?P<things>{_NOUN}) (?:cannot be |can be |cannot )?(?:of|for|with|by|in|at|on|use) (?:the same |1 |an? )(?P<holder>{_NOUN}) {_WHEN}$",
    )
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand that no two records of the same teacher, room or driver are at a time."""
    match = next((fit for each in _PATTERNS if (fit := each.match(text))), None)
    if match is None or find_entity(draft, match["holder"]) is not None:
        return False
    told = _record(draft, match["holder"], match["things"])
    if told is None:
        return False
    record, holder = told
    if match["when"].endswith(("day", "date")):
        dated = date_field(record)
        if dated is None:
            return False
        day = dated.key if settled_type(dated) is FieldType.DATE else f"{dated.key}.date"
        return uniqueness.share(draft, clause, record, [holder.key, day])
    return overlap.never_together(draft, clause, record, [holder.key])


def _record(draft: Draft, holder: str, things: str) -> tuple[EntityDraft, FieldDraft] | None:
    """The kind of record that is spoken of, and its field that names the holder."""
    named = find_entity(draft, things)
    entities = [named.entity] if named is not None else list(draft.entities.values())
    found = [
        (entity, field)
        for entity in entities
        if (field := field_of(entity, holder)) is not None
        and settled_type(field) not in {FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN}
    ]
    return found[0] if len(found) == 1 else None
