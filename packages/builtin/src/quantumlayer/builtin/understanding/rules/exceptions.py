"""Exceptions to what was said before: "cancelled bookings do not count"."""

import re

from quantumlayer.builtin.domain import Condition, CountLimit, NoOverlap, SumLimit, UniqueTogether
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, RuleDraft
from quantumlayer.builtin.understanding.phrases import find_entity
from quantumlayer.builtin.understanding.states import conditions, say

_IGNORED = re.compile(
    r"^(?:the |any |all )?(?P<who>[\w-]+(?: [\w-]+){1,3}) (?:(?:do|does) not (?:count|matter|block|apply)|"
    r"(?:is|are) (?:not (?:counted|considered|included|taken into account)|ignored|excluded|exempt|left out|skipped))"
    r"(?: (?:for|from|towards?|in|here|as|when) ?.*)?$"
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand that the rules about many records do not look at those in a state."""
    match = _IGNORED.match(text)
    found = find_entity(draft, match["who"]) if match else None
    if found is None or not found.adjectives:
        return False
    where = conditions(draft, found.entity, [f"not_{word}" for word in found.adjectives])
    entity = found.entity.name
    narrowed = [_narrow(each, entity, where or (), clause) for each in draft.rules]
    return any(narrowed)


def _narrow(each: RuleDraft, entity: str, where: tuple[Condition, ...], clause: Clause) -> bool:
    """Let a rule about many records of the entity look only where the conditions hold."""
    rule = each.rule
    if not isinstance(rule, CountLimit | NoOverlap | SumLimit | UniqueTogether):
        return False
    added = tuple(one for one in where if one not in rule.where)
    if rule.entity != entity or not added:
        return False
    statement = f"{rule.statement.rstrip('.')}, counting those whose {say(added)}."
    each.rule = rule.model_copy(update={"where": (*rule.where, *added), "statement": statement})
    each.item.statement = statement
    if clause.sentence not in each.item.sources:
        each.item.sources.append(clause.sentence)
    return True
