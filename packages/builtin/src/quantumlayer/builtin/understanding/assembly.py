"""From the draft to the requirements: safe names, dependency order, numbered statements."""

import re
from collections.abc import Iterable

from quantumlayer.builtin.domain import (
    Entity,
    Field,
    FieldType,
    RelativeDate,
    ServiceDomain,
    stored,
)
from quantumlayer.builtin.understanding.draft import (
    Draft,
    EntityDraft,
    FieldDraft,
    Item,
    Words,
)
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.prompt import Prompt
from quantumlayer.builtin.understanding.text import Sentence
from quantumlayer.builtin.understanding.words import article, title
from quantumlayer.qlayer import slug
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)

MAXIMUM_ENTITIES = 40
_OPTIONAL_NAMES = frozenset(
    [
        "description",
        "note",
        "notes",
        "remark",
        "remarks",
        "bio",
        "biography",
        "comment",
        "comments",
        "tags",
        "nickname",
        "middle",
    ]
)
_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}


def assemble(prompt: Prompt, draft: Draft) -> Requirements:
    """The requirements of a service whose draft is complete."""
    entities = dependency_order(draft)
    items: list[Item] = []
    entity_items: dict[Words, Item] = {}
    field_items: dict[tuple[Words, str], Item] = {}
    for entity in entities:
        entity_items[entity.words] = _entity_item(entity)
        items.append(entity_items[entity.words])
        for field in entity.fields.values():
            if field.constrained and field.sources and (statement := describe(entity, field)):
                item = Item(RequirementCategory.FIELD, statement, field.sources)
                field_items[entity.words, field.key] = item
                items.append(item)
    items += [
        field.item for entity in entities for field in entity.references() if field.item is not None
    ]
    items += [known.item for known in draft.rules]
    items += draft.items
    items = list(dict.fromkeys(items))
    numbers = {id(item): f"R{position}" for position, item in enumerate(items[:500], start=1)}
    names = {entity.words: entity.name for entity in entities}
    built = tuple(
        Entity(
            name=entity.name,
            plural=entity.plural,
            description=f"{title(entity.words)} records.",
            fields=tuple(
                _field(
                    field, names,
                    numbers.get(id(field_items.get((entity.words, field.key), entity_items[entity.words]))),
                )
                for field in entity.fields.values()
            ),
            requirement=numbers.get(id(entity_items[entity.words])),
        )
        for entity in entities
    )  # fmt: skip
    rules = [
        known.rule.model_copy(update={"requirement": numbers[id(known.item)]})
        for known in draft.rules
        if id(known.item) in numbers
    ]
    for entity in entities:
        for field in entity.fields.values():
            if field.direction is not None and (entity.words, field.key) in field_items:
                rules.append(
                    _relative(entity, field, numbers[id(field_items[entity.words, field.key])])
                )
            elif field.direction is not None:
                rules.append(_relative(entity, field, numbers[id(entity_items[entity.words])]))
    name = draft.title or f"{next(iter(draft.entities.values())).label} service"
    requirements = Requirements(
        name=slug(name),
        title=title(name.split())[:120],
        summary=_summary(name, entities),
        kind=ApplicationKind.SERVICE,
        language=prompt.language,
        items=tuple(
            Requirement(
                id=numbers[id(item)],
                category=item.category,
                statement=item.statement[:500],
                source=_source(prompt, item.sources),
            )
            for item in items
            if id(item) in numbers
        ),
        assumptions=tuple(dict.fromkeys((*prompt.assumptions, *draft.assumptions))),
        not_understood=(
            *prompt.not_understood,
            *(Unclear(text=text[:2000], reason=reason[:500]) for text, reason in draft.unclear),
        ),
        domain=stored(
            ServiceDomain(
                entities=built,
                rules=tuple(rules),
                aggregations=tuple(
                    known.aggregation.model_copy(update={"requirement": numbers[id(known.item)]})
                    for known in draft.aggregations
                    if id(known.item) in numbers
                ),
            )
        ),
    )
    return Requirements.model_validate(requirements.model_dump())


def _source(prompt: Prompt, sources: Iterable[Sentence]) -> str:
    quoted = dict.fromkeys(prompt.source(sentence) for sentence in sources)
    return " … ".join(quoted)[:2000]


def _summary(name: str, entities: list[EntityDraft]) -> str:
    kept = [entity.many for entity in entities]
    listed = kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} and {kept[-1]}"
    return f"{title(name.split())}: keeps {listed}."[:2000]


def dependency_order(draft: Draft) -> list[EntityDraft]:
    """The entities, each after those that it points to; a circle is broken at an optional reference."""
    waiting = list(draft.entities.values())[:MAXIMUM_ENTITIES]
    known = {entity.words for entity in waiting}
    done: list[EntityDraft] = []
    placed: set[Words] = set()
    while waiting:
        ready = [entity for entity in waiting if _needs(entity, known) <= placed]
        if not ready:
            _break_circle(draft, waiting[0], placed)
            continue
        done.append(ready[0])
        placed.add(ready[0].words)
        waiting.remove(ready[0])
    for entity in done:
        for key, field in list(entity.fields.items()):
            if field.type is FieldType.REFERENCE and field.target not in known:
                del entity.fields[key]
    return done


def _needs(entity: EntityDraft, known: set[Words]) -> set[Words]:
    targets = {field.target for field in entity.references() if field.target is not None}
    return {target for target in targets if target in known and target != entity.words}


def _break_circle(draft: Draft, entity: EntityDraft, placed: set[Words]) -> None:
    """Two entities that point to each other cannot both come first: one pointer is left out."""
    for key, field in list(entity.fields.items()):
        if (
            field.type is FieldType.REFERENCE
            and field.target not in placed
            and field.target != entity.words
        ):
            del entity.fields[key]
            gone = f"{entity.label.capitalize()} does not point to its {field.label}"
            draft.assume(
                f"{gone}, because {article(field.label)} points to {article(entity.label)}."
            )
            draft.rules = [
                known
                for known in draft.rules
                if not (
                    known.rule.entity == entity.name
                    and f"'{field.key}" in str(known.rule.model_dump())
                )
            ]


def _entity_item(entity: EntityDraft) -> Item:
    names = [field.label for field in entity.fields.values()]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    statement = f"The service keeps {entity.many}: {listed}."[:500]
    return Item(RequirementCategory.ENTITY, statement, list(entity.sources))


def is_required(field: FieldDraft) -> bool:
    """Whether a value must be given (or is given by the default)."""
    if field.required is not None:
        return field.required
    return not (settled_type(field) is FieldType.TAGS or field.words[-1] in _OPTIONAL_NAMES)


def describe(entity: EntityDraft, field: FieldDraft) -> str:
    """The constraints of a field in a sentence."""
    said: list[str] = []
    if field.required is True:
        said.append("is required")
    elif field.required is False:
        said.append("is optional")
    if field.unique:
        said.append("is unique")
    if field.choices:
        said.append(f"is one of {', '.join(field.choices)}")
    said += _limits(field)
    if field.direction is not None:
        said.append(f"lies {_DIRECTIONS[field.direction]}")
    if field.fixed:
        said.append("never changes")
    if field.default is not None:
        said.append(f"is {str(field.default).lower()} by default")
    if field.computed_default is not None:
        said.append(f"is {field.computed_default} by default")
    if field.pattern:
        said.append(f"has the form {field.pattern}")
    return f"The {field.label} of {article(entity.label)} {_and(said)}." if said else ""


_DIRECTIONS = {
    "past": "in the past", "past_or_today": "not in the future",
    "future": "in the future", "future_or_today": "not in the past",
}  # fmt: skip


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _limits(field: FieldDraft) -> list[str]:
    said = []
    if field.minimum is not None:
        said.append(
            f"is {'greater than' if field.exclusive_minimum else 'at least'} {field.minimum}"
        )
    if field.maximum is not None:
        said.append(f"is {'less than' if field.exclusive_maximum else 'at most'} {field.maximum}")
    if field.min_length is not None and field.min_length == field.max_length:
        said.append(f"has exactly {field.min_length} characters")
        return said
    if field.min_length is not None:
        said.append(f"has at least {field.min_length} characters")
    if field.max_length is not None:
        said.append(f"has at most {field.max_length} characters")
    return said


def _field(field: FieldDraft, names: dict[Words, str], requirement: str | None) -> Field:
    kind = settled_type(field)
    numeric = kind in {FieldType.INTEGER, FieldType.DECIMAL}
    text = kind in {*_TEXTS, FieldType.EMAIL, FieldType.URL, FieldType.PHONE}
    return Field(
        name=field.name,
        type=kind,
        description=f"{title(field.words)}.",
        required=is_required(field),
        unique=field.unique,
        choices=field.choices if kind is FieldType.CHOICE else (),
        references=names.get(field.target)
        if kind is FieldType.REFERENCE and field.target
        else None,
        default=_default(field, kind),
        computed_default=field.computed_default
        if kind in {FieldType.DATE, FieldType.DATETIME}
        else None,
        minimum=field.minimum if numeric else None,
        exclusive_minimum=field.exclusive_minimum and numeric,
        maximum=field.maximum if numeric else None,
        exclusive_maximum=field.exclusive_maximum and numeric,
        min_length=field.min_length if text else None,
        max_length=field.max_length if text else None,
        pattern=field.pattern if kind in _TEXTS else None,
        requirement=requirement,
    )


def _default(field: FieldDraft, kind: FieldType) -> str | int | bool | None:
    value = field.default
    if value is None:
        return False if kind is FieldType.BOOLEAN and field.required is not True else None
    if kind is FieldType.INTEGER:
        return int(float(str(value))) if re.fullmatch(r"-?\d+(?:\.\d+)?", str(value)) else None
    if kind is FieldType.DECIMAL:
        return str(value) if re.fullmatch(r"-?\d+(?:\.\d+)?", str(value)) else None
    if kind is FieldType.BOOLEAN:
        return value if isinstance(value, bool) else str(value) in {"true", "yes", "1"}
    if kind is FieldType.CHOICE:
        wanted = re.sub(r"[^a-z0-9+.]+", "_", str(value).lower()).strip("_")
        return wanted if wanted in field.choices else None
    return str(value) if kind in _TEXTS else None


def _relative(entity: EntityDraft, field: FieldDraft, requirement: str) -> RelativeDate:
    direction = field.direction or "past"
    return RelativeDate(
        requirement=requirement,
        entity=entity.name,
        statement=f"The {field.label} of {article(entity.label)} lies {_DIRECTIONS[direction]}.",
        field=field.key,
        direction=direction,
    )
