"""Figures over records: "total amount per category", "number of loans per member"."""

import re

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import (
    AggregationDraft,
    Draft,
    EntityDraft,
    FieldDraft,
    Item,
)
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import find_entity, find_field
from quantumlayer.builtin.understanding.rules.counting import group_keys
from quantumlayer.builtin.understanding.states import conditions, say
from quantumlayer.builtin.understanding.words import snake
from quantumlayer.qlayer.requirements import RequirementCategory

_ASK = re.compile(
    r"^(?:(?:i|we|users?|you|it|the (?:system|service|api|app|application)|there) )?(?:(?:can|must|want to|also|would like to|should|be able to|need|needs|want|wants|to|will|is|has|an endpoint|a report|endpoint|report) )*"
    r"(?:(?:see|get|show|view|know|report|reports|calculate|compute|return|returns|list|fetch|provide|provides|display|query|a|an|the|endpoint|report|reports|statistics?|stats|summary|overview|figures?|aggregate|for|of|on|with|about|:|to|by) )*"
)
_FUNCTIONS: tuple[tuple[str, str], ...] = (
    (
        r"(?:total )?(?:number|count|amount) of(?= [a-z]+s\b)|how many|counts? of|count(?: the)?",
        "count",
    ),
    (r"(?:total|sum|overall)(?: amount| sum)?(?: of)?(?: the| all)?|sum up", "sum"),
    (r"(?:average|mean|avg)(?: of)?(?: the| all)?", "average"),
    (r"(?:highest|maximum|largest|biggest|max)(?: of)?(?: the)?", "maximum"),
    (r"(?:lowest|minimum|smallest|cheapest|min)(?: of)?(?: the)?", "minimum"),
)
_FIGURE = re.compile(
    r"^(?P<function>"
    + "|".join(f"(?P<f{position}>{pattern})" for position, (pattern, _) in enumerate(_FUNCTIONS))
    + r") (?P<what>.+?)(?P<tail>(?: (?:per|by|for each|in each|of each|grouped by|each|every|spent on) .+)?)$"
)
_NUMERIC = {FieldType.INTEGER, FieldType.DECIMAL}


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a figure that is asked for, rather than a limit."""
    if len(text) > 250 or re.search(
        r"\b(?:cannot|must (?:not|be)|at (?:most|least)|exceed|more than|less than)\b", text
    ):
        return False
    asked = _ASK.sub("", text, count=1)
    match = _FIGURE.match(asked)
    if match is None:
        return False
    function = next(name for position, (_, name) in enumerate(_FUNCTIONS) if match[f"f{position}"])
    tail = re.sub(
        r"\b(?:by|for each|in each|of each|grouped by|each|every|spent on)\b", "per", match["tail"]
    )
    what = re.sub(r"^(?:the |all |of )+", "", match["what"])
    if not tail and re.match(r"(?:per|by|for each|grouped by) ", what):
        what, tail = "", re.sub(r"^(?:by|for each|grouped by) ", "per ", what)
    if not tail and asked == text and not re.search(r"^(?:total|number of|average|count)", text):
        return False
    if function == "count":
        return _count(draft, clause, what, tail)
    return _of_field(draft, clause, function, what, tail)


def _count(draft: Draft, clause: Clause, what: str, tail: str) -> bool:
    what = re.sub(r" (?:there are|exist|does .*|do .*|has .*|have|are there)$", "", what)
    thing = find_entity(draft, what)
    if thing is None:
        return False
    return _add(draft, clause, "count", thing.entity, None, tail, thing.adjectives)


def _of_field(draft: Draft, clause: Clause, function: str, what: str, tail: str) -> bool:
    if not what:
        only = _only_amount(draft, clause, tail)
        return only is not None and _add(draft, clause, function, *only, tail, ())
    thing = find_entity(draft, what)
    if thing is not None and not thing.adjectives:
        numbers = [each for each in thing.entity.fields.values() if settled_type(each) in _NUMERIC]
        money = [each for each in numbers if settled_type(each) is FieldType.DECIMAL] or numbers
        if function == "sum" and not numbers:
            return _add(draft, clause, "count", thing.entity, None, tail, ())
        return len(money) >= 1 and _add(draft, clause, function, thing.entity, money[0], tail, ())
    found = find_field(draft, what, draft.context)
    if found is None:
        for entity in draft.entities.values():
            if re.search(rf"\b(?:{re.escape(entity.label)}|{re.escape(entity.many)})\b", what):
                stripped = re.sub(
                    rf"\b(?:{re.escape(entity.label)}|{re.escape(entity.many)})\b", "", what
                ).strip()
                found = find_field(draft, stripped, entity) if stripped else None
                if found is not None:
                    break
    if found is None and function == "sum":
        candidates = [(entity, each) for entity in draft.entities.values() for each in entity.fields.values()
                      if settled_type(each) is FieldType.DECIMAL and set(each.words) & {"amount", "price", "cost", "total"}]  # fmt: skip
        if len(candidates) == 1 and re.match(
            r"(?:spent|spending|expenses?|costs?|sales|revenue|income|amount|spendings)\b", what
        ):
            return _add(draft, clause, "sum", candidates[0][0], candidates[0][1], tail, ())
    if found is None or settled_type(found.field) not in _NUMERIC:
        return False
    return _add(draft, clause, function, found.entity, found.field, tail, ())


def _only_amount(draft: Draft, clause: Clause, tail: str) -> tuple[EntityDraft, FieldDraft] | None:
    """What "the total per category" adds up: the one decimal that there is, else the one number."""
    numbers = [
        (entity, field)
        for entity in draft.entities.values()
        for field in entity.fields.values()
        if settled_type(field) in _NUMERIC
    ]
    decimals = [pair for pair in numbers if settled_type(pair[1]) is FieldType.DECIMAL]
    candidates = decimals or numbers
    if len(candidates) > 1:
        # The budget of a category is of no month; the amount of an expense is.
        candidates = [
            (entity, field)
            for entity, field in candidates
            if group_keys(draft, clause, entity, tail.strip(), make=False) is not None
        ]
    return candidates[0] if len(candidates) == 1 else None


def _add(
    draft: Draft,
    clause: Clause,
    function: str,
    entity: EntityDraft,
    field: FieldDraft | None,
    tail: str,
    states: tuple[str, ...],
) -> bool:
    where = conditions(draft, entity, states)
    grouped = group_keys(draft, clause, entity, tail.strip(), make=False)
    if where is None or grouped is None:
        return False
    keys, said, _ = grouped
    per = [each.replace(" ", "_") for each in said]
    about = (
        [entity.plural]
        if field is None
        else [field.name, "of", entity.plural]
        if field.label not in entity.label
        else [entity.plural]
    )
    name = snake([function, *states, *about, *(["per", *per] if per else [])])
    if any(known.aggregation.name == name for known in draft.aggregations):
        return True
    subject = (
        f"number of {' '.join(states)} {entity.many}".replace("  ", " ")
        if field is None
        else f"{function} of the {field.label} of {entity.many}"
    )
    statement = f"The service reports the {subject}{' for each ' + ' and '.join(said) if said else ''}{' whose ' + say(where) if where else ''}."
    item = Item(RequirementCategory.OPERATION, statement, [clause.sentence])
    figure = Aggregation(
        requirement="R1", name=name, entity=entity.name, statement=statement, function=function,
        field=field.key if field else None, group_by=tuple(keys), where=where,
    )  # fmt: skip
    draft.aggregations.append(AggregationDraft(figure, item))
    draft.items.append(item)
    return True
