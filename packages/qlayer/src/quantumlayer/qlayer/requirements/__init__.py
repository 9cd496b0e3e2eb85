"""Requirements: what the application must be and do, as understood from the prompt."""

from quantumlayer.qlayer.requirements.document import (
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
    "UNSERVED",
    "ApplicationKind",
    "Domain",
    "Language",
    "Requirement",
    "RequirementCategory",
    "Requirements",
    "Unclear",
]
