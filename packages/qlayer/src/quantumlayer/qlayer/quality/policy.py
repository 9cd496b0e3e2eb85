"""What a project must satisfy to pass: data that an organisation can change."""

from enum import StrEnum

from pydantic import Field

from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.requirements import RequirementCategory


class Severity(StrEnum):
    """How much a finding matters: `high` breaks or endangers, `low` is a matter of taste."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return list(Severity).index(self)


class QualityPolicy(Noun):
    """The bar.

    `blocking_severity`: findings at least as severe fail the project; None lets all pass.
    `require_verified`: every requirement needs a passing test that names it, but for those of
    `exempt_categories`, which need files only. `require_proof`: where changes were tried on its
    tests, one of them must be noticed, too. `minimum_coverage_percent` counts lines.
    `wanted_mutation_score`: below it a language model is shown the changes that no test noticed,
    while it has repair rounds left; it fails nothing.
    """

    minimum_coverage_percent: float = Field(default=80.0, ge=0, le=100)
    wanted_mutation_score: float = Field(default=80.0, ge=0, le=100)
    allow_syntax_errors: bool = False
    blocking_severity: Severity | None = Severity.HIGH
    require_verified: bool = True
    require_proof: bool = True
    exempt_categories: tuple[RequirementCategory, ...] = (
        RequirementCategory.QUALITY,
        RequirementCategory.WISH,
    )
