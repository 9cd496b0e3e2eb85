"""From the draft and its rules to the requirements: safe names, order, numbers, sources."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import (
    Aggregation,
    Comparison,
    Entity,
    Field,
    Immutable,
    RelativeDate,
    Rule,
    ServiceDomain,
    Transitions,
    UniqueTogether,
    stored,
)
from quantumlayer.builtin.language.columns import built, field_words
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.living import steps_of
from quantumlayer.builtin.language.refusal import Impossible
from quantumlayer.builtin.language.spoken import NOWHERE, named
from quantumlayer.builtin.language.words import article, listed, many, title
from quantumlayer.qlayer import slug
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)

_NO_CONSTRAINTS = {"type", "thing", "unit", "fixed", "once_per", "compare", "direction"}


class Numbering:
    """The numbered items, each made once for what it says and where that stands."""

    def __init__(self, quote: Callable[[Iterable[int]], str]) -> None:
        self.items: list[Requirement] = []
        self.quote = quote

    def add(self, category: RequirementCategory, statement: str, statements: Iterable[int]) -> str:
        """The number of a new requirement."""
        number = f"R{len(self.items) + 1}"
        source = self.quote(dict.fromkeys(statements))
        self.items.append(
            Requirement(
                id=number, category=category, statement=statement[:500], source=source[:2000]
            )
        )
        return number


def assembled(
    draft: Draft,
    rules: list[tuple[int, Any]],
    language: Language,
    quote: Callable[[Iterable[int]], str],
    unclear: tuple[Unclear, ...],
) -> Requirements:
    """The requirements of a service whose draft is complete."""
    numbering = Numbering(quote)
    entities = dependency_order(draft)
    found = tuple(_entity(each, numbering) for each in entities)
    _relations(entities, numbering)
    kept, figures = _rules(rules, entities, numbering)
    draft.assume("A field must be given unless it was called optional or has a default.")
    _all_different([each.name for each in found], [each.plural for each in found])
    for entity in found:
        _all_different([each.key for each in entity.fields])
    name = draft.title or f"{next(iter(draft.entities.values())).label} service"
    domain = ServiceDomain(entities=found, rules=tuple(kept), aggregations=tuple(figures))
    return Requirements(
        name=slug(name),
        title=title(name.split())[:120],
        summary=f"{title(name.split())}: keeps {_kept_names(entities)}."[:2000],
        kind=ApplicationKind.SERVICE,
        language=language,
        items=tuple(numbering.items[:500]),
        assumptions=tuple(draft.assumptions),
        not_understood=unclear,
        domain=stored(domain),
    )


def _kept_names(entities: list[EntityDraft]) -> str:
    return listed(" ".join(many(each.words)) for each in entities)


def _all_different(*names: list[str]) -> None:
    for each in names:
        for name, times in Counter(each).items():
            if times > 1:
                raise Impossible(f"{times} things would be called {name}")


def _entity(each: EntityDraft, numbering: Numbering) -> Entity:
    labels = listed(field.label for field in each.fields.values())
    statement = f"The service keeps {' '.join(many(each.words))}: {labels}."
    number = numbering.add(RequirementCategory.ENTITY, statement, each.statements)
    fields = tuple(_field(each, field, number, numbering) for field in each.fields.values())
    return Entity(
        name=each.name,
        plural=each.plural,
        fields=fields,
        requirement=number,
    )


def _field(entity: EntityDraft, each: FieldDraft, number: str, numbering: Numbering) -> Field:
    found = built(each, number)
    if each.statements and each.said.keys() - _NO_CONSTRAINTS:
        statement = f"{article(entity.label).capitalize()} has {field_words(found)}."
        number = numbering.add(RequirementCategory.FIELD, statement, each.statements)
        return found.model_copy(update={"requirement": number})
    return found


def _relations(entities: list[EntityDraft], numbering: Numbering) -> None:
    for entity in entities:
        for each in entity.fields.values():
            if each.target is not None:
                statement = f"{article(entity.label).capitalize()} points to its {each.label}."
                numbering.add(RequirementCategory.RELATION, statement, each.statements)


def _rules(
    rules: list[tuple[int, Any]], entities: list[EntityDraft], numbering: Numbering
) -> tuple[list[Rule], list[Aggregation]]:
    kept: list[Rule] = []
    figures: list[Aggregation] = []
    for at, rule in [*said_of_fields(entities), *rules]:
        if any(_bare(each) == _bare(rule) for each in (*kept, *figures)):
            continue
        quote = numbering.quote([at]) or str(getattr(rule, "kind", ""))
        statement = f"{quote[:1].upper()}{quote[1:]}".rstrip(" .") + "."
        figure = isinstance(rule, Aggregation)
        category = RequirementCategory.OPERATION if figure else RequirementCategory.RULE
        number = numbering.add(category, statement, [at])
        numbered = rule.model_copy(update={"requirement": number, "statement": statement[:500]})
        if isinstance(numbered, Aggregation):
            figures.append(numbered)
        else:
            kept.append(numbered)
    return kept, figures


def _bare(rule: Rule | Aggregation) -> object:
    return rule.model_copy(update={"requirement": NOWHERE, "statement": "-"})


def said_of_fields(entities: list[EntityDraft]) -> list[tuple[int, Any]]:
    """The rules that were told within lists of fields."""
    found: list[tuple[int, Any]] = []
    for entity in entities:
        for each in entity.fields.values():
            at = each.statements[-1] if each.statements else 0
            found += [(at, rule) for rule in _of_field(entity, each)]
        for names, at in entity.together:
            keys = tuple(
                each.key
                for words in names
                for each in entity.fields.values()
                if words in (each.words, each.target and each.target.words)
            )
            found.append((at, UniqueTogether(**named(entity), fields=keys)))
    return found


def _of_field(entity: EntityDraft, each: FieldDraft) -> Iterator[Rule]:
    base, said = {**named(entity), "field": each.key}, each.said
    if "steps" in said:
        yield Transitions.model_validate({**base, **_ways(each)})
    if "direction" in said:
        yield RelativeDate.model_validate({**base, "direction": said["direction"]})
    if "fixed" in said:
        yield Immutable(**named(entity), fields=(each.key,))
    operator, words = said.get("compare", ("", ()))
    other = entity.fields.get(words)
    if other is not None:
        how = Operator(operator)
        yield Comparison(**named(entity), left=each.key, operator=how, right=other.key)


def _ways(each: FieldDraft) -> dict[str, Any]:
    told = steps_of(each.said["steps"])
    more = [pair for steps in each.said.get("ways", ()) for pair in steps_of(steps)["allowed"]]
    return {**told, "allowed": (*told["allowed"], *more)}


def dependency_order(draft: Draft) -> list[EntityDraft]:
    """The entities, each after those that it points to, as far as there is such an order."""
    waiting, done = list(draft.entities.values()), list[EntityDraft]()
    while waiting:
        ready = next((each for each in waiting if _targets(each) <= {*done, each}), None)
        if ready is None:
            both = f"{waiting[0].label} and {waiting[-1].label} point to each other"
            raise Impossible(both, tuple(waiting[-1].statements))
        done.append(ready)
        waiting.remove(ready)
    return done


def _targets(entity: EntityDraft) -> set[EntityDraft]:
    return {each.target for each in entity.fields.values() if each.target is not None}
