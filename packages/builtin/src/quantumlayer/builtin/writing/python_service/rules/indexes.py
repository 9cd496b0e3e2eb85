"""The unique indexes that keep rules of uniqueness."""

from quantumlayer.builtin.domain import UniqueTogether
from quantumlayer.builtin.writing.service.model import EntityView


def index_message(entity: EntityView, rule: UniqueTogether) -> str:
    """How SQLite names the unique index of a rule in its error."""
    if any("." in key for key in rule.fields):
        return f"index '{index_name(entity, rule)}'"
    return ", ".join(f"{entity.table}.{key}" for key in rule.fields)


def index_name(entity: EntityView, rule: UniqueTogether) -> str:
    """The name of the unique index that keeps a rule."""
    parts = "_".join(key.replace(".", "_") for key in rule.fields)
    number = entity.rules.index(rule)
    return f"{entity.table}_{rule.requirement.lower()}_{number}_{parts}"[:60].rstrip("_")
