"""How far each requirement of a run is proved."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from typing import Any

import strawberry

from quantumlayer.api.graphql.types.scalars import ProofState

# What reports of former versions called them.
_FORMER = {"verified": "tested", "implemented": "claimed", "not_verified": "missing"}


@strawberry.type(description="A change of what a requirement's tests run, made on purpose.")
class TriedChange:
    """A change of what a requirement's tests run, made on purpose."""

    path: str
    line: int
    before: str = strawberry.field(description="The line as it is.")
    after: str = strawberry.field(description="The line as it was changed.")
    noticed_by: str = strawberry.field(description="The test that failed by it; empty for none.")


@strawberry.type(description="A requirement, and how far it is proved.")
class Proof:
    """A requirement, and how far it is proved."""

    id: strawberry.ID
    statement: str
    state: ProofState
    reason: str = strawberry.field(description="Why it is tested and not proved; else empty.")
    files: list[str] = strawberry.field(description="What was written for it.")
    tests: list[str] = strawberry.field(description="The names of the tests that name it.")
    changes: list[TriedChange]

    @classmethod
    def all_of(cls, report: Any) -> list["Proof"]:  # noqa: ANN401 - a stored document
        """What a quality report says of each requirement."""
        rows = report.get("requirements", ()) if isinstance(report, dict) else ()
        return [
            cls(
                id=strawberry.ID(row["id"]),
                statement=row["statement"],
                state=ProofState(_FORMER.get(row["state"], row["state"])),
                reason=row.get("reason", ""),
                files=list(row["files"]),
                tests=[test["name"] for test in row["tests"]],
                changes=[
                    TriedChange(
                        path=one["path"],
                        line=one["line"],
                        before=one["before"],
                        after=one["after"],
                        noticed_by=one["noticed_by"],
                    )
                    for one in row.get("changes", ())
                ],
            )
            for row in rows
        ]
