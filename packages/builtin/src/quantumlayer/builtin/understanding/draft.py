"""The domain while it is being understood: mutable entities, fields and rules, each with sources."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from quantumlayer.builtin.domain import Aggregation, FieldType, Rule
from quantumlayer.builtin.understanding.text import Sentence
from quantumlayer.builtin.understanding.words import (
    is_reserved_entity,
    is_reserved_field,
    pascal,
    plural_snake,
    singular_phrase,
    snake,
)
from quantumlayer.qlayer.requirements import RequirementCategory

Direction = Literal["past", "past_or_today", "future", "future_or_today"]
Words = tuple[str, ...]


@dataclass(eq=False)
class Item:
    """A requirement to be: its number is given when all are known."""

    category: RequirementCategory
    statement: str
    sources: list[Sentence] = field(default_factory=list)


@dataclass(eq=False)
class FieldDraft:
    """A field, as far as it is known; None means that nothing was said."""

    words: Words
    type: FieldType | None = None
    target: Words | None = None
    required: bool | None = None
    unique: bool = False
    choices: tuple[str, ...] = ()
    default: str | int | bool | None = None
    computed_default: Literal["today", "now"] | None = None
    minimum: str | None = None
    exclusive_minimum: bool = False
    maximum: str | None = None
    exclusive_maximum: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    direction: Direction | None = None
    fixed: bool = False
    constrained: bool = False
    assumed: bool = False
    description: str = ""
    item: Item | None = None
    sources: list[Sentence] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The field's safe name."""
        name = snake(self.words)
        if self.type is FieldType.REFERENCE:
            return name
        return f"{name}_value" if is_reserved_field(name) else name

    @property
    def key(self) -> str:
        """The name of the column and JSON member."""
        return f"{self.name}_id" if self.type is FieldType.REFERENCE else self.name

    @property
    def label(self) -> str:
        """The name as it is said in a sentence."""
        return " ".join(self.words)


@dataclass(eq=False)
class EntityDraft:
    """A kind of record, as far as it is known."""

    words: Words
    fields: dict[str, FieldDraft] = field(default_factory=dict)
    sources: list[Sentence] = field(default_factory=list)
    collection: str = ""
    joins: tuple[Words, Words] | None = None

    @property
    def name(self) -> str:
        """The safe name of the class."""
        name = pascal(self.words)
        return f"{name}Record" if is_reserved_entity(name) else name

    @property
    def plural(self) -> str:
        """The name of the collection."""
        return self.collection or plural_snake(self.words)

    @property
    def label(self) -> str:
        """The name as it is said in a sentence."""
        return " ".join(self.words)

    @property
    def many(self) -> str:
        """The plural as it is said in a sentence."""
        return self.plural.replace("_", " ")

    def add(self, new: FieldDraft) -> FieldDraft:
        """The field of this name: the new one, or the known one made more precise by it."""
        known = self.fields.get(snake(new.words))
        if known is None:
            self.fields[snake(new.words)] = new
            return new
        merge(known, new)
        return known

    def references(self) -> list[FieldDraft]:
        """The fields that point to other entities."""
        return [each for each in self.fields.values() if each.type is FieldType.REFERENCE]

    def reference_to(self, other: "EntityDraft") -> FieldDraft | None:
        """The first field that points to another entity."""
        return next((each for each in self.references() if each.target == other.words), None)


@dataclass(eq=False)
class RuleDraft:
    """A rule whose requirement is not numbered yet."""

    rule: Rule
    item: Item


@dataclass(eq=False)
class AggregationDraft:
    """A figure whose requirement is not numbered yet."""

    aggregation: Aggregation
    item: Item


@dataclass(eq=False)
class Draft:
    """All that is understood so far."""

    entities: dict[Words, EntityDraft] = field(default_factory=dict)
    rules: list[RuleDraft] = field(default_factory=list)
    aggregations: list[AggregationDraft] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unclear: list[tuple[str, str]] = field(default_factory=list)
    later: list[tuple[str, Sentence]] = field(default_factory=list)
    values: dict[str, tuple[tuple[str, ...], Sentence]] = field(default_factory=dict)
    context: EntityDraft | None = None
    prompt_words: frozenset[str] = frozenset()
    title: str = ""

    def entity(self, words: Iterable[str], sentence: Sentence | None = None) -> EntityDraft:
        """The entity of these words, made when it is new."""
        key = singular_phrase(" ".join(words))
        found = self.entities.get(key)
        if found is None:
            found = self.entities[key] = EntityDraft(key)
        if sentence is not None and sentence not in found.sources:
            found.sources.append(sentence)
        return found

    def assume(self, statement: str) -> None:
        """Write down a decision that the prompt left open, once."""
        if statement not in self.assumptions:
            self.assumptions.append(statement)

    def not_understood(self, text: str, reason: str) -> None:
        """Write down a part that is not built, once."""
        if all(text != known for known, _ in self.unclear):
            self.unclear.append((text, reason))

    def add_rule(self, rule: Rule, sentence: Sentence | None) -> None:
        """Add a rule with a requirement of its own, unless the same rule is known already."""
        for known in self.rules:
            if _same(known.rule, rule):
                if sentence is not None and sentence not in known.item.sources:
                    known.item.sources.append(sentence)
                return
        item = Item(RequirementCategory.RULE, rule.statement, [sentence] if sentence else [])
        self.rules.append(RuleDraft(rule, item))


class Snapshot:
    """A draft as it was, so that a reading that failed leaves no trace in it."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._entities = dict(draft.entities)
        self._fields = [(each, dict(each.fields)) for each in draft.entities.values()]
        self._states = [
            (each, dict(vars(each))) for _, fields in self._fields for each in fields.values()
        ]
        self._rules = [(known, known.rule, known.item.statement) for known in draft.rules]
        self._lists = (list(draft.aggregations), list(draft.items), list(draft.assumptions))
        self._context = draft.context

    def restore(self) -> None:
        """Bring the draft back to how it was."""
        draft = self._draft
        draft.entities = dict(self._entities)
        for entity, fields in self._fields:
            entity.fields = dict(fields)
        for known_field, state in self._states:
            vars(known_field).update(state)
        draft.rules = [known for known, _, _ in self._rules]
        for known, rule, statement in self._rules:
            known.rule, known.item.statement = rule, statement
        aggregations, items, assumptions = self._lists
        draft.aggregations, draft.items = list(aggregations), list(items)
        draft.assumptions = list(assumptions)
        draft.context = self._context


def _same(one: Rule, other: Rule) -> bool:
    skipped = {"statement", "requirement"}
    return one.model_dump(exclude=skipped) == other.model_dump(exclude=skipped)


def merge(known: FieldDraft, new: FieldDraft) -> None:
    """Take over what a second mention of a field says."""
    if new.type is not None and (known.type is None or known.type is FieldType.TEXT):
        known.type, known.target = new.type, new.target
    if new.required is not None:
        known.required = new.required
    known.unique = known.unique or new.unique
    known.fixed = known.fixed or new.fixed
    known.constrained = known.constrained or new.constrained
    known.choices = new.choices or known.choices
    if new.choices and known.type is None:
        known.type = FieldType.CHOICE
    if new.minimum is not None:
        known.minimum, known.exclusive_minimum = new.minimum, new.exclusive_minimum
    if new.maximum is not None:
        known.maximum, known.exclusive_maximum = new.maximum, new.exclusive_maximum
    for name in ("default", "computed_default", "min_length", "max_length", "pattern", "direction"):
        if getattr(new, name) is not None:
            setattr(known, name, getattr(new, name))
    known.sources += [each for each in new.sources if each not in known.sources]
