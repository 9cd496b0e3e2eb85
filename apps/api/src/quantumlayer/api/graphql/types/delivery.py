"""What was found out of a run's software as it is delivered."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from typing import Any

import strawberry


@strawberry.type(description="One question to the software as it is delivered.")
class Rung:
    """One question to the software as it is delivered."""

    rung: str
    outcome: str = strawberry.field(description="held, broken, unknown or skipped")
    reason: str = strawberry.field(description="What is wrong and where, or why it was skipped.")
    evidence: str = strawberry.field(description="The end of what was said meanwhile.")


@strawberry.type(description="The software, built, started, called and stopped as delivered.")
class Delivery:
    """The software, built, started, called and stopped as delivered."""

    tier: str = strawberry.field(description="The way in which it was started.")
    notes: list[str] = strawberry.field(description="How that differs from where it will run.")
    rungs: list[Rung]

    @classmethod
    def of(cls, report: Any) -> "Delivery | None":  # noqa: ANN401 - a stored document
        """What a quality report says of it; None where nothing was started."""
        found = report.get("delivery") if isinstance(report, dict) else None
        if not isinstance(found, dict):
            return None
        return cls(
            tier=found["tier"],
            notes=list(found["notes"]),
            rungs=[
                Rung(
                    rung=one["rung"],
                    outcome=one["outcome"],
                    reason=one["reason"],
                    evidence=one["evidence"],
                )
                for one in found["rungs"]
            ],
        )
