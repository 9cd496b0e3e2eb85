"""Counting: "members can have at most 5 open loans", "one vote per user", "up to its capacity"."""

import re

from quantumlayer.builtin.domain import Condition, CountLimit, FieldType, UniqueTogether
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import (
    Found,
    bare,
    field_of,
    find_entity,
    find_or_make_entity,
)
from quantumlayer.builtin.understanding.relations import join, link_between, refer
from quantumlayer.builtin.understanding.rules.overlap import never_at_a_time
from quantumlayer.builtin.understanding.states import (
    condition,
    conditions,
    is_state,
    open_condition,
)
from quantumlayer.builtin.understanding.verbs import HAVING, LINKING, MAKING, record_nouns
from quantumlayer.builtin.understanding.words import is_plural, plural

_NP = r"[\w'-]+(?: [\w'-]+){0,3}"
_LIMIT = r"(?:(?:only |just )?(?:at most|max|fewer than|less than|only|a limit of|maximum|exactly) (?P<number>\d+)|(?P<once>once|1 time|only once|at most once))"
_ACTIVE = re.compile(
    rf"^(?P<subject>{_NP}?) (?:(?:can|must|may|will|is|are|each|also|that|only|to|have|has|be allowed to) )*"
    rf"(?P<verb>{HAVING}|{LINKING}|{MAKING}|be in|be on|attends?|works?|visits?|watch(?:es)?|plays?)(?: (?:for|in|to|up for|at|on|out|up|up to))? {_LIMIT}(?: (?:of|different|more|total|other|such))* (?P<object>{_NP}?)(?P<tail>(?: (?:per|at a time|each|a|every|in|on|in total|overall|who|that|which|for|with|and)\b.*)?)$"
)
_PER = re.compile(
    rf"^(?:there (?:can|must|is|are)(?: only)?(?: be)? |allow |we allow |limit |keep |only )?(?:{_LIMIT}|(?P<bare>1)) (?P<object>{_NP}?)(?: (?:is|are|can be|can))?(?: (?:allowed|permitted|possible|made|open))?(?P<tail> (?:per|for|by|with|to|at a time|a|on|in) .*| per .*| at a time)?$"
)
_NUMBER_OF = re.compile(
    rf"^(?:the )?(?:(?:total |maximum |max )?(?:number|count|amount) of|total) (?P<object>{_NP}?) (?:(?:per|for|of|in|on|by|that|which|with) (?P<holder>.{{1,60}}?) )?(?:must|is|are|cannot|can|has|limited)(?: not)?(?: be| have)*(?: limited to| at most| most| exceed| more than| above| over|:)* (?P<number>\d+)$"
)
_PASSIVE = re.compile(
    rf"^(?P<subject>{_NP}?) (?:can|must|may|is|are)(?: only)?(?: be)? (?P<verb>{LINKING}|{MAKING}|on|in|part of|used|held|given)(?: out| up)?(?: (?:by|to|for|in|on))? {_LIMIT}(?: times?)?(?: (?!(?:at a|per|in|by|each|every|a) )(?P<object>{_NP}?))?(?P<tail>(?: (?:per|at a time|each|a|every|in|by|for)\b.*)?)$"
)
_IN_STATE = re.compile(
    rf"^(?:there (?:can|must) be )?{_LIMIT} (?P<object>{_NP}?) (?:can|must|may)(?: be)? (?P<state>[\w -]+?)(?P<tail>(?: (?:per|at a time|for each|for)\b.*)?)$"
)
_AFTER = re.compile(
    rf"^(?P<subject>{_NP}?) (?:(?:can|must|may|only) )*(?P<verb>{LINKING}|{MAKING})(?: (?:for|in|to|up for|at|on|out|by))?"
    rf" (?P<object>{_NP}?)(?: only)? (?:(?P<once>once|1 time|at most once)|at most (?P<number>\d+) times?)(?P<tail>(?: (?:per|at a time|each|a|every|in|by|for)\b.*)?)$"
)
_TAIL_PER = re.compile(
    r"\b(?:per|for each|for every|for|by|each|every|in each|on each|in an?|on an?|in the same|on the same|with|to|a)\s+(?P<what>(?:the |an? |same |calendar |single |given |one )*[\w'-]+(?: [\w'-]+)?)"
)
_PERIODS = {
    "day": "date",
    "date": "date",
    "month": "month",
    "year": "year",
    "daily": "date",
    "calendar day": "date",
}


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a limit on how many records there may be."""
    if len(text) > 300:
        return False
    plain = re.sub(r"^(?:each|every|an?|the|all|any) (?=\w)", "", text)
    plain = re.sub(r"\b(?:the same|same) (?=\w+ (?:can|must|is))", "", plain)
    for reader in (_after, _active, _passive, _in_state, _number_of, _per):
        if reader(draft, clause, plain):
            return True
    return False


def _number(match: "re.Match[str]") -> int:
    groups = match.groupdict()
    if groups.get("once") or groups.get("bare"):
        return 1
    number = int(groups["number"])
    exclusive = re.search(r"(?:fewer|less) than \d", match.group())
    return max(0, number - 1 if exclusive else number)


def _active(draft: Draft, clause: Clause, text: str) -> bool:
    match = _ACTIVE.match(text)
    if match is None or re.search(r"\b(?:characters?|chars|digits|letters|long)\b", text):
        return False
    subject = find_or_make_entity(draft, match["subject"])
    if subject is None:
        return False
    nouns = record_nouns(match["verb"])
    counted = _counted(draft, clause, subject.entity, match["object"], nouns)
    if counted is None:
        return False
    record, adjectives, thing = counted
    tail = match["tail"] or ""
    if thing is not None and not tail and not adjectives and match["verb"] in _POSSESSING:
        # Who may have one laptop, by way of loans, may have another one afterwards.
        tail = " at a time"
    once_each = match["once"] is not None and thing is not None
    per_thing = [thing] if once_each and thing is not None else []
    return _limit(
        draft,
        clause,
        record,
        adjectives,
        [subject.entity, *per_thing],
        _number(match),
        tail,
        subject.adjectives,
    )


_POSSESSING = frozenset({"have", "has", "hold", "holds", "own", "owns", "keep", "keeps"})


def _after(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A member can register for an event only once"."""
    match = _AFTER.match(text)
    if match is None:
        return False
    subject = find_entity(draft, match["subject"])
    thing = find_entity(draft, match["object"])
    if subject is None or thing is None or subject.entity is thing.entity:
        return False
    record = join(draft, subject.entity, thing.entity, clause.sentence, record_nouns(match["verb"]))
    holders = [subject.entity, thing.entity] if record is not thing.entity else [subject.entity]
    return _limit(
        draft,
        clause,
        record,
        thing.adjectives,
        holders,
        _number(match),
        match["tail"] or "",
        subject.adjectives,
    )


def _counted(
    draft: Draft, clause: Clause, subject: EntityDraft, phrase: str, nouns: tuple[str, ...]
) -> tuple[EntityDraft, tuple[str, ...], EntityDraft | None] | None:
    """The records that are counted for a subject, the state words, and the thing linked to."""
    phrase = re.sub(r"^(?:the same|same|an?|the|each|different) ", "", phrase)
    thing = find_entity(draft, phrase)
    if thing is None and not is_plural(bare(phrase)[-1:][0] if bare(phrase) else "") and not nouns:
        return None
    if thing is None:
        words = bare(phrase)
        while len(words) > 1 and is_state(words[0]):
            words = words[1:]
        made = find_or_make_entity(draft, " ".join(words))
        if made is None:
            return None
        thing = Found(made.entity, bare(phrase)[: len(bare(phrase)) - len(words)])
    if thing.entity is subject:
        return None
    if thing.entity.reference_to(subject) is not None:
        return thing.entity, thing.adjectives, None
    if nouns and thing.entity.label not in nouns:
        return (
            join(draft, subject, thing.entity, clause.sentence, nouns),
            thing.adjectives,
            thing.entity,
        )
    linked = link_between(draft, subject, thing.entity)
    if linked is not None:
        return linked, thing.adjectives, thing.entity
    if subject.reference_to(thing.entity) is not None:
        return join(draft, subject, thing.entity, clause.sentence), thing.adjectives, thing.entity
    refer(thing.entity, subject, clause.sentence)
    return thing.entity, thing.adjectives, None


def _passive(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A book can only be loaned once at a time", "a seat can be booked at most 2 times per show"."""
    match = _PASSIVE.match(text)
    if match is None:
        return False
    subject = find_entity(draft, match["subject"])
    if subject is None:
        return False
    record = record_of(draft, subject.entity, match["verb"])
    if record is None and match["object"]:
        other = find_entity(draft, match["object"])
        record = other.entity if other and other.entity.reference_to(subject.entity) else None
        record = record or (link_between(draft, subject.entity, other.entity) if other else None)
    if record is None:
        return False
    tail = match["tail"] or ""
    adjectives: tuple[str, ...] = ()
    if match["object"]:
        other = find_entity(draft, match["object"])
        if other is not None and other.entity is not record:
            tail = tail or " at a time"
        elif other is not None:
            adjectives = other.adjectives
    return _limit(
        draft,
        clause,
        record,
        adjectives,
        [subject.entity],
        _number(match),
        tail,
        subject.adjectives,
    )


def record_of(draft: Draft, thing: EntityDraft, verb: str) -> EntityDraft | None:
    """The records that a verb makes of a thing: a book is "loaned" in loans."""
    for noun in record_nouns(verb):
        words = tuple(noun.split())
        if words in draft.entities and draft.entities[words].reference_to(thing) is not None:
            return draft.entities[words]
    pointing = [each for each in draft.entities.values() if each.reference_to(thing) is not None]
    if not pointing:
        # "The same table cannot be reserved twice" says that reservations are of tables.
        named = (draft.entities.get(tuple(noun.split())) for noun in record_nouns(verb))
        record = next((each for each in named if each is not None and each is not thing), None)
        if record is not None:
            refer(record, thing, None)
            return record
    by_stem = [
        each for each in pointing if re.sub(r"(?:ed|d|ing|s)$", "", verb)[:4] == each.words[-1][:4]
    ]
    candidates = by_stem or pointing
    return candidates[0] if len(candidates) == 1 else None


def _per(draft: Draft, clause: Clause, text: str) -> bool:
    """ "At most 5 open loans per member", "one vote per user per poll"."""
    match = _PER.match(text)
    if match is None or re.search(r"\b(?:characters?|chars|digits|letters|long)\b", text):
        return False
    thing = find_entity(draft, match["object"])
    tail = match["tail"] or ""
    if thing is None and tail:
        thing = find_or_make_entity(draft, match["object"])
    if thing is None:
        return False
    return _limit(draft, clause, thing.entity, thing.adjectives, [], _number(match), tail, ())


def _in_state(draft: Draft, clause: Clause, text: str) -> bool:
    match = _IN_STATE.match(text)
    if match is None:
        return False
    thing = find_entity(draft, match["object"])
    if thing is None:
        return False
    state = match["state"].strip().replace(" ", "_").replace("-", "_")
    found = condition(draft, thing.entity, state) or condition(
        draft, thing.entity, state.split("_")[0]
    )
    if found is None:
        return False
    return _limit(
        draft,
        clause,
        thing.entity,
        thing.adjectives,
        [],
        _number(match),
        match["tail"] or "",
        (),
        (found,),
    )


def _number_of(draft: Draft, clause: Clause, text: str) -> bool:
    match = _NUMBER_OF.match(text)
    if match is None:
        return False
    thing = find_entity(draft, match["object"])
    if thing is None or field_of(thing.entity, match["object"]) is not None:
        return False
    measured = re.match(r"(?:the )?(?:total )?(?P<what>amount|count|total)\b", text)
    if measured and field_of(thing.entity, measured["what"]) is not None:
        return False  # the amount of a payment is what it holds, not how many there are
    holder = f" per {match['holder']}" if match["holder"] else ""
    return _limit(
        draft, clause, thing.entity, thing.adjectives, [], int(match["number"]), holder, ()
    )


def group_keys(
    draft: Draft, clause: Clause, record: EntityDraft, tail: str, *, make: bool = True
) -> tuple[list[str], list[str], bool] | None:
    """The keys that "per member per day" speaks of, their words, and whether "at a time" was said.

    None when something of it is not known. With `make` a reference that is missing is made.
    """
    keys: list[str] = []
    said: list[str] = []
    at_a_time = bool(re.search(r"\bat a time\b", tail))
    rest = re.sub(
        r"\bat a time\b|\bin total\b|\boverall\b|\bat the most\b|\bonly\b|\ballowed\b", " ", tail
    )
    rest = re.sub(r"\band\b", " per ", rest).strip()
    while rest:
        match = _TAIL_PER.match(rest)
        if match is None:
            return None
        what = re.sub(r"^(?:the |an? |same |calendar |single |given |one )*", "", match["what"])
        rest = rest[match.end() :].strip(" ,")
        first = what.split()[0]
        key = key_of(draft, clause, record, what, make=make)
        if key is None and first != what:
            rest = f"{what[len(first) :].strip()} {rest}".strip()
            what = first
            key = key_of(draft, clause, record, what, make=make)
        if key is None:
            return None
        keys.append(key)
        said.append(what)
    return keys, said, at_a_time


def key_of(
    draft: Draft, clause: Clause, record: EntityDraft, what: str, *, make: bool = True
) -> str | None:
    """The key of a record that a phrase after "per" names: an entity, a field, or a period."""
    entity = find_entity(draft, what)
    if entity is not None and not entity.adjectives and entity.entity is not record:
        reference = record.reference_to(entity.entity)
        if reference is None and (field := field_of(record, what)) is not None:
            return field.key
        if reference is None and not make:
            return None
        return (reference or refer(record, entity.entity, clause.sentence)).key
    if what in _PERIODS:
        exact = record.fields.get(what)
        dated = exact or date_field(record)
        if dated is None:
            return None
        kind = settled_type(dated)
        if kind not in {FieldType.DATE, FieldType.DATETIME}:
            return dated.key
        if kind is FieldType.DATE and _PERIODS[what] == "date":
            return dated.key
        return f"{dated.key}.{_PERIODS[what]}"
    field = field_of(record, what)
    if field is not None:
        return field.key
    if make and what in {"person", "user", "customer", "account", "member", "client"}:
        people = list(record.references())
        made = find_or_make_entity(draft, what)
        if made is not None and not people:
            return refer(record, made.entity, clause.sentence).key
        return None if made is None else refer(record, made.entity, clause.sentence).key
    return None


def date_field(record: EntityDraft) -> FieldDraft | None:
    """The date or moment that a record is about: its start, else its only one."""
    dated = [
        each
        for each in record.fields.values()
        if settled_type(each) in {FieldType.DATE, FieldType.DATETIME}
    ]
    for wanted in ("date", "day", "start", "starts", "scheduled", "created", "begin", "from"):
        for each in dated:
            if wanted in each.words:
                return each
    return dated[0] if dated else None


def _limit(  # noqa: PLR0913, PLR0917 - what a limit is made of
    draft: Draft,
    clause: Clause,
    record: EntityDraft,
    adjectives: tuple[str, ...],
    holders: list[EntityDraft],
    number: int,
    tail: str,
    holder_adjectives: tuple[str, ...],
    extra: tuple[Condition, ...] = (),
) -> bool:
    if holder_adjectives:
        return False
    tail, states = _states_in(tail)
    where = conditions(draft, record, (*adjectives, *states))
    if where is None:
        return False
    grouped = group_keys(draft, clause, record, tail)
    if grouped is None:
        return False
    keys, said, at_a_time = grouped
    per = list(dict.fromkeys([*(_reference(clause, record, each) for each in holders), *keys]))
    if at_a_time and not where and not extra:
        apart = never_at_a_time(draft, clause, record, per)
        if apart is not None:
            # More than one at a time, of records with a beginning and an end, is no plain count.
            return apart if number == 1 else False
        where = open_condition(draft, record, make=True)
        if not where and number == 1 and date_field(record) is not None:
            return False
    where = (*where, *extra)
    state = " ".join(word for word in (*adjectives, *states) if word not in {"and", "or"})
    label = f"{state} {record.label}" if state else record.label
    many = plural(label.split(" ")[-1])
    counted = " ".join(
        [*label.split(" ")[:-1], record.label.split(" ")[-1] if number == 1 else many]
    )
    holder_words = [each.label for each in holders] + said
    each_ = " and ".join(dict.fromkeys(holder_words))
    during = " at a time" if at_a_time and not state else ""
    statement = (
        f"There is at most {number} {counted}"
        if number == 1
        else f"There are at most {number} {counted}"
    )
    statement += f" for each {each_}" if each_ else " in all"
    statement += f"{during}."
    if number == 1 and per:
        draft.add_rule(
            UniqueTogether(
                requirement="R1",
                entity=record.name,
                statement=statement,
                fields=tuple(per),
                where=where,
            ),
            clause.sentence,
        )
    else:
        draft.add_rule(
            CountLimit(
                requirement="R1",
                entity=record.name,
                statement=statement,
                per=tuple(per),
                maximum=number,
                where=where,
            ),
            clause.sentence,
        )
    draft.context = record
    return True


def _states_in(tail: str) -> tuple[str, tuple[str, ...]]:
    """Take "that are open" out of a tail."""
    match = re.search(
        r"\b(?:that|which|who) (?:are|is|have been|has been|has not been) (?P<not>not )?(?:yet )?(?P<state>[a-z_-]+)\b",
        tail,
    )
    if match is None:
        return tail, ()
    negation = "not_" if match["not"] or "not been" in match.group() else ""
    return (tail[: match.start()] + tail[match.end() :]).strip(), (negation + match["state"],)


def _reference(clause: Clause, record: EntityDraft, holder: EntityDraft) -> str:
    found = record.reference_to(holder)
    return (found or refer(record, holder, clause.sentence)).key
