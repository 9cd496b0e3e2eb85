"""The rules of an entity as JavaScript functions that run inside the transaction of a change."""

from quantumlayer.builtin.writing.javascript_service.rules.indexes import unique_indexes
from quantumlayer.builtin.writing.javascript_service.rules.module import RuleModule
from quantumlayer.builtin.writing.javascript_service.rules.writing import (
    cascades,
    checks_of,
    imports_of,
    rule_module,
    typedefs_of,
)

__all__ = [
    "RuleModule",
    "cascades",
    "checks_of",
    "imports_of",
    "rule_module",
    "typedefs_of",
    "unique_indexes",
]
