"""Requirements: what the application must be and do, as understood from the prompt."""

from quantumlayer.qlayer.requirements.change import (
    ChangedRequirement,
    RequirementsChange,
    next_number,
    number_of,
)
from quantumlayer.qlayer.requirements.document import (
    GENERATED,
    UNSERVED,
    ApplicationKind,
    Domain,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)

__all__ = [
    "GENERATED",
    "UNSERVED",
    "ApplicationKind",
    "ChangedRequirement",
    "Domain",
    "Language",
    "Requirement",
    "RequirementCategory",
    "Requirements",
    "RequirementsChange",
    "Unclear",
    "next_number",
    "number_of",
]
