"""Relations between entities: what points to what, and the records that join many to many."""

import re
from collections.abc import Sequence

from quantumlayer.builtin.domain import FieldType, UniqueTogether
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import (
    Draft,
    EntityDraft,
    FieldDraft,
    Item,
    Words,
)
from quantumlayer.builtin.understanding.phrases import (
    bare,
    find_entity,
    find_or_make_entity,
    is_entity_phrase,
)
from quantumlayer.builtin.understanding.text import Sentence
from quantumlayer.builtin.understanding.verbs import (
    LINKING,
    MAKING,
    STAYING,
    record_nouns,
    record_of_pair,
)
from quantumlayer.builtin.understanding.words import article, is_plural, singular
from quantumlayer.qlayer.requirements import RequirementCategory

# Of these a record usually has several, and they are shared: posts and tags.
SHARED = frozenset(
    [
        "tag",
        "label",
        "category",
        "genre",
        "author",
        "skill",
        "ingredient",
        "role",
        "actor",
        "course",
        "topic",
        "keyword",
        "permission",
        "amenity",
        "student",
        "speaker",
        "instructor",
        "language",
        "participant",
        "attendee",
        "allergy",
        "sport",
        "hobby",
    ]
)
# What joins two once, and what may join the same two again at another time.
_ONCE = frozenset(
    ["enrollment", "registration", "follow", "like", "vote", "favorite", "subscription"]
)
_AGAIN = (
    frozenset(["loan", "booking", "reservation", "rental", "appointment", "order", "sale", "visit"])
    | frozenset(["purchase", "payment", "trip", "donation", "bid", "checkout", "lease", "item"])
    | frozenset(["line"])
)
_A = r"(?:an? |the |1 |one |each |every |exactly one |exactly 1 |another |some |all |multiple |many |several |its |their |one or more |his |her )*"
_NP = r"[\w'-]+(?: [\w'-]+){0,2}"
_MODAL = r"(?:(?:can|must|may|should|will|always|also) )*(?:be )?"
_LINK = re.compile(
    rf"^(?:{_A}(?P<subject>{_NP}?) )?(?:(?:that|which|who|to|will|can|must|should|is|are|it|each|and|they|used to) )*"
    rf"(?:links?|linking|connects?|connecting|joins?|joining|ties?|relates?|relating|associates?|associating|associated|maps?|matches|pairs?|combines?|between|assigns?|assigning|attaches|linked|related|"
    rf"connected|lends?|lending|references?|referencing|refers? to|points? to|pointing to|allocates?|books?)(?: together)?(?: between| to| with| both)* {_A}(?P<one>{_NP}?)"
    rf"(?: (?:to|with|and|for|into|in|at|on|by)|,) {_A}(?P<other>{_NP}?)(?:(?:,| and| to)+ {_A}(?P<third>{_NP}?))?$"
)
_REFERENCES = re.compile(
    rf"^{_A}(?P<subject>{_NP}?) (?:(?:that|which|must|can|should|also|always) )*(?:references?|referencing|refers? to|points? to|pointing to|links? to|linked to|tied to) {_A}(?P<one>{_NP})$"
)
_BELONGS = re.compile(
    rf"^{_A}(?P<subject>{_NP}?) (?:(?:that|which|who) )?(?:(?P<can>can|may|might|optionally) )?(?:(?:must|should|always|also|will|has to|have to|needs to|all|each) )*"
    rf"(?:belongs?(?: to| in| on| under)?|belonging to|belonged to|(?:is |are |be )?(?P<participle>part of|owned by|assigned to|associated with|linked to|related to|connected to|attached to|tied to|made by|placed by|written by|created by|"
    rf"posted by|taught by|held in|held at|located in|located at|stored in|stored at|published by|led by|managed by|given by|given to|directed by|"
    rf"sold by|supplied by|hosted by|organi[sz]ed by|issued to|issued by|made for|in|on|for|under|from|of|by|about|done by|performed by|submitted by|"
    rf"recorded by|received by|sent by|sent to|reported by|requested by|addressed to|scheduled for|scheduled in|borrowed by|booked by|reserved by|against|"
    rf"grouped in|grouped by|treated by|registered to|uploaded by|paid by|bought by|ordered by|categori[sz]ed by|filed under|at|held at|kept (?:in|at)|parked (?:in|at)|admitted to|played by|played in|answered by|"
    rf"works? (?:in|for|at)|working (?:in|for|at)|lives? (?:in|at)|reports? to|comes? from|happens? (?:in|at)|takes? place (?:in|at)|sits? in|is about|concerns?)) "
    rf"(?P<strict>exactly (?:one|1) |(?:only )?(?:one|1) )?{_A}(?P<object>{_NP})(?: (?:and|or)(?: (?:belongs? )?(?:to|by|for|in|on|at|of))? {_A}(?P<second>{_NP}))?$"
)
_HAS = re.compile(
    rf"^(?P<each>an? |each |every |one |the |all )?(?P<subject>{_NP}?) (?:(?:that|which|who) )?(?:(?P<can>can|may|might) )?(?:(?:must|should|also|will|always) )*"
    rf"(?:has|have|having|contains?|holds?|includes?|consists? of|is made (?:up )?of|owns?|with) "
    rf"(?P<quantity>many|multiple|several|one or more|1 or more|zero or more|0 or more|zero or one|0 or 1|at most 1|at least 1|at least one|any number of|a list of|lists of|a set of|a collection of|some|lots of|a number of|"
    rf"exactly 1|exactly one|only 1|only one|1|one|an?|its own|own|more than 1|more than one|different|various)?\b ?(?P<object>{_NP})$"
)
_VERB = re.compile(
    rf"^(?:users can |i can |you can )?{_A}(?P<subject>{_NP}?) (?:(?P<can>can|must|may|will|should|also|are able to|is able to|is|are|be|get|gets|that|who|have|has) )*"
    rf"(?:(?P<link>{LINKING})|(?P<make>{MAKING}))(?: (?:up|for|in|to|at|on|into|of))* {_A}(?P<object>{_NP})$"
)
_PASSIVE = re.compile(
    rf"^{_A}(?P<object>{_NP}?) (?:can|must|may|will|should|is|are|get|gets)(?: only)?(?: be)? (?:(?P<link>{LINKING})|(?P<make>{MAKING}))"
    rf"(?: out)? (?:by|to) {_A}(?P<subject>{_NP})$"
)
_MANY_TO_MANY = re.compile(
    rf"^(?:there is |there are )?(?:an? )?(?:many[- ]to[- ]many|m:n|n:m|n-n)(?: relation(?:ship)?s?)? (?:between|of|from) {_A}(?P<one>{_NP}) (?:and|to) {_A}(?P<other>{_NP})$|"
    rf"^{_A}(?P<left>{_NP}) and {_A}(?P<right>{_NP}) (?:are|is|have) (?:an? )?(?:in )?(?:many[- ]to[- ]many|m:n)(?: relation(?:ship)?)?$"
)
_BOTH_WAYS = re.compile(r",? (?:and )?(?:vice versa|the other way (?:round|around)|conversely)$")


def refer(
    child: EntityDraft,
    parent: EntityDraft,
    sentence: Sentence | None,
    *,
    role: Words = (),
    required: bool | None = None,
) -> FieldDraft:
    """The field by which a child points to its parent; made when it is new.

    A record that points to its own kind does so only when it is told: the first has no parent.
    """
    known = child.reference_to(parent)
    if known is not None and (not role or known.words == role):
        _told_again(known, sentence)
        return known
    words = role or parent.words
    if child is parent:
        words, required = role or ("parent", *parent.words), required or False
    field = FieldDraft(words, FieldType.REFERENCE, parent.words, required=required)
    if sentence is not None:
        field.sources.append(sentence)
    same_name = child.fields.get("_".join(words))
    if same_name is not None and same_name.type is not FieldType.REFERENCE:
        same_name.type, same_name.target = FieldType.REFERENCE, parent.words
        return same_name
    added = child.add(field)
    optional = "may point" if required is False else "points"
    added.item = Item(
        RequirementCategory.RELATION,
        f"{article(child.label).capitalize()} {optional} to its {' '.join(added.words)}"
        + ("." if added.words == parent.words else f", {article(parent.label)}."),
        [sentence] if sentence else [],
    )
    return added


def _told_again(field: FieldDraft, sentence: Sentence | None) -> None:
    if field.item is not None and sentence is not None and sentence not in field.item.sources:
        field.item.sources.append(sentence)


def link_between(draft: Draft, one: EntityDraft, other: EntityDraft) -> EntityDraft | None:
    """The entity that points to both."""
    return next(
        (
            each
            for each in draft.entities.values()
            if each is not one
            and each is not other
            and each.reference_to(one) is not None
            and each.reference_to(other) is not None
        ),
        None,
    )


def join(
    draft: Draft,
    one: EntityDraft,
    other: EntityDraft,
    sentence: Sentence | None,
    nouns: Sequence[str] = (),
) -> EntityDraft:
    """The entity that joins two, by the nouns of its verb when they are known; made when missing."""
    for noun in nouns:
        named = draft.entities.get(tuple(noun.split()))
        if named is not None and named is not one and named is not other:
            refer(named, one, sentence)
            refer(named, other, sentence)
            return named
    linked = link_between(draft, one, other)
    if linked is not None:
        return linked
    usual = record_of_pair(one.label, other.label)
    words = tuple(nouns[0].split()) if nouns else usual
    if words in draft.entities:
        words = (*one.words, *other.words)
    new = words not in draft.entities
    record = draft.entity(words, sentence)
    record.joins = (one.words, other.words) if new else None
    refer(record, one, sentence)
    refer(record, other, sentence)
    draft.assume(
        f"{one.label.capitalize()} and {other.label} are joined by {article(record.label)}, "
        f"a record of its own."
    )
    if words[-1] not in _AGAIN and (not nouns or nouns[0] in _ONCE):
        keys = tuple(each.key for each in record.references()[:2])
        statement = (
            f"The same {one.label} and {other.label} are joined by at most one {record.label}."
        )
        draft.add_rule(
            UniqueTogether(requirement="R1", entity=record.name, statement=statement, fields=keys),
            sentence,
        )
    return record


def read_relation(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a canonical text as a relation between entities; False when it is none."""
    if len(text) > 240:
        return False
    both_ways = _BOTH_WAYS.search(text)
    plain = text[: both_ways.start()] if both_ways else text
    readers = (_many_to_many, _link, _references, _belongs, _has, _passive, _verb, _placed)
    for reader in readers:
        if reader(draft, clause, plain):
            if both_ways:
                _make_mutual(draft, clause)
            return True
    return False


def _many_to_many(draft: Draft, clause: Clause, text: str) -> bool:
    match = _MANY_TO_MANY.match(text)
    if match is None:
        return False
    one = find_or_make_entity(draft, match["one"] or match["left"])
    other = find_or_make_entity(draft, match["other"] or match["right"])
    if one is None or other is None:
        return False
    join(draft, one.entity, other.entity, clause.sentence)
    return True


def _link(draft: Draft, clause: Clause, text: str) -> bool:
    match = _LINK.match(text)
    if match is None:
        return False
    phrases = [match[name] for name in ("one", "other", "third") if match[name]]
    if not all(is_entity_phrase(phrase) or find_entity(draft, phrase) for phrase in phrases):
        return False
    subject_phrase = match["subject"]
    if subject_phrase and not is_entity_phrase(subject_phrase):
        return False
    subject = find_or_make_entity(draft, subject_phrase) if subject_phrase else None
    if subject is not None and "between" not in text and re.search(r"\bassigns?\b", text):
        return False
    targets = [find_or_make_entity(draft, phrase) for phrase in phrases]
    found = [target.entity for target in targets if target is not None]
    if len(found) < 2:
        return False
    if subject is not None and re.search(
        rf"\b{re.escape(subject_phrase)} (?:can |may )?books? ", text
    ):
        # Who books an appointment with a dentist: the appointment is of both.
        refer(found[0], subject.entity, clause.sentence)
        refer(found[0], found[1], clause.sentence)
        draft.context = found[0]
        return True
    if subject is None:
        join(draft, found[0], found[1], clause.sentence)
        return True
    for target in found:
        refer(subject.entity, target, clause.sentence)
    draft.context = subject.entity
    return True


def _references(draft: Draft, clause: Clause, text: str) -> bool:
    match = _REFERENCES.match(text)
    if match is None or not is_entity_phrase(match["subject"]):
        return False
    subject, target = (
        find_or_make_entity(draft, match["subject"]),
        find_or_make_entity(draft, match["one"]),
    )
    if subject is None or target is None:
        return False
    refer(subject.entity, target.entity, clause.sentence)
    return True


# "A guest sits at a table", "each parcel is put in a locker": where the one is, the other is.
_PLACED = re.compile(
    rf"^{_A}(?P<subject>{_NP}?) (?:(?:can|must|will|may) )?(?:(?:is|are|be) (?:[a-z]+ed|put|held|kept|sold|sent|given|made|done|built|led|shown|hung|set|won|run|grown)|"
    rf"{STAYING}) (?P<where>in|at|on|to|from|for|by|with|under|inside|into) (?P<det>an? |the |one |1 |exactly one |exactly 1 |its |their )?(?P<object>{_NP})$"
)
_NO_PLACE = re.compile(
    r"\b(?:sorted|ordered|filtered|listed|shown|displayed|used|allowed|validated|identified|returned|required|deleted|changed|limited|needed|computed|calculated|paginated|protected|written in)\b"
)


def _placed(draft: Draft, clause: Clause, text: str) -> bool:
    match = _PLACED.match(text)
    if match is None or _NO_PLACE.search(text):
        return False
    child = find_entity(draft, match["subject"])
    if child is None or child.adjectives or not is_entity_phrase(match["object"]):
        return False
    parent = find_entity(draft, match["object"])
    if parent is None and not match["det"]:
        return False
    parent = parent or find_or_make_entity(draft, match["object"])
    if parent is None or parent.adjectives or parent.entity is child.entity:
        return False
    refer(child.entity, parent.entity, clause.sentence)
    draft.context = child.entity
    return True


_ROLES = {"assigned to": "assignee", "created by": "creator", "reported by": "reporter",
          "written by": "writer", "reports to": "manager", "sent by": "sender",
          "sent to": "recipient", "owned by": "owner", "approved by": "approver"}  # fmt: skip


def _belongs(draft: Draft, clause: Clause, text: str) -> bool:
    match = _BELONGS.match(text)
    if match is None:
        return False
    phrases = [match[name] for name in ("object", "second") if match[name]]
    if not is_entity_phrase(match["subject"]) and find_entity(draft, match["subject"]) is None:
        return False
    if not all(is_entity_phrase(phrase) for phrase in phrases):
        return False
    if _ends_in_a_deed(draft, match["subject"]):
        return False
    child = find_or_make_entity(draft, match["subject"])
    if child is None or child.adjectives:
        return False
    participle = match["participle"] or ""
    for phrase in phrases:
        parent = find_or_make_entity(draft, phrase)
        if parent is None:
            return False
        if is_plural(bare(phrase)[-1]) and re.search(
            r"\b(?:many|multiple|several|one or more)\b", text
        ):
            join(draft, child.entity, parent.entity, clause.sentence)
            continue
        role: Words = ()
        taken = child.entity.reference_to(parent.entity)
        if child.entity is parent.entity or taken is not None:
            role = tuple(_ROLES.get(participle, "").split())
        if taken is not None and not role:
            _told_again(taken, clause.sentence)
            continue
        refer(
            child.entity, parent.entity, clause.sentence,
            role=role, required=False if match["can"] else None,
        )  # fmt: skip
    draft.context = child.entity
    return True


def _ends_in_a_deed(draft: Draft, phrase: str) -> bool:
    """Whether a phrase is a known entity and what it does: "students enroll" (in courses)."""
    *holder, last = phrase.split()
    if last in {"up", "out", "in"} and holder:
        *holder, verb = holder
        last = f"{verb} {last}"
    known = find_entity(draft, " ".join(holder)) if holder else None
    if holder and is_plural(holder[-1]) and not is_plural(last) and record_nouns(last):
        return True
    if known is not None and not known.adjectives and _PLACED.match(f"{phrase} at a place"):
        return True
    return known is not None and not known.adjectives and bool(record_nouns(last))


def _has(draft: Draft, clause: Clause, text: str) -> bool:
    match = _HAS.match(text)
    if match is None or not is_entity_phrase(match["subject"]):
        return False
    quantity = (match["quantity"] or "").strip()
    known = find_entity(draft, match["object"])
    several = quantity in {
        "many", "multiple", "several", "one or more", "1 or more", "zero or more", "0 or more", "lots of",
        "any number of", "at least 1", "at least one", "more than 1", "more than one", "a collection of", "different", "various",
        "a number of",
    }  # fmt: skip
    if known is None and not (
        several and is_plural(bare(match["object"])[-1:][0] if bare(match["object"]) else "")
    ):
        return False
    subject = find_or_make_entity(draft, match["subject"])
    if (
        quantity == "at most 1"
        and known is not None
        and (known.adjectives or (subject and known.entity.reference_to(subject.entity)))
    ):
        return False
    own = known is not None and subject is not None and known.adjectives == subject.entity.words
    if several and own and is_entity_phrase(match["object"]):
        # The order items of an order are no menu items.
        known = find_entity(draft, " ".join(draft.entity(bare(match["object"])).words))
    thing = known or find_or_make_entity(draft, match["object"])
    if subject is None or thing is None or thing.adjectives[1:]:
        return False
    relate(draft, subject.entity, thing.entity, clause, several=several or _plural(match["object"]),
           optional=bool(match["can"]) or quantity in {"zero or one", "0 or 1", "at most 1"},
           role=thing.adjectives)  # fmt: skip
    return True


def _plural(phrase: str) -> bool:
    words = bare(phrase)
    return bool(words) and is_plural(words[-1])


def relate(
    draft: Draft,
    subject: EntityDraft,
    thing: EntityDraft,
    clause: Clause,
    *,
    several: bool,
    optional: bool = False,
    role: Words = (),
) -> None:
    """Understand "subject has thing": many of them point back, one of them is pointed to."""
    if not several:
        words = (*role, *thing.words) if role else ()
        refer(subject, thing, clause.sentence, role=words, required=False if optional else None)
        return
    back = thing.reference_to(subject)
    forth = subject.reference_to(thing)
    if back is not None:
        _told_again(back, clause.sentence)
        return
    if forth is not None and subject is not thing:
        return
    if link_between(draft, subject, thing) is not None:
        return
    if singular(thing.words[-1]) in SHARED and not thing.references():
        join(draft, subject, thing, clause.sentence)
    else:
        refer(thing, subject, clause.sentence)


def _make_mutual(draft: Draft, clause: Clause) -> None:
    """Turn the reference that was just made into a joining record: "… and vice versa"."""
    for child in reversed(list(draft.entities.values())):
        for field in child.references():
            if clause.sentence in field.sources and field.target in draft.entities:
                parent = draft.entities[field.target]
                del child.fields["_".join(field.words)]
                join(draft, parent, child, clause.sentence)
                return


def _verb(draft: Draft, clause: Clause, text: str) -> bool:
    match = _VERB.match(text)
    if match is None:
        return False
    return _act(draft, clause, match)


def _passive(draft: Draft, clause: Clause, text: str) -> bool:
    match = _PASSIVE.match(text)
    if match is None:
        return False
    return _act(draft, clause, match)


_ACTORS = frozenset(
    [
        "user",
        "people",
        "person",
        "admin",
        "administrator",
        "anyone",
        "everyone",
        "visitor",
        "client",
        "staff",
        "it",
    ]
)


def _among_themselves(draft: Draft, clause: Clause, match: "re.Match[str]") -> bool:
    """ "Users can follow other users": a record that points to two of them."""
    subject = find_or_make_entity(draft, match["subject"])
    thing = find_or_make_entity(draft, match["object"])
    nouns = record_nouns(match["link"])
    if subject is None or thing is None or subject.entity is not thing.entity or not nouns:
        return False
    record = draft.entity(nouns[0].split(), clause.sentence)
    refer(record, subject.entity, clause.sentence)
    refer(record, subject.entity, clause.sentence, role=("other", *subject.entity.words))
    return True


def _act(draft: Draft, clause: Clause, match: "re.Match[str]") -> bool:
    subject_phrase, thing_phrase = match["subject"], match["object"]
    if not is_entity_phrase(subject_phrase) or not is_entity_phrase(thing_phrase):
        return False
    subject_words, thing_words = bare(subject_phrase), bare(thing_phrase)
    subject_known, thing_known = (
        find_entity(draft, subject_phrase),
        find_entity(draft, thing_phrase),
    )
    generic = singular(subject_words[-1]) in _ACTORS
    if match["link"] and re.search(r"\b(?:other|another|each other)\b", match.group()):
        return _among_themselves(draft, clause, match)
    if subject_known is None and (generic or thing_known is None) and not match["link"]:
        return False
    if subject_known is None and generic and thing_known is None:
        return False
    if match["make"] and thing_known is None:
        return False
    subject = find_or_make_entity(draft, subject_phrase)
    thing = find_or_make_entity(draft, thing_phrase)
    if subject is None or thing is None or thing.adjectives or not thing_words:
        return False
    if match["make"]:
        if subject.entity is thing.entity:
            return False
        refer(thing.entity, subject.entity, clause.sentence)
        return True
    nouns = record_nouns(match["link"])
    if thing.entity.label in nouns:
        refer(thing.entity, subject.entity, clause.sentence)
        return True
    if subject.entity is thing.entity:
        return False
    draft.context = join(draft, subject.entity, thing.entity, clause.sentence, nouns)
    return True
