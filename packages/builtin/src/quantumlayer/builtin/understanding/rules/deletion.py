"""What may not be deleted or changed: "cannot delete a member with open loans", "a paid invoice…"."""

import re

from quantumlayer.builtin.domain import Condition, DeleteRestricted, Immutable
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft
from quantumlayer.builtin.understanding.phrases import find_entity, find_field
from quantumlayer.builtin.understanding.relations import link_between
from quantumlayer.builtin.understanding.states import conditions, say
from quantumlayer.builtin.understanding.words import article

_DELETE = r"(?:delet(?:e|ed|ing)|remov(?:e|ed|ing))"
_CHANGE = r"(?:chang(?:e|ed|ing)|edit(?:ed|ing)?|modif(?:y|ied|ying)|updat(?:e|ed|ing)|alter(?:ed|ing)?|touched|immutable|frozen|locked|read-only)"
_PASSIVE = re.compile(
    rf"^(?:an? |the |each |any |all |no )?(?P<thing>.+?) (?:cannot|can|must|is|are|becomes?)(?: not| no longer| only| never| possible to)?(?: be)? (?P<one>{_DELETE}|{_CHANGE})(?: (?:and|or|nor)(?: cannot)?(?: be)? (?P<two>{_DELETE}|{_CHANGE}))?(?: any ?more| anymore| afterwards| again| later| any longer)*(?P<tail>(?:,? (?:if|when|while|once|after|as long as|until|unless|with|that|which|because)\b.*)?)$"
)
_ACTIVE = re.compile(
    rf"^(?:(?:users?|you|we|one|people|it|nobody|no ?one|clients?) )?(?:cannot|can|must|do)(?: not)?(?: allow)?(?: to)?(?: the)? (?P<one>{_DELETE}|{_CHANGE})(?: (?:and|or) (?P<two>{_DELETE}|{_CHANGE}))?(?: of)? (?:an? |the |any |all )?(?P<thing>.+?)(?P<tail>(?:,? (?:if|when|while|once|after|as long as|until|unless|with|that|which|who)\b.*)?)$"
)
_HOLDING = re.compile(
    r"^(?:,? )?(?:if|when|while|as long as|with|that|which|who|unless|until)? ?(?:it |they |there |he |she )?(?:still )?(?:has|have|having|with|is|are|exist|contains?|owns?|holds?)?(?: still| any| existing| some| at least 1| 1 or more| related| linked)*(?: (?P<no>no))? ?(?:(?:any|some|still|existing|at least 1|related) )*(?P<what>[\w' -]+?)(?: (?:in it|in them|attached|linked to it|pointing to it|on it|that (?:are|is) (?P<state>[\w-]+)|assigned(?: to (?:it|them))?|left|exist|for it|to it))*$"
)
_STATE = re.compile(
    r"^,? ?(?:if|when|while|once|after|as soon as|as long as) (?:(?:it|they|the [\w ]+?|its [\w ]+?) )?(?:is|are|has been|have been|was|becomes?)?(?: already| set to| marked as| marked)* ?(?P<state>[\w-]+)$|"
    r"^,? ?(?:that|which) (?:is|are|has been|have been|was)(?: already)? (?P<that>[\w-]+)$"
)
_STATUS_IS = re.compile(
    r"^,? ?(?:if|when|while|once|after) (?:its |the )?(?P<field>[\w ]+?) (?:is|are|has been|becomes?)(?: set to)? (?P<state>[\w-]+)$"
)


def read(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand what cannot be deleted or changed, and in which state."""
    if len(text) > 300 or not re.search(rf"\b(?:{_DELETE}|{_CHANGE})\b", text):
        return False
    if not re.search(
        r"\bcannot\b|\bcan only\b|\bimmutable\b|\bfrozen\b|\bread-only\b|\blocked\b|\bnot\b|\bonly\b|^no\b",
        text,
    ):
        return False
    match = (
        _PASSIVE.match(text)
        if not re.match(r"^(?:users?|you|we|one|people|it|nobody|no ?one|clients?) |^cannot ", text)
        else None
    )
    match = match or _ACTIVE.match(text)
    if match is None:
        return False
    verbs = f"{match['one']} {match['two'] or ''}"
    deletes, changes = bool(re.search(_DELETE, verbs)), bool(re.search(_CHANGE, verbs))
    thing_phrase, tail = match["thing"], (match["tail"] or "").strip()
    cut = re.search(
        r" (?:with|that has|that have|who has|who have|having|which has|which have|which is|that is|which are|that are|who is)\b.*$",
        thing_phrase,
    )
    if cut and not tail:
        tail, thing_phrase = cut.group().strip(), thing_phrase[: cut.start()]
    if "only" in text.split(match["one"], maxsplit=1)[0]:
        return False
    negated_unless = bool(re.match(r",? ?(?:unless|until)\b", tail))
    thing = find_entity(draft, thing_phrase)
    field = None
    if thing is None or _is_field(draft, thing_phrase):
        field = find_field(draft, thing_phrase, draft.context)
        if field is None and thing is None:
            return False
    if field is not None:
        return _fixed_field(draft, clause, field.entity, field.field.key, field.field.label, tail)
    if thing is None:
        return False
    return _of_thing(
        draft,
        clause,
        thing.entity,
        thing.adjectives,
        tail,
        deletes=deletes,
        changes=changes,
        unless=negated_unless,
    )


def _is_field(draft: Draft, phrase: str) -> bool:
    found = find_field(draft, phrase)
    return found is not None and (
        find_entity(draft, phrase) is None or "'s " in phrase or " of " in phrase
    )


def _fixed_field(
    draft: Draft, clause: Clause, entity: EntityDraft, key: str, label: str, tail: str
) -> bool:
    where: tuple[Condition, ...] = ()
    if tail and not re.match(
        r",? ?(?:once|after|when) (?:it |they )?(?:is |are |was |has been |have been )?(?:set|created|creation|given|assigned|saved)",
        tail,
    ):
        state = _STATE.match(tail)
        found = conditions(draft, entity, [state["state"] or state["that"]]) if state else None
        if not found:
            return False
        where = found
    when = f" once its {say(where)}" if where else " after creation"
    draft.add_rule(
        Immutable(
            requirement="R1",
            entity=entity.name,
            statement=f"The {label} of {article(entity.label)} never changes{when}.",
            fields=(key,),
            where=where,
        ),
        clause.sentence,
    )
    return True


def _of_thing(  # noqa: PLR0913 - the thing, its state, and what is forbidden
    draft: Draft, clause: Clause, entity: EntityDraft, adjectives: tuple[str, ...], tail: str,
    *, deletes: bool, changes: bool, unless: bool,
) -> bool:  # fmt: skip
    states = list(adjectives)
    state = _STATE.match(tail) if tail else None
    status = _STATUS_IS.match(tail) if tail else None
    if status and status["state"]:
        states.append(status["state"])
        tail = ""
    elif state and find_entity(draft, state["state"] or state["that"]) is None:
        states.append(state["state"] or state["that"])
        tail = ""
    if not tail and states:
        where = conditions(draft, entity, states)
        return bool(where) and freeze(
            draft, clause, entity, where or (), deletes=deletes, changes=changes
        )
    if not tail and not states and changes:
        fields = tuple(each.key for each in entity.fields.values())
        statement = f"{article(entity.label).capitalize()} never changes once it is made."
        draft.add_rule(
            Immutable(
                requirement="R1",
                entity=entity.name,
                statement=statement,
                fields=fields,
                deletable=not deletes,
            ),
            clause.sentence,
        )
        return bool(fields)
    if not tail and not states and deletes:
        statement = f"{article(entity.label).capitalize()} is never deleted."
        draft.add_rule(
            Immutable(
                requirement="R1",
                entity=entity.name,
                statement=statement,
                deletable=False,
                changeable=True,
            ),
            clause.sentence,
        )
        draft.context = entity
        return True
    if tail and deletes and not states:
        return _holding(draft, clause, entity, tail, unless=unless)
    return False


def freeze(
    draft: Draft,
    clause: Clause,
    entity: EntityDraft,
    where: tuple[Condition, ...],
    *,
    deletes: bool,
    changes: bool,
) -> bool:
    """Add that records in a state are not changed, or not deleted, any more."""
    verb = " or ".join(word for word, said in (("changed", changes), ("deleted", deletes)) if said)
    statement = f"{article(entity.label).capitalize()} cannot be {verb} once its {say(where)}."
    for known in draft.rules:
        rule = known.rule
        if (
            isinstance(rule, Immutable)
            and rule.entity == entity.name
            and rule.where == where
            and not rule.fields
        ):
            changes, deletes = changes or not rule.changeable, deletes or not rule.deletable
            if changes and deletes:
                statement = statement.replace(f" be {verb} ", " be changed or deleted ")
            known.rule = rule.model_copy(
                update={
                    "deletable": not deletes,
                    "changeable": not changes,
                    "statement": statement,
                }
            )
            known.item.statement = statement
            return True
    draft.add_rule(
        Immutable(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            where=where,
            deletable=not deletes,
            changeable=not changes,
        ),
        clause.sentence,
    )
    draft.context = entity
    return True


def _holding(draft: Draft, clause: Clause, entity: EntityDraft, tail: str, *, unless: bool) -> bool:
    """ "… with open loans", "… that has books", "… if there are loans"."""
    match = _HOLDING.match(tail)
    if match is None or (unless and not match["no"]):
        return False
    thing = find_entity(draft, match["what"])
    if thing is None:
        return False
    by = thing.entity
    if by.reference_to(entity) is None:
        linked = link_between(draft, by, entity)
        if linked is None:
            return False
        by = linked
    reference = by.reference_to(entity)
    if reference is None:
        return False
    words = [*thing.adjectives, *([match["state"]] if match["state"] else [])]
    where = conditions(
        draft,
        by,
        [
            word
            for word in words
            if word not in {"any", "still", "existing", "related", "linked"}
            # Enrolled students are those of whom there is an enrollment.
            and not (by is not thing.entity and word[:5] == by.words[-1][:5])
        ],
    )
    if where is None:
        return False
    state = " ".join(word for word in words if where and word not in {"any", "still", "existing"})
    statement = f"{article(entity.label).capitalize()} with {f'{state} ' if state else ''}{by.many} cannot be deleted."
    draft.add_rule(
        DeleteRestricted(
            requirement="R1",
            entity=entity.name,
            statement=statement,
            by=by.name,
            by_field=reference.key,
            where=where,
        ),
        clause.sentence,
    )
    if where:
        draft.assume(
            f"When {article(entity.label)} without {state} {by.many} is deleted, its other {by.many} are deleted with it."
        )
    return True
