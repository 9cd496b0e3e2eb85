"""The domain while it is being understood: entities and fields with where each was said."""

from dataclasses import dataclass, field
from typing import Any

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.words import (
    Words,
    article,
    collection_name,
    entity_name,
    field_name,
    listed,
    many,
    snake,
)


@dataclass(eq=False)
class FieldDraft:
    """A field, as far as it is known."""

    words: Words
    owner: "EntityDraft"
    said: dict[str, Any] = field(default_factory=dict)
    target: "EntityDraft | None" = None
    statements: list[int] = field(default_factory=list)

    @property
    def kind(self) -> FieldType:
        """What the field holds."""
        if self.target is not None:
            return FieldType.REFERENCE
        if self.said.keys() & {"choices", "steps"}:
            return FieldType.CHOICE
        kind = self.said.get("type")
        if kind is not None:
            return kinds.number_kind(self.words) if kind == "number" else FieldType(kind)
        return self._told_by_values()

    def _told_by_values(self) -> FieldType:
        if self.said.get("default") in (True, False):
            return FieldType.BOOLEAN
        if self.said.keys() & {"pattern", "length"}:
            named = kinds.kind_of(self.words)
            long = named is FieldType.LONG_TEXT and "length" in self.said
            return named if long else FieldType.TEXT
        return self._named()

    def _named(self) -> FieldType:
        named = kinds.kind_of(self.words)
        if self.said.get("unit") and named not in _NUMBERS:
            named = kinds.number_of_unit(self.said["unit"])
        bounds = [self.said[key] for key in ("minimum", "maximum", "range") if key in self.said]
        if not bounds or named in {FieldType.DECIMAL, FieldType.DATE, FieldType.DATETIME}:
            return named
        digits = "".join(str(bound) for bound in bounds)
        return FieldType.DECIMAL if "." in digits else FieldType.INTEGER

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice."""
        if "choices" in self.said:
            return tuple(self.said["choices"])
        ways = [self.said.get("steps", ()), *self.said.get("ways", ())]
        return tuple(dict.fromkeys(value for steps in ways for step in steps for value in step))

    @property
    def key(self) -> str:
        """The name of the column and JSON member."""
        return f"{snake(self.words)}_id" if self.target is not None else field_name(self.words)

    @property
    def label(self) -> str:
        """The name in a sentence."""
        return " ".join(self.words)


@dataclass(eq=False)
class EntityDraft:
    """A kind of record, as far as it is known."""

    words: Words
    fields: dict[Words, FieldDraft] = field(default_factory=dict)
    statements: list[int] = field(default_factory=list)
    together: list[tuple[tuple[Words, ...], int]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The safe name."""
        return entity_name(self.words)

    @property
    def plural(self) -> str:
        """The collection's name."""
        return collection_name(self.words)

    @property
    def label(self) -> str:
        """The name in a sentence."""
        return " ".join(self.words)

    @property
    def said(self) -> set[str]:
        """All words of its name and of its fields' names."""
        named = {word for each in self.fields for word in each}
        return {*self.words, *many(self.words), *named}

    def field(self, words: Words) -> FieldDraft:
        """The field of a name, made where it is new."""
        return self.fields.setdefault(words, FieldDraft(words, self))

    def by_key(self, key: str) -> FieldDraft | None:
        """The field of a key."""
        return next((each for each in self.fields.values() if each.key == key), None)

    def reference_to(self, other: "EntityDraft") -> FieldDraft | None:
        """The only reference to another entity; None where there is none, or several."""
        found = [each for each in self.fields.values() if each.target is other]
        return found[0] if len(found) == 1 else None

    def interval(self) -> tuple[str, str] | None:
        """The keys of its start and its end."""
        timed = {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}
        moments = [each for each in self.fields.values() if each.kind in timed]
        starts = [each.key for each in moments if kinds.is_start(each.words)]
        ends = [each.key for each in moments if kinds.is_end(each.words)]
        return (starts[0], ends[0]) if len(starts) == len(ends) == 1 else None

    def days(self) -> tuple[str, ...]:
        """The key of its day, where its start and end are times of one."""
        day = self.fields.get(("date",))
        interval = self.interval()
        start = self.by_key(interval[0]) if interval else None
        timed = start is not None and start.kind is FieldType.TIME
        return (day.key,) if timed and day is not None else ()

    def moments(self) -> list[FieldDraft]:
        """Its dates and times."""
        return [
            each
            for each in self.fields.values()
            if each.kind in {FieldType.DATE, FieldType.DATETIME}
        ]


_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}


@dataclass(eq=False)
class Draft:
    """All entities, by the words of their names, and what was decided where nothing was said."""

    entities: dict[Words, EntityDraft] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    title: str = ""

    def assume(self, sentence: str) -> None:
        """Notes a decision, once."""
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)

    def find(self, words: Words) -> EntityDraft | None:
        """The entity of a name, or the only one whose name ends in it."""
        if words in self.entities:
            return self.entities[words]
        ending = [each for each in self.entities.values() if each.words[-len(words) :] == words]
        if len(ending) == 1:
            return ending[0]
        longer = [
            each for each in self.entities.values() if words[-len(each.words) :] == each.words
        ]
        return max(longer, key=lambda each: len(each.words), default=None)

    def name_only(self, words: Words) -> EntityDraft:
        """The entity of a name that is spoken of; new ones have a name and nothing else."""
        found = self.find(words)
        if found is None:
            found = self.entities.setdefault(words, EntityDraft(words))
        return found

    def complete(self) -> None:
        """Gives entities of which only the name was said one field."""
        for entity in self.entities.values():
            if not entity.fields:
                entity.field(("name",)).statements += entity.statements
                self.assume(
                    f"Of {' '.join(many(entity.words))} only the name is kept: no more was said."
                )


__all__ = ["Draft", "EntityDraft", "FieldDraft", "article", "listed"]
