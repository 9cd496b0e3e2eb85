"""What no two records of an entity share, and an index keeps: fields, and fields together."""

from dataclasses import dataclass

from quantumlayer.builtin.domain import Condition, UniqueTogether
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.model import EntityView


@dataclass(frozen=True)
class Unique:
    """The keys that no two records share (of those that satisfy `where`), and what asks for it.

    `field` is the key of a field that is unique by itself, `rule` the rule that is kept otherwise.
    """

    statement: str
    requirement: str | None
    keys: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    field: str = ""
    rule: UniqueTogether | None = None


def uniques(entity: EntityView) -> tuple[Unique, ...]:
    """All of an entity: first its fields."""
    fields = (
        Unique(
            f"The {field.words} of {entity.one} is unique.",
            entity.requirement_of(field),
            (field.key,),
            field=field.key,
        )
        for field in entity.fields
        if field.field.unique
    )
    rules = (
        Unique(sentence(rule.statement), rule.requirement, rule.fields, rule.where, rule=rule)
        for rule in entity.unique_rules
    )
    return (*fields, *rules)
