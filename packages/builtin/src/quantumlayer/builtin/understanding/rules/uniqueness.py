"""Uniqueness over several fields: "the same room cannot be booked twice for the same date"."""

import re

from quantumlayer.builtin.domain import Condition, FieldType, UniqueTogether
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import (
    Found,
    bare,
    field_of,
    find_entity,
    find_field,
)
from quantumlayer.builtin.understanding.relations import join, link_between
from quantumlayer.builtin.understanding.rules.counting import date_field, key_of, record_of
from quantumlayer.builtin.understanding.rules.fieldwise import missing_field
from quantumlayer.builtin.understanding.rules.overlap import never_at_a_time
from quantumlayer.builtin.understanding.states import conditions, open_condition
from quantumlayer.builtin.understanding.verbs import LINKING, MAKING, record_nouns
from quantumlayer.builtin.understanding.words import singular

_NP = r"[\w'-]+(?: [\w'-]+){0,3}"
_NO_TWO = re.compile(
    rf"^(?:there )?(?:cannot (?:be|have) (?:2|two) (?P<alt>{_NP}?)|no (?:2|two|other|duplicate) (?P<object>{_NP}?)|(?:2|two|different|multiple|several) (?P<two>{_NP}?))"
    rf"(?: (?:can|cannot|must|may|have|has|share|with|for|of|in|on|at|by|that|are|is|not|be|use|both|ever|the))+ (?P<rest>.+?)$"
)
_SAME = re.compile(
    rf"^(?:the |a |an |each |1 )?(?:same )?(?P<subject>{_NP}?) cannot (?:be |have been )?(?P<verb>{LINKING}|{MAKING}|used|given|held|added|appear|listed|assigned|\w+ed)(?: (?:to|by|for|in|on|out))?"
    rf"(?: (?P<object>(?:the same |(?:2|two|more than (?:1|one)|several|different|another|multiple) |an? |the )*{_NP}?))?(?P<more> (?:twice|again|more than once|a second time|2 times|at a time|multiple times|several times)(?: .*)?| (?:for|on|at|in|to|within) the same .*| at a time)$"
)
_PER = re.compile(
    r"^(?P<name>.+?)(?: (?:must|is|are)(?: be)?)? unique (?:per|within|for|in|inside|across|among|together with|on) (?:the same |the |an? |each |every |its |their )*(?P<scope>.+)$"
)
_COMBINATION = re.compile(
    r"^(?:the )?(?:combination|pair|tuple|set) of (?P<names>.+?)(?: (?:of|in|for) (?:an? |the |each |every )?(?P<entity>[\w ]+?))? (?:must|is|has|cannot)(?: be| to be| repeat)*(?: unique| not repeat| repeated| distinct)*$"
)
_TOGETHER = re.compile(
    r"^(?P<names>.+? (?:and|,|plus|\+) .+?) (?:together )?(?:must be |are |is )?(?:together |jointly |in combination )?unique(?: together| in combination| as a pair)?$"
)
_HELD_TWICE = re.compile(
    rf"^(?:an? |each |the |1 |no )?(?P<holder>{_NP}?) (?:cannot|can|must not) (?:have|get|make|take|hold) (?:2|two|several|multiple|more than (?:1|one)) (?P<things>{_NP}?) (?:(?:on|at|for|in|with|of) )?the same (?P<rest>.+)$"
)
_HAVE_THE_SAME = re.compile(
    r" (?:can|cannot|must)?(?: not)? ?(?:have|share|use|be (?:on|at|in|for)) the same "
)
_DUPLICATE = re.compile(
    rf"^(?:there (?:can|must) be )?(?:no|cannot (?:have|allow)) duplicates? (?P<object>{_NP}?)(?: (?:for|per|with|in|on) (?:the same |an? |each |1 )*(?P<scope>.+?))?(?: (?:are |is )?(?:allowed|permitted))?$"
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand that no two records share the values of some fields."""
    if len(text) > 300:
        return False
    readers = (_combination, _scoped, _together, _held_twice, _no_two, _same, _duplicate)
    return any(reader(draft, clause, text) for reader in readers)


def keys_named(draft: Draft, clause: Clause, record: EntityDraft, phrase: str) -> list[str] | None:
    """The keys named in "the same room and date"; None when one of them is not known."""
    keys: list[str] = []
    parts = re.split(
        r"\s*,\s*(?:and )?|\s+and\s+|\s+(?:for|on|at|in|with|to|of|by)\s+(?=the same|an? |the )",
        phrase,
    )
    for part in parts:
        plain = re.sub(
            r"^(?:(?:for|on|at|in|with|the|same|an?|to|of|by|1|each|exact|share) )+",
            "",
            f"{part.strip()} ",
        ).strip()
        if not plain:
            continue
        field = field_of(record, plain)
        key = field.key if field is not None else key_of(draft, clause, record, plain)
        if key is None and plain in {
            "day",
            "date",
            "time",
            "slot",
            "time slot",
            "timeslot",
            "moment",
            "hour",
        }:
            dated = date_field(record)
            if dated is not None and plain in {"day", "date"}:
                key = dated.key if settled_type(dated) is FieldType.DATE else f"{dated.key}.date"
            elif dated is not None:
                key = dated.key
        if key is None:
            return None
        keys.append(key)
    return list(dict.fromkeys(keys)) or None


def share(
    draft: Draft,
    clause: Clause,
    record: EntityDraft,
    keys: list[str],
    where: tuple[Condition, ...] = (),
    state: str = "",
) -> bool:
    """Add that no two records have the same values of `keys`."""
    names = " and ".join(
        key.removesuffix("_id").replace("_id.", " ").replace("_", " ").replace(".", "'s ")
        for key in keys
    )
    if len(keys) == 1 and not where and "." not in keys[0]:
        field = next((each for each in record.fields.values() if each.key == keys[0]), None)
        if field is not None:
            field.unique = field.constrained = True
            if clause.sentence not in field.sources:
                field.sources.append(clause.sentence)
            return True
    label = f"{state} {record.many}".strip()
    statement = f"No two {label} have the same {names}."
    draft.add_rule(
        UniqueTogether(
            requirement="R1",
            entity=record.name,
            statement=statement,
            fields=tuple(keys),
            where=where,
        ),
        clause.sentence,
    )
    draft.context = record
    return True


def _combination(draft: Draft, clause: Clause, text: str) -> bool:
    match = _COMBINATION.match(text)
    if match is None:
        return False
    holder = find_entity(draft, match["entity"]) if match["entity"] else None
    candidates = [holder.entity] if holder else _with_context(draft)
    for record in candidates:
        if all(
            _known(draft, record, part) for part in re.split(r"\s*,\s*|\s+and\s+", match["names"])
        ):
            keys = keys_named(draft, clause, record, match["names"])
            if keys and len(keys) > 1:
                return share(draft, clause, record, keys)
    return False


def _known(draft: Draft, record: EntityDraft, phrase: str) -> bool:
    entity = find_entity(draft, phrase)
    return field_of(record, phrase) is not None or bool(
        entity and record.reference_to(entity.entity)
    )


def _with_context(draft: Draft) -> list[EntityDraft]:
    first = [draft.context] if draft.context is not None else []
    return [*first, *(each for each in draft.entities.values() if each is not draft.context)]


def _together(draft: Draft, clause: Clause, text: str) -> bool:
    match = _TOGETHER.match(text)
    if match is None:
        return False
    joint = bool(re.search(r"together|jointly|combination|pair", text))
    for record in _with_context(draft):
        names = re.sub(
            rf"^(?:the |an? |each )?{re.escape(record.label)}(?:'s)? ", "", match["names"]
        )
        if all(
            _known(draft, record, part) for part in re.split(r"\s*,\s*|\s+and\s+|\s+plus\s+", names)
        ):
            keys = keys_named(draft, clause, record, names.replace(" plus ", " and "))
            if keys and joint:
                return share(draft, clause, record, keys)
            if keys:
                return all(share(draft, clause, record, [key]) for key in keys)
    return False


def _scoped(draft: Draft, clause: Clause, text: str) -> bool:
    """ "The name of a room must be unique per floor"."""
    match = _PER.match(text)
    if match is None:
        return False
    scope = re.sub(r" (?:and|at) .*", "", match["scope"])
    found = find_field(draft, match["name"], draft.context)
    if found is None:
        missing = missing_field(draft, match["name"])
        if not missing:
            return False
        found = missing[0]
    keys = keys_named(draft, clause, found.entity, scope)
    if keys is None:
        return False
    return share(draft, clause, found.entity, [found.field.key, *keys])


def _no_two(draft: Draft, clause: Clause, text: str) -> bool:
    match = _NO_TWO.match(text)
    if match is None or (match["two"] and "cannot" not in text):
        return False
    phrase = match["object"] or match["alt"] or match["two"]
    thing = find_entity(draft, phrase)
    if thing is None:
        return False
    rest = re.sub(r"\b(?:as another|as each other|overlapping)\b.*", "", match["rest"]).strip()
    rest = _HAVE_THE_SAME.sub(" and the same ", rest)
    rest = re.sub(
        r"\bcannot (?:be|have|share|use|take place|happen)?\b ?|^(?:for|of|in|on|at|to) ", "", rest
    )
    at_a_time = bool(re.search(r"\bat a time$", rest))
    rest = re.sub(r" ?\bat a time$", "", rest)
    verb = re.match(
        rf"^(?:(?:be|have) )*(?:already )?(?P<verb>{LINKING}|{MAKING})\b\s*(?:for|in|to|on|at)?\s*(?P<rest>.*)$",
        rest,
    )
    record = thing.entity
    keys: list[str] | None = None
    if verb:
        rest = verb["rest"]
        other = _last_entity(draft, re.sub(r"^(?:the )?same ", "", rest))
        via = link_between(draft, record, other.entity) if other else None
        if via is not None:
            record = via
    elif (other := _last_entity(draft, rest)) is not None and record.reference_to(
        other.entity
    ) is None:
        via = link_between(draft, record, other.entity)
        record = via if via is not None and field_of(record, rest) is None else record
    where = conditions(draft, record, thing.adjectives) if record is thing.entity else ()
    if where is None:
        return False
    keys = keys_named(draft, clause, record, rest) if rest else None
    if keys is None:
        return False
    if at_a_time and not where:
        apart = never_at_a_time(draft, clause, record, keys)
        if apart is not None:
            return apart
        where = open_condition(draft, record, make=True)
        if not where and date_field(record) is not None:
            return False
    return share(draft, clause, record, keys, where, " ".join(thing.adjectives))


def _held_twice(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A doctor cannot have two appointments on the same date"."""
    match = _HELD_TWICE.match(text)
    if match is None or not ("cannot" in text or "must not" in text or text.startswith("no ")):
        return False
    holder, things = find_entity(draft, match["holder"]), find_entity(draft, match["things"])
    if things is None or (holder is not None and holder.adjectives):
        return False
    record = things.entity
    where = conditions(draft, record, things.adjectives)
    pointed = holder is not None and record.reference_to(holder.entity) is not None
    if where is None or not (pointed or field_of(record, match["holder"]) is not None):
        return False
    keys = keys_named(draft, clause, record, f"{match['holder']} and the same {match['rest']}")
    return keys is not None and share(
        draft, clause, record, keys, where, " ".join(things.adjectives)
    )


def _last_entity(draft: Draft, phrase: str) -> Found | None:
    for part in re.split(r"\s+(?:and|on|at|in|for|with|to)\s+", phrase):
        found = find_entity(draft, re.sub(r"^(?:the )?same ", "", part))
        if found is not None:
            return found
    return None


def _same(draft: Draft, clause: Clause, text: str) -> bool:
    """ "The same room cannot be booked twice for the same date", "a book cannot be lent to two members at a time"."""
    match = _SAME.match(text)
    if match is None:
        return False
    subject = find_entity(draft, match["subject"])
    if subject is None:
        return False
    object_phrase = re.sub(
        r"^(?:(?:the|same|2|two|more than 1|more than one|several|different|another|multiple|an?) )+",
        "",
        f"{match['object'] or ''} ",
    ).strip()
    thing = find_entity(draft, object_phrase) if object_phrase else None
    passive = " be " in text or " been " in text
    more = match["more"]
    record = record_of(draft, subject.entity, match["verb"])
    keys: list[str] = []
    if thing is not None and thing.entity.reference_to(subject.entity) is not None and not passive:
        record = thing.entity
    elif thing is not None and record is None:
        nouns = record_nouns(match["verb"])
        record = link_between(draft, subject.entity, thing.entity)
        if record is None and nouns:
            record = join(draft, subject.entity, thing.entity, clause.sentence, nouns)
    if record is None:
        return False
    reference = record.reference_to(subject.entity)
    if reference is None:
        return False
    keys.append(reference.key)
    if (
        thing is not None
        and thing.entity is not record
        and (not passive or "same" in (match["object"] or ""))
    ):
        other = record.reference_to(thing.entity)
        if other is not None:
            keys.append(other.key)
    at_a_time = bool(re.search(r"\bat a time\b", more))
    scope = re.sub(
        r"^ ?(?:twice|again|more than once|a second time|2 times|at a time|multiple times|several times)",
        "",
        more,
    )
    scope = scope.replace("at a time", "").strip()
    if scope:
        named = keys_named(draft, clause, record, scope)
        if named is None:
            return False
        keys += [key for key in named if key not in keys]
    if (
        at_a_time
        and not scope
        and (apart := never_at_a_time(draft, clause, record, keys)) is not None
    ):
        return apart
    where = open_condition(draft, record, make=True) if at_a_time and not scope else ()
    if at_a_time and not scope and not where and date_field(record) is not None:
        return False  # nothing tells when it ends: once and for all would be too much
    return share(draft, clause, record, keys, where)


def _duplicate(draft: Draft, clause: Clause, text: str) -> bool:
    match = _DUPLICATE.match(text)
    if match is None:
        return False
    thing = find_entity(draft, match["object"])
    scope = match["scope"]
    if thing is None:
        words = bare(match["object"])
        field = (
            find_field(draft, " ".join((*words[:-1], singular(words[-1]))), draft.context)
            if words
            else None
        )
        if field is None:
            return False
        keys = keys_named(draft, clause, field.entity, scope) if scope else []
        return keys is not None and share(draft, clause, field.entity, [field.field.key, *keys])
    if scope:
        keys = keys_named(draft, clause, thing.entity, scope)
        return keys is not None and share(draft, clause, thing.entity, keys)
    references = [each.key for each in thing.entity.references()]
    return len(references) > 1 and share(draft, clause, thing.entity, references)
