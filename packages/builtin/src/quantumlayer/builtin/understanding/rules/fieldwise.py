"""A sentence on one field: "the email must be unique", "priority is between 1 and 5"."""

import re

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding import constraints
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft, merge
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import (
    FoundField,
    bare,
    field_of,
    find_entity,
    find_field,
)
from quantumlayer.builtin.understanding.types import type_of
from quantumlayer.builtin.understanding.words import article

_MODAL = re.compile(
    r"^(?P<subject>.+?) (?P<modal>must(?: always)?(?: be| have| contain| match| follow| consist of| stay| remain| lie)?|cannot(?: be| have| contain| go| drop| fall| become| change)?|can only be|can(?: be| have| take| contain| only)?|"
    r"(?:is|are)(?: always| never| only)?|has|have|defaults?|starts|start(?= (?:as|with|at|in|on)\b)|ranges?|default|need|needs|takes?|never|accepts?(?: only)?|allows?(?: only)?|goes|=|:)\b ?(?P<predicate>.*)$"
)
_LEADING = re.compile(
    r"^(?P<predicate>(?:required|optional|unique|mandatory|valid|default|initial|max(?:imum)?|min(?:imum)?|non-negative|positive|at most|at least)(?: value)?) (?:for |of |is |are )?(?P<subject>.+?)(?: (?:is|are|:|=) ?(?P<value>.+))?$"
)
_NO = re.compile(
    r"^no (?P<kind>negative|empty|blank|past|future|duplicate|zero) (?P<subject>[\w ]+?)(?: (?:is|are) (?:allowed|permitted|accepted))?$"
)
_VALUES = re.compile(
    r"^(?:the )?(?:possible |allowed |valid |permitted )?(?:values?|options|choices|statuses) (?:of|for) (?:the )?(?P<subject>.+?) (?:are|is|:)(?: one of)? (?P<values>.+)$"
)
_POSSIBLE = re.compile(
    r"^(?:the )?(?:possible|allowed|valid|available|permitted) (?P<subject>[\w ]+?)(?: values?)?(?: are|:| is|:)+ (?P<values>.+)$"
)
_LENGTH = re.compile(
    r"^(?:the )?(?:length|size) of (?:the |an? )?(?P<subject>.+?) (?P<rest>(?:must|cannot|can|is|has).*)$"
)
_UNIQUE_VERB = re.compile(
    r"^(?P<things>[\w' -]+?) (?:is|are|must be) (?:identified|distinguished|unique) by (?:its |their |the |an? |unique )*(?P<subject>[\w ]+)$"
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand what a sentence says of one field, or of several that it names."""
    if len(text) > 400:
        return False
    values = _VALUES.match(text) or _POSSIBLE.match(text)
    if values:
        return _say(draft, clause, values["subject"], f"one of {values['values']}")
    identified = _UNIQUE_VERB.match(text)
    if identified:
        entity = find_entity(draft, identified["things"])
        field = field_of(entity.entity, identified["subject"]) if entity else None
        return (
            entity is not None
            and field is not None
            and _apply(clause, FoundField(entity.entity, field), "unique")
        )
    length = _LENGTH.match(text)
    if length and re.search(r"\d", length["rest"]):
        return _say(draft, clause, length["subject"], f"{length['rest']} characters")
    none = _NO.match(text)
    if none:
        meaning = {"negative": "not negative", "empty": "required", "blank": "required", "zero": "positive",
                   "past": "not in the past", "future": "not in the future", "duplicate": "unique"}  # fmt: skip
        subject = (
            re.sub(r"s$", "", none["subject"])
            if find_field(draft, none["subject"], draft.context) is None
            else none["subject"]
        )
        return _say(draft, clause, subject, meaning[none["kind"]])
    match = _MODAL.match(text)
    if match and _say(
        draft, clause, match["subject"], _predicate(match["modal"], match["predicate"])
    ):
        return True
    match = _LEADING.match(text)
    return (
        bool(match)
        and match is not None
        and _say(draft, clause, match["subject"], f"{match['predicate']} {match['value'] or ''}")
    )


def _predicate(modal: str, predicate: str) -> str:
    plain = modal.strip()
    if plain in {"is", "are", "has", "have", ":", "="}:
        return predicate
    if plain in {"default", "defaults", "starts", "start"}:
        return f"default {re.sub('^(?:to|is|of|as|at|with|value) ', '', predicate)}"
    if plain in {"can only be", "accept only", "accepts only", "allows only"}:
        return f"one of {predicate}"
    if plain in {"is never", "are never", "never"}:
        return f"cannot be {predicate.removeprefix('be ')}"
    return f"{plain} {predicate}"


def _say(draft: Draft, clause: Clause, subject: str, predicate: str) -> bool:
    if re.search(
        r"\b(?:if|when|unless|while|before|after (?!today)|than (?:the|its)|per|the same)\b",
        predicate,
    ) and not re.search(
        r"the (?:past|future)|when known|if (?:any|known|available|given)", predicate
    ):
        return False
    if re.search(
        r"\b(?:at most|more than) \d+ (?!char|letter|digit|symbol|hours|minutes|days|years|euro|dollar|percent|stars|points|long|kg|cm|km|words)[a-z]+s\b",
        predicate,
    ):
        return False
    known = {id(field) for entity in draft.entities.values() for field in entity.fields.values()}
    said = list(draft.assumptions)
    found = _subjects(draft, subject)
    if found and all(_apply(clause, each, predicate) for each in found):
        return _remember(draft, found)
    for each in found:
        if id(each.field) not in known:
            # The field was made for a rule that is none after all.
            del each.entity.fields["_".join(each.field.words)]
            draft.assumptions[:] = said
    return False


def _remember(draft: Draft, found: list[FoundField]) -> bool:
    draft.context = found[0].entity
    return True


def _subjects(draft: Draft, subject: str) -> list[FoundField]:
    plain = re.sub(r"^(?:both |all |the |its |their |every |each |an? )+", "", subject.strip())
    one = find_field(draft, plain, draft.context)
    if one is not None:
        return [one]
    parts = re.split(r"\s*,\s*(?:and )?|\s+and\s+", plain)
    holder: EntityDraft | None = draft.context
    tail = re.search(r" (?:of|for) (?:an? |the |each |every )?(?P<entity>[\w ]+)$", plain)
    if tail and (entity := find_entity(draft, tail["entity"])) is not None:
        holder = entity.entity
        parts[-1] = parts[-1][: -len(tail.group())]
    found = []
    for part in parts:
        each = find_field(draft, part, holder)
        if each is None:
            break
        holder = each.entity
        found.append(each)
    if len(parts) > 1 and len(found) == len(parts):
        return found
    return _everywhere(draft, plain) or missing_field(draft, plain)


_OF = re.compile(
    r"(?P<one>.+?)'s? (?P<two>.+)|(?P<three>.+) of (?:an? |the |each |every )?(?P<four>.+)$"
)


def missing_field(draft: Draft, plain: str) -> list[FoundField]:
    """A field that only a rule speaks of: "stock cannot be negative" where no stock was listed."""
    holder, name = draft.context, plain
    possessive = _OF.match(plain)
    if possessive:
        found = find_entity(draft, possessive["one"] or possessive["four"])
        holder = found.entity if found else None
        name = possessive["two"] or possessive["three"]
    if holder is None and len(draft.entities) == 1:
        holder = next(iter(draft.entities.values()))
    words = bare(name)
    for length in range(1, len(words)):
        entity = draft.entities.get(words[:length])
        if entity is not None:
            holder, words = entity, words[length:]
            break
    if holder is None or not 0 < len(words) <= 2 or find_entity(draft, name) is not None:
        return []
    known = type_of(words) is not FieldType.TEXT or set(words) & _NAMES
    if not known:
        return []
    field = holder.add(FieldDraft(words, assumed=True))
    said = f"{article(holder.label).capitalize()} has the field {field.key}"
    draft.assume(f"{said}, which a rule speaks of.")
    return [FoundField(holder, field)]


_NAMES = frozenset(
    [
        "name",
        "title",
        "code",
        "number",
        "slug",
        "sku",
        "isbn",
        "key",
        "username",
        "serial",
        "barcode",
        "label",
    ]
)


def _everywhere(draft: Draft, plain: str) -> list[FoundField]:
    """ "Names are required", "prices must be positive": in every entity that has such a field."""
    words = bare(plain)
    if not words:
        return []
    found = []
    for entity in draft.entities.values():
        field = field_of(entity, " ".join(words))
        if field is not None:
            found.append(FoundField(entity, field))
    if found or not plain.endswith("s"):
        return (
            found if all(each.field.words[-1] == found[0].field.words[-1] for each in found) else []
        )
    family = {
        "dates": {FieldType.DATE, FieldType.DATETIME},
        "emails": {FieldType.EMAIL},
        "prices": {FieldType.DECIMAL},
    }.get(words[-1])
    if family and len(words) == 1:
        return [
            FoundField(entity, field)
            for entity in draft.entities.values()
            for field in entity.fields.values()
            if (field.type or type_of(field.words)) in family
        ]
    return []


def _apply(clause: Clause, found: FoundField, predicate: str) -> bool:
    trial = FieldDraft(found.field.words, found.field.type, found.field.target)
    left = constraints.apply(trial, predicate)
    if left or not (trial.constrained or trial.type is not found.field.type):
        return False
    pointer = settled_type(found.field) is FieldType.REFERENCE
    if pointer and (trial.minimum or trial.maximum or trial.choices or trial.direction):
        return False
    trial.sources = [clause.sentence]
    if trial.type is not None and trial.type is not found.field.type:
        found.field.type = (
            trial.type if found.field.type is not FieldType.REFERENCE else found.field.type
        )
    merge(found.field, trial)
    return True
