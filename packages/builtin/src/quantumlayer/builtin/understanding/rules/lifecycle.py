"""States: "status goes from draft to published", "only pending orders can be cancelled"."""

import itertools
import re

from quantumlayer.builtin.domain import (
    Condition,
    ConditionalRequirement,
    FieldType,
    Immutable,
    Operator,
    Transitions,
)
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.constraints import (
    choice_value,
    choice_values,
)
from quantumlayer.builtin.understanding.draft import (
    Draft,
    EntityDraft,
    FieldDraft,
    RuleDraft,
)
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import (
    Found,
    bare,
    field_of,
    find_entity,
    find_field,
)
from quantumlayer.builtin.understanding.relations import link_between, refer
from quantumlayer.builtin.understanding.rules.counting import record_of
from quantumlayer.builtin.understanding.rules.deletion import freeze
from quantumlayer.builtin.understanding.states import (
    LIFECYCLE,
    condition,
    conditions,
    is_state,
    say,
)
from quantumlayer.builtin.understanding.verbs import LINKING, MAKING, record_nouns
from quantumlayer.builtin.understanding.words import article

_NP = r"[\w'-]+(?: [\w'-]+){0,3}"
_PATH = re.compile(
    r"^(?P<subject>.+?) (?:(?:must|can|cannot|only|always|then) )*(?:goes|go|moves?|changes?|transitions?|progress(?:es)?|passes|follows?|advances?|starts?|flows?|switch(?:es)?)(?: only)?(?: (?:as|through|in order|in this order))*[: ]+(?:from |as |in |with |through )?(?P<path>.+)$"
)
_ARROWS = re.compile(
    r"^(?:(?P<subject>[\w' -]+?)\s*(?::|goes|is|flow:?|transitions:?|lifecycle:?)?\s*)?(?P<path>(?:\(?[a-z_]+(?: [a-z_]+)?\)?\s*(?:->|\u2192|=>|>)\s*)+[a-z_]+(?: (?:or )?[a-z_]+){0,3}(?:\s*[,;]\s*.+)?)$"
)
_STEP = re.compile(
    r"\s*(?:->|\u2192|=>|>)\s*|\s*,?\s+(?:and )?then (?:to )?|\s+to\s+|\s*,\s*(?:and )?(?:then )?(?:finally )?(?:to )?|\s+and finally (?:to )?|\s+and (?:to )?"
)
_ONLY = re.compile(
    rf"^only (?P<state>[\w' ,-]+?) (?P<object>{_NP}) (?:can|must|may)(?: be)? (?P<verb>[\w-]+)(?: (?:out|to|for|by|in|at|into)(?: .*)?)?$"
)
_ONLY_IF = re.compile(
    r"^(?P<subject>.+?) (?:can|must|may) (?:only )?(?:be )?(?P<verb>[\w-]+)(?: (?:out|to|for|by|in|from)\b.*?)? (?:only )?(?:if|when|while|once|after) (?:it|they|(?:the |its |an? )?[\w' ]+?) (?:is|are|has been|have been|was)(?: currently| still)? (?P<not>not )?(?P<state>[\w_-]+)$"
)
_CANNOT = re.compile(
    rf"^(?:an? |the |each |any |all )?(?P<object>{_NP}?)(?: (?:that|which) (?:is|are|has been|have been|was)(?: already)? (?P<after>[\w-]+))? cannot (?:be |become |go back to |return to |move to |receive |accept |get |have |take |make |use )?(?:more |new |any )*(?P<verb>[\w-]+)(?: (?:again|any ?more|anymore|afterwards|any longer))*(?: (?:out|to|for|by|with|in)\b.*)?(?P<late> (?:once|after|when|if) .+)?$"
)
_MUST_HAVE = re.compile(
    r"^(?:an? |the |each |every |any |all |if |when )*(?P<state>[\w-]+) (?P<object>[\w-]+(?: [\w-]+)??) (?:must|needs?|requires?|has|have)(?: always)?(?: have| has| be)?(?: set)? (?:an? |the |its |also )*(?P<field>[\w' -]+?)(?: set)?$"
)
_WHEN = re.compile(
    r"^(?:if|when|once|as soon as|whenever|unless)(?: (?:an?|the|its))? (?P<subject>.+?) (?:is|are|has been|becomes?|was)(?: set to| marked(?: as)?| equal to)? (?P<state>[\w_' -]+?),?(?: then)? (?:(?:an?|the|its) )?(?P<field>[\w' -]+?) (?P<must>must be (?:set|given|provided|filled(?: in)?|present|specified|recorded)|is (?:required|mandatory|needed)|must (?:exist|be required)|cannot be (?:empty|null|missing|blank)|must be (?P<value>[\w.-]+))$"
)
_REQUIRED_WHEN = re.compile(
    r"^(?:an? |the |its )?(?P<field>[\w' -]+?) (?P<must>must be (?:set|given|provided|filled(?: in)?|present|specified)|is (?:required|mandatory|needed)|are required|cannot be (?:empty|null|missing|blank)) (?:only )?(?:if|when|once|for|as soon as) (?:(?:an?|the|its|it) )?(?P<subject>.+?)(?: (?:is|are|has been|becomes?|was)(?: set to| marked(?: as)?| equal to)? (?P<state>[\w_' -]+))?$"
)
_DEED = {
    "cancelled": "cancelled", "cancel": "cancelled", "reopened": "open", "reopen": "open", "closed": "closed", "paid": "paid",
    "published": "published", "unpublished": "draft", "archived": "archived", "approved": "approved", "rejected": "rejected",
    "shipped": "shipped", "delivered": "delivered", "completed": "completed", "confirmed": "confirmed", "started": "in_progress",
    "reactivated": "active", "activated": "active", "accepted": "accepted", "refunded": "refunded", "returned": "returned",
    "submitted": "submitted", "resolved": "resolved", "finished": "finished", "sent": "sent", "blocked": "blocked", "done": "done",
}  # fmt: skip
_CHANGES = frozenset(
    [
        "changed",
        "edited",
        "modified",
        "updated",
        "altered",
        "change",
        "deleted",
        "removed",
        "edit",
        "modify",
        "update",
    ]
)
_UNLOCKED = frozenset(
    [
        "borrowed",
        "lent",
        "loaned",
        "rented",
        "booked",
        "reserved",
        "sold",
        "bought",
        "purchased",
        "ordered",
        "used",
        "assigned",
        "enrolled",
        "taken",
        "given",
        "hired",
        "added",
    ]
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand how a state may change, and what a state demands."""
    if len(text) > 300:
        return False
    readers = (
        _none_on,
        _made_only,
        _measured,
        _reached_from,
        _values,
        _path,
        _only,
        _only_if,
        _when,
        _required_when,
        _must_have,
        _cannot,
    )
    return any(reader(draft, clause, text) for reader in readers)


_VALUES = re.compile(
    r"^(?:an? |the |each |every |all )?(?P<subject>[\w-]+(?: [\w-]+)?) (?:can be|can only be|must be|are|is|has the status(?:es)?|have the status(?:es)?)(?: either| one of| 1 of)? "
    r"(?P<values>[\w-]+(?: [\w-]+)?(?:, [\w-]+(?: [\w-]+)?){0,10},? or [\w-]+(?: [\w-]+)?)$"
)


def _values(draft: Draft, clause: Clause, text: str) -> bool:
    """ "Surveys can be draft, published or closed": the values of a status."""
    match = _VALUES.match(text)
    subject = find_entity(draft, match["subject"]) if match else None
    if match is None or subject is None or subject.adjectives:
        return False
    values = choice_values(match["values"])
    if not values or {"deleted", "changed", "edited", "updated", "created"} & set(values):
        return False
    status = subject.entity.fields.get("status")
    if status is None:
        status = subject.entity.add(FieldDraft(("status",)))
    elif status.choices and not status.assumed:
        return False
    status.type, status.choices, status.constrained, status.assumed = (
        FieldType.CHOICE,
        values,
        True,
        False,
    )
    status.sources.append(clause.sentence)
    draft.context = subject.entity
    return True


_STATUS_OF = re.compile(
    r"(?:(?P<first>status|state|stage) of (?:an? |the |each )?(?P<of>[\w -]+)"
    r"|(?:an? |the |each )?(?P<owner>[\w -]+?)(?:'s|s')? (?P<last>status|state|stage))$"
)


def _status_of(draft: Draft, phrase: str) -> tuple[EntityDraft, FieldDraft] | None:
    found = find_field(draft, phrase, draft.context)
    if found is not None:
        return found.entity, found.field
    named = _STATUS_OF.match(phrase)
    owner = find_entity(draft, named["owner"] or named["of"]) if named else None
    if named is not None and owner is not None and not owner.adjectives:
        word = named["first"] or named["last"]
        return owner.entity, owner.entity.add(FieldDraft((word,), FieldType.CHOICE, assumed=True))
    entity = find_entity(draft, phrase)
    if entity is not None and not entity.adjectives:
        for each in entity.entity.fields.values():
            if each.choices or each.words[-1] in {"status", "state", "stage"}:
                return entity.entity, each
        return entity.entity, entity.entity.add(
            FieldDraft(("status",), FieldType.CHOICE, assumed=True)
        )
    return None


def _path(draft: Draft, clause: Clause, text: str) -> bool:
    match = _PATH.match(text) if re.search(r"\bto\b|->|\u2192|=>|\bthen\b|,", text) else None
    match = match or _ARROWS.match(text)
    if match is None:
        return False
    subject = match["subject"] or "status"
    found = _status_of(draft, re.sub(r"^(?:an? |the |each )", "", subject.strip()))
    if found is None:
        found = next(
            (
                (entity, field)
                for entity in draft.entities.values()
                if (field := field_of(entity, "status"))
            ),
            None,
        )
    if found is None:
        return False
    entity, field = found
    if settled_type(field) in {
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.INTEGER,
        FieldType.DECIMAL,
    }:
        return False
    pairs, values = _pairs(match["path"])
    if not pairs:
        return False
    if field.assumed and field.default is not None and field.default not in values:
        field.choices, field.default = (), None  # the usual states give way to those told of
    if not field.choices or field.assumed:
        field.choices = tuple(dict.fromkeys((*values, *field.choices)))
        field.type = FieldType.CHOICE
    elif not set(values) <= set(field.choices):
        field.choices = tuple(dict.fromkeys((*field.choices, *values)))
        draft.assume(
            f"The {field.label} of {article(entity.label)} may be {', '.join(field.choices)}: the steps name values that the list did not."
        )
    if " cannot " in f" {text} ":
        allowed = tuple(
            (one, other)
            for one in field.choices
            for other in field.choices
            if one != other and (one, other) not in pairs
        )
    else:
        allowed = pairs
    _add_transitions(
        draft, clause, entity, field, allowed, initial=None if " cannot " in text else pairs[0][0]
    )
    return True


# "…, cancelled only from new or paid" behind a path.
_REACHED_FROM = re.compile(
    r"\s*(?:,|;|\band\b)\s*(?:(?:it |they )?(?:can|may|must) )?(?:only )?(?:be |become |go to )?"
    r"(?P<to>[a-z_-]+)(?: is)?(?: only)?(?: possible| allowed| reachable)? (?:only )?from "
    r"(?P<sources>[a-z_-]+(?:(?:, (?:or |and )?| or | and )[a-z_-]+)*)$"
)


def _pairs(path: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The steps of a path, and the values that they name; nothing where it is no path."""
    reached = _REACHED_FROM.search(path)
    pairs = _steps(path if reached is None else path[: reached.start()])
    if reached is not None:
        sources = re.split(r", (?:or |and )?| or | and ", reached["sources"])
        pairs += [(choice_value(one), choice_value(reached["to"])) for one in sources]
    values = tuple(dict.fromkeys(value for pair in pairs for value in pair))
    sane = all(0 < len(value) <= 30 and value.count("_") < 3 for value in values)
    return (tuple(dict.fromkeys(pairs)), values) if sane and len(values) <= 15 else ((), ())


def _reached_from(draft: Draft, clause: Clause, text: str) -> bool:
    """ "Cancelled only from draft or sent", of the states that were told of before."""
    match = _REACHED_FROM.fullmatch(f", {text}")
    entity = draft.context
    if match is None or entity is None:
        return False
    sources = {
        choice_value(each) for each in re.split(r", (?:or |and )?| or | and ", match["sources"])
    }
    target = choice_value(match["to"])
    for field in entity.fields.values():
        known = _known_transitions(draft, entity, field)
        if known is None or not sources <= set(field.choices):
            continue
        if target not in field.choices:
            field.choices = (*field.choices, target)
        new = tuple((one, target) for one in field.choices if one in sources)
        rule, old = known
        allowed = tuple(dict.fromkeys((*old.allowed, *new)))
        _replace_transitions(clause, rule, old, entity, field, allowed, old.initial)
        return True
    return False


def _steps(path: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for part in re.split(
        r"\s*;\s*|,? (?:and|or) from |, from | or (?=[a-z_ ]+(?:->|\u2192|=>))", path
    ):
        cut = re.sub(
            r"\b(?:only|directly|status|the|be|is|finally|in that order|in this order|(?:and )?back|again)\b",
            " ",
            part,
        )
        steps = [
            [
                choice_value(each)
                for each in re.split(r"\s+or\s+(?:to )?|\s*/\s*", step)
                if choice_value(each)
            ]
            for step in _STEP.split(cut)
            if step and step.strip()
        ]
        for before, after in itertools.pairwise(steps):
            pairs += [(one, other) for one in before for other in after if one != other]
    return pairs


def _add_transitions(
    draft: Draft, clause: Clause, entity: EntityDraft, field: FieldDraft,
    allowed: tuple[tuple[str, str], ...], *, initial: str | None,
) -> None:  # fmt: skip
    """Add allowed steps; steps that are known already are narrowed by them, or widened by a path."""
    known = _known_transitions(draft, entity, field)
    if known is not None:
        rule, old = known
        if initial is None:
            both = tuple(pair for pair in old.allowed if pair in allowed)
        else:
            named = {value for pair in allowed for value in pair}
            apart = tuple(
                pair for pair in old.allowed if not set(pair) <= named and pair not in allowed
            )
            both = (*allowed, *apart)
        _replace_transitions(clause, rule, old, entity, field, both, old.initial or initial)
        return
    if initial is not None and field.default is None:
        field.default = initial
    statement = _say_steps(entity, field, allowed, initial)
    draft.add_rule(
        Transitions(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            field=field.key,
            initial=initial,
            allowed=allowed,
        ),
        clause.sentence,
    )
    draft.context = entity


def _known_transitions(
    draft: Draft, entity: EntityDraft, field: FieldDraft
) -> tuple[RuleDraft, Transitions] | None:
    for known in draft.rules:
        rule = known.rule
        if isinstance(rule, Transitions) and rule.entity == entity.name and rule.field == field.key:
            return known, rule
    return None


def _replace_transitions(
    clause: Clause, known: RuleDraft, old: Transitions, entity: EntityDraft, field: FieldDraft,
    allowed: tuple[tuple[str, str], ...], initial: str | None,
) -> None:  # fmt: skip
    statement = _say_steps(entity, field, allowed, initial)
    known.rule = old.model_copy(
        update={"allowed": allowed, "initial": initial, "statement": statement}
    )
    known.item.statement = statement
    if clause.sentence not in known.item.sources:
        known.item.sources.append(clause.sentence)
    field.default = field.default or initial


def _say_steps(
    entity: EntityDraft,
    field: FieldDraft,
    allowed: tuple[tuple[str, str], ...],
    initial: str | None,
) -> str:
    shown = ", ".join(f"{one} to {other}" for one, other in allowed[:12]) or "nowhere"
    more = " and other steps" if len(allowed) > 12 else ""
    begins = f" starts as {initial} and" if initial else ""
    return f"The {field.label} of {article(entity.label)}{begins} moves only from {shown}{more}."


def _restrict(
    draft: Draft,
    clause: Clause,
    entity: EntityDraft,
    target: str,
    sources: tuple[str, ...],
    *,
    forbidden: bool = False,
) -> bool:
    """Only from `sources` (or, when forbidden, from anything else) may the status become `target`."""
    field = next((each for each in entity.fields.values() if target in each.choices), None)
    if field is None:
        made = condition(draft, entity, target)
        field = next(
            (
                each
                for each in entity.fields.values()
                if made is not None and each.key == made.field
            ),
            None,
        )
    if field is None or not field.choices:
        return False
    for source in sources:
        if source not in field.choices:
            field.choices = (*field.choices, source)
    known = _known_transitions(draft, entity, field)
    if known is not None and known[1].initial is not None:
        rule, old = known
        if any(other == target for _, other in old.allowed):
            steps = tuple(
                p for p in old.allowed if p[1] != target or (p[0] in sources) != forbidden
            )
        else:
            steps = (
                old.allowed if forbidden else (*old.allowed, *((one, target) for one in sources))
            )
        _replace_transitions(clause, rule, old, entity, field, steps, old.initial)
        return True
    allowed = tuple(
        (one, other)
        for one in field.choices
        for other in field.choices
        if one != other and (other != target or (one in sources) != forbidden)
    )
    _add_transitions(draft, clause, entity, field, allowed, initial=None)
    return True


def _states(text: str) -> tuple[str, ...]:
    return tuple(
        choice_value(each) for each in re.split(r"\s*,\s*|\s+(?:or|and)\s+", text) if each.strip()
    )


def _only(draft: Draft, clause: Clause, text: str) -> bool:
    """ "Only pending orders can be cancelled", "only available books can be lent"."""
    match = _ONLY.match(text)
    if match is None:
        return False
    thing = find_entity(draft, f"{match['state']} {match['object']}")
    if thing is not None and match["state"] == "new" and not thing.adjectives:
        thing = Found(thing.entity, ("new",))  # here no determiner, but a state
    if thing is None or not thing.adjectives:
        return False
    states = (
        _states(" ".join(thing.adjectives))
        if len(thing.adjectives) == 1
        else _states(re.sub(rf" ?{re.escape(match['object'])}$", "", match["state"]))
    )
    return _allowed_in(
        draft, clause, thing.entity, tuple(state for state in states if state), match["verb"]
    )


def _allowed_in(
    draft: Draft, clause: Clause, entity: EntityDraft, states: tuple[str, ...], verb: str
) -> bool:
    """In these states only may the deed be done."""
    if not states:
        return False
    for state in states:
        if condition(draft, entity, state) is None:
            return False
    found = conditions(draft, entity, states)
    if not found:
        return False
    if verb in _CHANGES:
        opposite = _negate(found)
        deletes = verb in {"deleted", "removed"}
        return opposite is not None and freeze(
            draft, clause, entity, opposite, deletes=deletes, changes=not deletes
        )
    record = (
        record_of(draft, entity, verb)
        if re.fullmatch(rf"{LINKING}|{MAKING}", verb) or verb in _UNLOCKED or _names(draft, verb)
        else None
    )
    if record is not None:
        return _demand(draft, clause, record, entity, found)
    nouns = record_nouns(verb)
    if nouns and verb not in _DEED and verb not in _values_of(entity):
        record = draft.entities.get(tuple(nouns[0].split())) or draft.entity(
            nouns[0].split(), clause.sentence
        )
        refer(record, entity, clause.sentence)
        draft.assume(f"That {article(entity.label)} is {verb} is kept in {article(record.label)}.")
        return _demand(draft, clause, record, entity, found)
    target = _DEED.get(verb)
    if target is None and verb in _values_of(entity):
        target = verb
    return (
        target is not None
        and all(each.operator in {Operator.EQUAL, Operator.IN} for each in found)
        and _restrict(draft, clause, entity, target, states)
    )


def _names(draft: Draft, verb: str) -> bool:
    """Whether records are named after the verb: what is tasted is kept in tastings."""
    stem = re.sub(r"(?:ed|d)$", "", verb)[:4]
    return len(stem) > 3 and any(words[-1][:4] == stem for words in draft.entities)


def _values_of(entity: EntityDraft) -> set[str]:
    return {value for each in entity.fields.values() for value in each.choices}


def _demand(
    draft: Draft,
    clause: Clause,
    record: EntityDraft,
    thing: EntityDraft,
    found: tuple[Condition, ...],
) -> bool:
    """A record may be made only of a thing in a state."""
    reference = record.reference_to(thing)
    if reference is None:
        return False
    then = tuple(
        each.model_copy(update={"field": f"{reference.key}.{each.field}"}) for each in found
    )
    statement = f"{article(record.label).capitalize()} can be made only when the {thing.label}'s {say(found)}."
    draft.add_rule(
        ConditionalRequirement(
            requirement="R1", entity=record.name, statement=statement, then=then, on="creation"
        ),
        clause.sentence,
    )
    draft.context = record
    return True


_NONE_ON = re.compile(
    r"^no (?:new |more )?(?P<made>[\w-]+(?: [\w-]+)?) (?:for|on|in|to|of|at|with) (?:an? |the )?(?:(?P<state>[\w-]+(?: (?:or|and) [\w-]+)?) (?P<thing>[\w-]+)|(?P<what>[\w-]+) (?:that|which|who) (?:is|are|has been|have been)(?: already)? (?P<states>[\w-]+(?:(?:,| or| and|, or) [\w-]+)*))(?: (?:are|is) (?:allowed|possible|accepted))?$"
)


def _none_on(draft: Draft, clause: Clause, text: str) -> bool:
    """ "No hearings for closed cases", "no bids on lots that are sold or withdrawn"."""
    match = _NONE_ON.match(text)
    if match is None:
        return False
    made, thing = (
        find_entity(draft, match["made"]),
        find_entity(draft, match["thing"] or match["what"]),
    )
    if made is None or thing is None or made.adjectives or thing.adjectives:
        return False
    words = _states(match["state"] or match["states"])
    if not words or made.entity.reference_to(thing.entity) is None:
        return False
    found = conditions(draft, thing.entity, words)
    opposite = _negate(found) if found else None
    return opposite is not None and _demand(draft, clause, made.entity, thing.entity, opposite)


_MADE_ONLY = re.compile(
    r"^(?:an? |the |each )?(?P<made>[\w-]+(?: [\w-]+)?) can be made only on (?:an? |the )?(?P<thing>[\w-]+(?: [\w-]+){1,2})$"
)


def _made_only(draft: Draft, clause: Clause, text: str) -> bool:
    """ "Comments can be made only on published posts"."""
    match = _MADE_ONLY.match(text)
    if match is None:
        return False
    made, thing = find_entity(draft, match["made"]), find_entity(draft, match["thing"])
    if made is None or thing is None or made.adjectives or not thing.adjectives:
        return False
    found = conditions(draft, thing.entity, thing.adjectives)
    return bool(found) and _demand(draft, clause, made.entity, thing.entity, found or ())


_MEASURED = re.compile(
    rf"^(?:an? |the |each |any |all )?(?P<object>{_NP}?) (?:with|whose|that has|that have|which has|which have|having) (?:an? |its |the |their )?(?P<field>[\w'-]+(?: [\w'-]+){{0,2}}?)"
    r" (?:is |are |of )?(?P<how>below|under|less than|lower than|above|over|more than|greater than|higher than|at least|at most|<=?|>=?) (?P<number>-?\d+(?:\.\d+)?)(?: ?[a-z%]+)? cannot (?:be )?(?P<verb>[\w-]+)(?: .*)?$"
)
_HOW = {
    "below": Operator.LESS, "under": Operator.LESS, "less than": Operator.LESS, "lower than": Operator.LESS,
    "<": Operator.LESS, "above": Operator.GREATER, "over": Operator.GREATER, "more than": Operator.GREATER,
    "greater than": Operator.GREATER, "higher than": Operator.GREATER, ">": Operator.GREATER,
    "at least": Operator.GREATER_OR_EQUAL, ">=": Operator.GREATER_OR_EQUAL,
    "at most": Operator.LESS_OR_EQUAL, "<=": Operator.LESS_OR_EQUAL,
}  # fmt: skip


def _measured(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A scooter with a battery below 20 cannot be rented"."""
    match = _MEASURED.match(text)
    thing = find_entity(draft, match["object"]) if match else None
    if match is None or thing is None or thing.adjectives:
        return False
    field = field_of(thing.entity, match["field"])
    if field is None or settled_type(field) not in {FieldType.INTEGER, FieldType.DECIMAL}:
        return False
    number = match["number"]
    value: int | str = number if settled_type(field) is FieldType.DECIMAL else int(float(number))
    found = (Condition(field=field.key, operator=_HOW[match["how"]], values=(value,)),)
    verb = match["verb"]
    if verb in _CHANGES:
        deletes = verb in {"deleted", "removed"}
        return freeze(draft, clause, thing.entity, found, deletes=deletes, changes=not deletes)
    opposite = _negate(found)
    record = record_of(draft, thing.entity, verb)
    if record is None or opposite is None:
        return False
    return _demand(draft, clause, record, thing.entity, opposite)


def _negate(found: tuple[Condition, ...]) -> tuple[Condition, ...] | None:
    if len(found) != 1:
        return None
    each = found[0]
    if each.values in {(True,), (False,)}:
        return (each.model_copy(update={"values": (not each.values[0],)}),)
    swapped = {Operator.EQUAL: Operator.NOT_EQUAL, Operator.NOT_EQUAL: Operator.EQUAL, Operator.IN: Operator.NOT_IN,
               Operator.NOT_IN: Operator.IN, Operator.IS_SET: Operator.IS_EMPTY, Operator.IS_EMPTY: Operator.IS_SET,
               Operator.LESS: Operator.GREATER_OR_EQUAL, Operator.GREATER_OR_EQUAL: Operator.LESS,
               Operator.GREATER: Operator.LESS_OR_EQUAL, Operator.LESS_OR_EQUAL: Operator.GREATER}  # fmt: skip
    return (
        (each.model_copy(update={"operator": swapped[each.operator]}),)
        if each.operator in swapped
        else None
    )


def _only_if(draft: Draft, clause: Clause, text: str) -> bool:
    """ "An order can be cancelled only if it is pending"."""
    match = _ONLY_IF.match(text)
    if match is None or "only" not in text:
        return False
    subject = find_entity(draft, match["subject"])
    if subject is None or subject.adjectives:
        return False
    state = f"not_{match['state']}" if match["not"] else match["state"]
    return _allowed_in(draft, clause, subject.entity, _states(state), match["verb"])


def _cannot(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A cancelled order cannot be reopened", "a closed account cannot receive deposits"."""
    match = _CANNOT.match(text)
    if match is None or match["verb"] in {"be", "exceed", "overlap", *_CHANGES}:
        return False
    thing = find_entity(draft, match["object"])
    if thing is None:
        return False
    states = (
        _states(match["after"])
        if match["after"]
        else tuple(word for word in thing.adjectives if word not in {"or", "and"})
    )
    if not states and match["late"]:
        late = re.search(
            r"(?:once|after|when|if) (?:(?:it|they|the [\w ]+?) (?:is|are|has been|have been|was) )?(?:already )?(?P<state>[\w-]+)$",
            match["late"],
        )
        states = _states(late["state"]) if late else ()
    if not states:
        return False
    verb = match["verb"]
    found = conditions(draft, thing.entity, states)
    if not found:
        return False
    target = _DEED.get(verb) or (
        verb if any(verb in each.choices for each in thing.entity.fields.values()) else None
    )
    record = (
        record_of(draft, thing.entity, verb)
        if re.fullmatch(rf"{LINKING}|{MAKING}", verb) or verb in _UNLOCKED
        else None
    )
    if record is None:
        other = find_entity(draft, verb) or find_entity(draft, text.rsplit(" ", 1)[-1])
        if other is not None and other.entity.reference_to(thing.entity) is not None:
            record = other.entity
        elif other is not None:
            record = link_between(draft, thing.entity, other.entity)
    if record is not None and (opposite := _negate(found)) is not None:
        return _demand(draft, clause, record, thing.entity, opposite)
    if verb in {"reopened", "reopen", "reactivated", "activated", "undone", "restored"}:
        return _terminal(draft, clause, thing.entity, found)
    if target is not None:
        sources = tuple(
            str(value)
            for each in found
            if each.operator in {Operator.EQUAL, Operator.IN}
            for value in each.values
        )
        return bool(sources) and _restrict(
            draft, clause, thing.entity, target, sources, forbidden=True
        )
    return False


def _terminal(
    draft: Draft, clause: Clause, entity: EntityDraft, found: tuple[Condition, ...]
) -> bool:
    """What is in such a state stays in it."""
    each = found[0]
    field = next((one for one in entity.fields.values() if one.key == each.field), None)
    if field is None or len(found) != 1:
        return False
    if field.choices and each.operator in {Operator.EQUAL, Operator.IN}:
        ends = {str(value) for value in each.values}
        allowed = tuple(
            (one, other)
            for one in field.choices
            for other in field.choices
            if one != other and one not in ends
        )
        _add_transitions(draft, clause, entity, field, allowed, initial=None)
        return True
    statement = f"The {field.label} of {article(entity.label)} never changes once its {say(found)}."
    draft.add_rule(
        Immutable(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            fields=(field.key,),
            where=found,
        ),
        clause.sentence,
    )
    return True


def _must_have(draft: Draft, clause: Clause, text: str) -> bool:
    """ "A done task must have a completed date"."""
    match = _MUST_HAVE.match(text)
    if match is None:
        return False
    thing = find_entity(draft, f"{match['state']} {match['object']}")
    if thing is None or not thing.adjectives:
        return False
    return _require(draft, clause, thing, match["field"])


def _require(draft: Draft, clause: Clause, thing: Found, name: str) -> bool:
    entity = thing.entity
    field = field_of(entity, name)
    if field is None:
        words = bare(name)
        if not 0 < len(words) <= 3:
            return False
        field = entity.add(FieldDraft(words, assumed=True))
        draft.assume(
            f"{article(entity.label).capitalize()} has the field {field.key}, which a rule speaks of."
        )
    where = conditions(
        draft,
        entity,
        [word for word in thing.adjectives if field.words[0] != word or not _is_dated(field)],
    )
    if not where:
        where = _done_otherwise(draft, entity, thing.adjectives)
    if not where:
        return False
    field.required = False
    return _add_requirement(draft, clause, entity, where, field)


def _is_dated(field: FieldDraft) -> bool:
    return settled_type(field) in {FieldType.DATE, FieldType.DATETIME}


def _done_otherwise(
    draft: Draft, entity: EntityDraft, words: tuple[str, ...]
) -> tuple[Condition, ...]:
    """A state that only the demanded date would tell is kept in a status."""
    status = entity.fields.get("status")
    for word in words:
        if status is not None and word in status.choices:
            return (Condition(field=status.key, operator=Operator.EQUAL, values=(word,)),)
    for word in words:
        if is_state(word) or word in LIFECYCLE:
            flag = entity.add(FieldDraft((word,), FieldType.BOOLEAN, default=False, assumed=True))
            draft.assume(
                f"{article(entity.label).capitalize()} has a field {flag.key}, false at first."
            )
            return (Condition(field=flag.key, operator=Operator.EQUAL, values=(True,)),)
    return ()


def _add_requirement(
    draft: Draft,
    clause: Clause,
    entity: EntityDraft,
    where: tuple[Condition, ...],
    field: FieldDraft,
) -> bool:
    statement = (
        f"{article(entity.label).capitalize()} has its {field.label} set when its {say(where)}."
    )
    then = (Condition(field=field.key, operator=Operator.IS_SET),)
    draft.add_rule(
        ConditionalRequirement(
            requirement="R1", entity=entity.name, statement=statement, where=where, then=then
        ),
        clause.sentence,
    )
    draft.context = entity
    return True


def _when(draft: Draft, clause: Clause, text: str) -> bool:
    match = _WHEN.match(text)
    if match is None:
        return False
    return _conditional(
        draft, clause, match["subject"], match["state"], match["field"], match["value"]
    )


def _required_when(draft: Draft, clause: Clause, text: str) -> bool:
    match = _REQUIRED_WHEN.match(text)
    if match is None:
        return False
    subject, state = match["subject"], match["state"]
    if state is None:
        thing = find_entity(draft, subject)
        if thing is None or not thing.adjectives:
            return False
        return _require(draft, clause, thing, match["field"])
    return _conditional(draft, clause, subject, state, match["field"], None)


def _conditional(
    draft: Draft, clause: Clause, subject: str, state: str, name: str, value: str | None
) -> bool:
    subject = re.sub(r"^(?:the |an? |its )", "", subject)
    where, entity = _where(draft, subject, state)
    if entity is None or not where:
        return False
    field = field_of(entity, name)
    if field is None and " of " not in name:
        words = bare(name)
        if not 0 < len(words) <= 3:
            return False
        field = entity.add(FieldDraft(words, required=False, assumed=True))
        draft.assume(
            f"{article(entity.label).capitalize()} has the field {field.key}, which a rule speaks of."
        )
    if field is None or field.key == where[0].field:
        return False
    if value is not None and value not in {"set", "given"}:
        plain: str | bool = (
            value in {"true", "yes"}
            if value in {"true", "false", "yes", "no"}
            else choice_value(value)
        )
        then = (Condition(field=field.key, operator=Operator.EQUAL, values=(plain,)),)
        statement = (
            f"The {field.label} of {article(entity.label)} is {value} when its {say(where)}."
        )
        draft.add_rule(
            ConditionalRequirement(
                requirement="R1", entity=entity.name, statement=statement, where=where, then=then
            ),
            clause.sentence,
        )
        return True
    field.required = False
    return _add_requirement(draft, clause, entity, where, field)


def _where(
    draft: Draft, subject: str, state: str
) -> tuple[tuple[Condition, ...], EntityDraft | None]:
    """The condition of "the status is done" or of "a task is done"."""
    thing = find_entity(draft, subject)
    if thing is not None and not thing.adjectives:
        return conditions(draft, thing.entity, _states(state)) or (), thing.entity
    if subject in {"it", "they"} and draft.context is not None:
        return conditions(draft, draft.context, _states(state)) or (), draft.context
    found = find_field(draft, subject, draft.context)
    if found is None:
        return (), None
    values = _states(state)
    if found.field.choices and all(value in found.field.choices for value in values):
        operator = Operator.EQUAL if len(values) == 1 else Operator.IN
        return (Condition(field=found.field.key, operator=operator, values=values),), found.entity
    if settled_type(found.field) is FieldType.BOOLEAN and values[:1] in {("true",), ("false",)}:
        return (
            Condition(
                field=found.field.key, operator=Operator.EQUAL, values=(values[0] == "true",)
            ),
        ), found.entity
    if values == ("set",):
        return (Condition(field=found.field.key, operator=Operator.IS_SET),), found.entity
    return (), None
