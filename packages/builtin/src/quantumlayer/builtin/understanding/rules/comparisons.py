"""Comparisons of two fields of a record: "the end must be after the start"."""

import re

from quantumlayer.builtin.domain import Comparison, FieldType, Operator
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import (
    bare,
    field_of,
    find_entity,
    find_field,
)
from quantumlayer.builtin.understanding.types import type_of
from quantumlayer.builtin.understanding.words import article

_OPERATORS: tuple[tuple[str, Operator], ...] = (
    (r"(?:on or after|after or (?:on|equal to|the same (?:day )?as)|at or after|at least|(?:greater|more|later|higher) than or (?:equal to|the same as)|not (?:be )?(?:before|earlier than|less than|lower than|under|smaller than|below)|no earlier than)", Operator.GREATER_OR_EQUAL),
    (r"(?:on or before|before or (?:on|equal to|the same (?:day )?as)|at or before|at most|(?:less|lower|earlier|smaller) than or (?:equal to|the same as)|not (?:be )?(?:after|later than|more than|greater than|higher than|above|larger than|beyond|exceed)|no later than|not exceed|exceed_not)", Operator.LESS_OR_EQUAL),
    (r"(?:after|later than|greater than|more than|higher than|larger than|bigger than|above|past|over|exceed|follow|beyond)", Operator.GREATER),
    (r"(?:before|earlier than|less than|lower than|smaller than|below|under|precede|prior to)", Operator.LESS),
    (r"(?:different from|different to|differ from|not (?:be )?(?:equal to|the same as|equal)|other than|distinct from)", Operator.NOT_EQUAL),
    (r"(?:equal to|the same as|equal|match)", Operator.EQUAL),
)  # fmt: skip
_SYMBOLS = {
    ">=": Operator.GREATER_OR_EQUAL,
    "<=": Operator.LESS_OR_EQUAL,
    ">": Operator.GREATER,
    "<": Operator.LESS,
}
_COMPARISON = re.compile(
    r"^(?P<left>.+?) (?:(?:must|can|has|have|is|are|should|comes?|lies?|be|always|only|strictly|come|lie|happen|happens|take place) )+(?P<how>"
    + "|".join(pattern for pattern, _ in _OPERATORS)
    + r") (?P<right>.+)$"
)
_FORBIDDEN = re.compile(
    r"^(?P<left>.+?) cannot (?:(?:be|come|lie|happen|always|ever) )*(?P<how>"
    + "|".join(pattern for pattern, _ in _OPERATORS)
    + r") (?P<right>.+)$"
)
_VERBAL = re.compile(
    r"^(?P<subject>.+?) (?:must|can|cannot) (?:only )?(?P<verb>end|start|begin|finish|close|return|be returned|be due|expire|open|be completed|be finished|be delivered|be paid|be shipped|happen)s? (?P<how>before|after|later than|earlier than|on or after|on or before|at least|at most) (?:it |they |the |he |she )?(?P<right>.+)$"
)
_SHORT = re.compile(
    r"^(?P<left>[\w' -]+?) (?P<how>not after|not before|no later than|no earlier than|after|before|>=?|<=?|later than|earlier than|greater than|less than|at least|at most) (?P<right>[\w' -]+)$"
)
_NEGATED = {
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
}
_WORDS = {
    Operator.GREATER: "after", Operator.LESS: "before", Operator.GREATER_OR_EQUAL: "not before",
    Operator.LESS_OR_EQUAL: "not after", Operator.EQUAL: "the same as", Operator.NOT_EQUAL: "different from",
}  # fmt: skip
_NUMBER_WORDS = {
    Operator.GREATER: "greater than", Operator.LESS: "less than", Operator.GREATER_OR_EQUAL: "at least",
    Operator.LESS_OR_EQUAL: "at most", Operator.EQUAL: "equal to", Operator.NOT_EQUAL: "different from",
}  # fmt: skip
_DATED = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand that one field lies before, after, above or below another."""
    if len(text) > 300 or re.search(
        r"\bonly (?:if|when)\b|\b(?:today|now|the past|the future)\b", text
    ):
        return False
    if _differ(draft, clause, text) or _not_itself(draft, clause, text):
        return True
    for pattern, negated in (
        (_FORBIDDEN, True),
        (_COMPARISON, False),
        (_VERBAL, None),
        (_SHORT, False),
    ):
        match = pattern.match(text)
        if match is None:
            continue
        how = match["how"]
        operator = _operator(how)
        if negated or (negated is None and " cannot " in text):
            operator = _NEGATED[operator]
        left = (
            match["left"] if negated is not None else f"{match['subject']} {_noun(match['verb'])}"
        )
        if compare(draft, clause, left, operator, match["right"]):
            return True
    return False


_DIFFER = re.compile(
    r"^(?:the )?(?P<one>[\w' -]+?) and (?:the |its )?(?P<other>[\w' -]+?)(?: (?:of|in|on) (?:an? |the |each |every )?(?P<whose>[\w -]+?))? (?:must|cannot|are|has to)(?: always)?(?: be)? (?P<how>differ|different|distinct|(?:the )?same|equal|identical)(?: (?:from|than) each other)?$"
)


def _differ(draft: Draft, clause: Clause, text: str) -> bool:
    """ "Sitter and host must be different"."""
    match = _DIFFER.match(text)
    if match is None or (match["how"] in {"differ", "different", "distinct"}) == (
        " cannot " in text
    ):
        return False
    entities = list(draft.entities.values())
    holder = find_entity(draft, match["whose"]) if match["whose"] else None
    for entity in [holder.entity] if holder else entities:
        one, other = field_of(entity, match["one"]), field_of(entity, match["other"])
        if one is not None and other is not None and one is not other:
            return _compare_fields(draft, clause, entity, one, Operator.NOT_EQUAL, other)
    return False


_NOT_ITSELF = re.compile(
    r"^(?:an? |the |each |every )?(?P<who>[\w-]+(?: [\w-]+)?) cannot (?:be )?(?P<verb>[\w-]+)(?: (?:to|by|for|with|against|on|at|up))? (?:itself|themselves|themself|himself(?: or herself)?|herself|him/herself|himself/herself|oneself|each other)$|"
    r"^(?:nobody|no ?one|no (?P<other>[\w-]+)) (?:can|must) (?:be )?(?P<deed>[\w-]+)(?: (?:to|by|for|with|against|on))? (?:itself|themselves|himself|herself|him/herself)$"
)


def _not_itself(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A player cannot play against himself": the two players of a match are different."""
    match = _NOT_ITSELF.match(text)
    who = find_entity(draft, match["who"] or match["other"] or "") if match else None
    if match is None or who is None or who.adjectives:
        return False
    pairs = []
    for entity in draft.entities.values():
        pointing = [each for each in entity.references() if each.target == who.entity.words]
        if entity is not who.entity and len(pointing) == 2:
            pairs.append((entity, pointing[0], pointing[1]))
    if len(pairs) != 1:
        return False
    entity, one, other = pairs[0]
    return _compare_fields(draft, clause, entity, one, Operator.NOT_EQUAL, other)


def _noun(verb: str) -> str:
    return {"begin": "start", "finish": "end", "be returned": "returned", "be due": "due", "expire": "expiry",
            "be completed": "completed", "be finished": "finished", "be delivered": "delivered", "be paid": "paid",
            "be shipped": "shipped", "close": "closing", "open": "opening", "happen": "date"}.get(verb, verb)  # fmt: skip


def _operator(how: str) -> Operator:
    if how in _SYMBOLS:
        return _SYMBOLS[how]
    return next(operator for pattern, operator in _OPERATORS if re.fullmatch(pattern, how))


def _clean(phrase: str) -> str:
    phrase = re.sub(r"^(?:if|that|the|an?|its|their|each|every|all) ", "", phrase.strip())
    return re.sub(r" (?:is|are|of the same \w+|value)$", "", phrase)


def compare(draft: Draft, clause: Clause, left: str, operator: Operator, right: str) -> bool:
    """Understand that the field that `left` names compares to the one that `right` names."""
    one = _field(draft, _clean(left), draft.context)
    if one is None:
        return _both(draft, clause, left, operator, right)
    entity, field = one
    wanted = _clean(right)
    other = _right_side(draft, entity, field, wanted) or _missing(draft, entity, field, wanted)
    if other is None:
        return _both(draft, clause, left, operator, right)
    key, label, kind = other
    if key == field.key:
        return False
    if operator not in {Operator.EQUAL, Operator.NOT_EQUAL}:
        _match_types(field, kind)
    if operator not in {Operator.EQUAL, Operator.NOT_EQUAL} and settled_type(field) not in _ORDERED:
        return False
    words = _WORDS if settled_type(field) in _DATED else _NUMBER_WORDS
    statement = f"The {field.label} of {entity.many} is {words[operator]} the {label}."
    draft.add_rule(
        Comparison(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            left=field.key,
            operator=operator,
            right=key,
        ),
        clause.sentence,
    )
    draft.context = entity
    return True


_ORDERED = _DATED | {FieldType.INTEGER, FieldType.DECIMAL}
# Of two fields one of which is named so, both are moments.
_MOMENTS = {
    "start",
    "end",
    "begin",
    "finish",
    "arrival",
    "departure",
    "checkin",
    "checkout",
    "until",
    "till",
    "from",
    "to",
}


def _match_types(field: FieldDraft, other: FieldDraft | None) -> None:
    """Two compared fields are of one type: that of the one which is known to be a date or number."""
    if other is None:
        return
    ordered = _ORDERED
    if settled_type(field) not in ordered and settled_type(other) in ordered:
        field.type = settled_type(other)
    elif settled_type(other) not in ordered and settled_type(field) in ordered:
        other.type = settled_type(field)
    elif (
        settled_type(field) not in ordered
        and settled_type(other) not in ordered
        and {field.words[0], other.words[0]} & _MOMENTS
    ):
        field.type = other.type = FieldType.DATETIME


def _field(
    draft: Draft, phrase: str, context: EntityDraft | None
) -> tuple[EntityDraft, FieldDraft] | None:
    found = find_field(draft, phrase, context)
    if found is not None:
        return found.entity, found.field
    for entity in draft.entities.values():
        if phrase.startswith((f"{entity.label} ", f"{entity.many} ")):
            field = field_of(entity, phrase.split(" ", len(entity.words))[-1])
            if field is not None:
                return entity, field
    return None


def _right_side(
    draft: Draft, entity: EntityDraft, field: FieldDraft, phrase: str
) -> tuple[str, str, FieldDraft | None] | None:
    """The key of the other field, in the record itself or in one that it points to."""
    own = field_of(entity, phrase)
    if own is not None and own is not field:
        return own.key, own.label, own
    through = find_field(draft, phrase)
    if through is not None and through.entity is entity and through.field is not field:
        return through.field.key, through.field.label, through.field
    for reference in entity.references():
        parent = draft.entities.get(reference.target or ())
        if parent is None:
            continue
        name = re.sub(
            rf"^(?:the )?(?:{re.escape(parent.label)}|{re.escape(reference.label)})(?:'s)? ",
            "",
            phrase,
        )
        name = re.sub(rf" of (?:the |its |an? )?{re.escape(parent.label)}$", "", name)
        found = field_of(parent, name)
        if found is not None and (name != phrase or through is not None):
            return f"{reference.key}.{found.key}", f"{parent.label}'s {found.label}", found
    return None


def _missing(
    draft: Draft, entity: EntityDraft, field: FieldDraft, phrase: str
) -> tuple[str, str, FieldDraft | None] | None:
    """A date that only the rule speaks of is added to the record: "after the issue date"."""
    words = bare(re.sub(rf"^{re.escape(entity.label)}(?:'s)? ", "", phrase))
    dated = {FieldType.DATE, FieldType.DATETIME}
    if settled_type(field) not in dated or not 0 < len(words) <= 3 or type_of(words) not in dated:
        return None
    if find_entity(draft, " ".join(words)) is not None:
        return None
    added = entity.add(FieldDraft(words, settled_type(field), assumed=True))
    said = f"{article(entity.label).capitalize()} has the field {added.key}"
    draft.assume(f"{said}, which a rule speaks of.")
    return added.key, added.label, added


def _both(draft: Draft, clause: Clause, left: str, operator: Operator, right: str) -> bool:
    """ "A booking's end after its start", "end after start": both in the entity that has both."""
    one, other = _clean(left), _clean(right)
    subject = find_entity(draft, one.split("'s ")[0]) if "'s " in one else None
    candidates = [subject.entity] if subject else list(draft.entities.values())
    if not subject and draft.context in candidates:
        candidates.remove(draft.context)
        candidates.insert(0, draft.context)
    name = one.split("'s ")[-1]
    for entity in candidates:
        short = re.sub(rf"^{re.escape(entity.label)} ", "", name)
        first, second = field_of(entity, short), field_of(entity, other)
        if first is not None and second is not None and first is not second:
            return _compare_fields(draft, clause, entity, first, operator, second)
    return False


def _compare_fields(
    draft: Draft,
    clause: Clause,
    entity: EntityDraft,
    first: FieldDraft,
    operator: Operator,
    second: FieldDraft,
) -> bool:
    if operator not in {Operator.EQUAL, Operator.NOT_EQUAL}:
        _match_types(first, second)
    words = _WORDS if settled_type(first) in _DATED else _NUMBER_WORDS
    statement = f"The {first.label} of {entity.many} is {words[operator]} the {second.label}."
    draft.add_rule(
        Comparison(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            left=first.key,
            operator=operator,
            right=second.key,
        ),
        clause.sentence,
    )
    draft.context = entity
    return True
