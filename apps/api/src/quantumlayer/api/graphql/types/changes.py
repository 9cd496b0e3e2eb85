"""What a run changed of an earlier version, by requirement and by file."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from collections.abc import Iterable
from typing import Any

import strawberry


@strawberry.type(description="One requirement of both versions.")
class RequirementChange:
    """One requirement of both versions."""

    id: strawberry.ID
    change: str = strawberry.field(description="added, changed, removed or kept")
    statement: str
    before: str | None = strawberry.field(description="What a changed one said before.")


@strawberry.type(description="One file that is not the same in both versions.")
class FileChange:
    """One file that is not the same in both versions."""

    path: str
    change: str = strawberry.field(description="added, changed or removed")
    lines_added: int | None = strawberry.field(description="Null of what is no text.")
    lines_removed: int | None


@strawberry.type(description="What its own tests said of the version before it was changed.")
class Baseline:
    """What its own tests said of the version before it was changed."""

    verdict: str
    reason: str
    executed: int
    failing: list[str]


@strawberry.type(description="What a run changed of an earlier version.")
class RunChanges:
    """What a run changed of an earlier version."""

    requirements: list[RequirementChange]
    files: list[FileChange]
    edited_by_hand: list[str] = strawberry.field(
        description="What its user had changed before, and was taken as it was."
    )
    baseline: Baseline | None
    notes: list[str]

    @classmethod
    def of(cls, report: Any) -> "RunChanges | None":  # noqa: ANN401 - a stored document
        """What a quality report says of it; None of what was made anew."""
        revision = report.get("revision") if isinstance(report, dict) else None
        if not revision:
            return None
        change, edits = revision["requirements"], revision["edits"]
        before = revision.get("baseline")
        return cls(
            requirements=[
                *_all("added", change["added"]),
                *(
                    RequirementChange(
                        id=one["after"]["id"],
                        change="changed",
                        statement=one["after"]["statement"],
                        before=one["before"]["statement"],
                    )
                    for one in change["changed"]
                ),
                *_all("removed", change["removed"]),
                *_all("kept", change["kept"]),
            ],
            files=[
                FileChange(
                    path=one["path"],
                    change=one["change"],
                    lines_added=one["lines_added"],
                    lines_removed=one["lines_removed"],
                )
                for one in revision["files"]
            ],
            edited_by_hand=sorted((*edits["added"], *edits["changed"], *edits["removed"])),
            baseline=Baseline(
                verdict=before["verdict"],
                reason=before["reason"],
                executed=before["executed"],
                failing=list(before["failing"]),
            )
            if before
            else None,
            notes=list(revision["notes"]),
        )


def _all(change: str, items: Iterable[dict[str, Any]]) -> list[RequirementChange]:
    return [
        RequirementChange(id=one["id"], change=change, statement=one["statement"], before=None)
        for one in items
    ]
