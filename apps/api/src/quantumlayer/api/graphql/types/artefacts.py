"""What a run brings forth: files, findings, tests, a capsule."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from quantumlayer.api.graphql.context import Info
from quantumlayer.core.events import Event
from quantumlayer.core.objects import ObjectMissing
from quantumlayer.core.runs.queries import TestCounts
from quantumlayer.core.runs.tables import Capsule as CapsuleRow
from quantumlayer.core.runs.tables import RunFile, RunFinding, RunTest

MAX_CONTENT_BYTES = 512 * 1024


@strawberry.type(description="A file of a run's source tree, as it stands now.")
class SourceFile:
    """A file of a run's source tree, as it stands now."""

    path: str
    sha256: str
    size: int
    role: str
    origin: str = strawberry.field(description="The agent that wrote it last.")
    requirements: list[str] = strawberry.field(description="Ids of what it is there for.")
    updated_at: datetime

    @strawberry.field(description="The text; null when it is no UTF-8 or over 512 KiB.")
    async def content(self, info: Info) -> str | None:
        """The text; None when it is no UTF-8 or over `MAX_CONTENT_BYTES`."""
        if self.size > MAX_CONTENT_BYTES:
            return None
        try:
            return (await info.context.services.objects.get(self.sha256)).decode()
        except (ObjectMissing, UnicodeDecodeError):
            return None

    @classmethod
    def of(cls, row: RunFile) -> "SourceFile":
        """The file in `row`."""
        return cls(
            path=row.path,
            sha256=row.sha256,
            size=row.size,
            role=row.role,
            origin=row.origin,
            requirements=row.requirements,
            updated_at=row.updated_at,
        )


@strawberry.type(description="What the validator found in the final tree.")
class Finding:
    """What the validator found in the final tree."""

    rule: str
    severity: str
    path: str
    line: int
    column: int
    message: str
    fix: str | None
    tool: str

    @classmethod
    def of(cls, row: RunFinding) -> "Finding":
        """The finding in `row`."""
        return cls(
            rule=row.rule,
            severity=row.severity,
            path=row.path,
            line=row.line,
            column=row.column,
            message=row.message,
            fix=row.fix,
            tool=row.tool,
        )


@strawberry.type(description="One test case of the last test report.")
class TestCase:
    """One test case of the last test report."""

    __test__ = False

    name: str
    path: str
    line: int | None
    outcome: str
    message: str
    duration_seconds: float

    @classmethod
    def of(cls, row: RunTest) -> "TestCase":
        """The test case in `row`."""
        return cls(
            name=row.name,
            path=row.path,
            line=row.line,
            outcome=row.outcome,
            message=row.message,
            duration_seconds=row.duration_seconds,
        )


@strawberry.type(description="How many tests ended how; `executed` leaves out the skipped.")
class TestSummary:
    """How many tests ended how; `executed` leaves out the skipped."""

    __test__ = False

    executed: int
    passed: int
    failed: int
    errors: int
    skipped: int

    @classmethod
    def of(cls, counts: TestCounts) -> "TestSummary":
        """The summary of `counts`."""
        return cls(
            executed=counts.executed,
            passed=counts.passed,
            failed=counts.failed,
            errors=counts.errors,
            skipped=counts.skipped,
        )


@strawberry.type(description="The packaged result.")
class Capsule:
    """The packaged result."""

    sha256: str
    size: int
    file_name: str
    verdict: str
    signer: str = strawberry.field(description="The id of the key that signed it.")
    created_at: datetime
    url: str = strawberry.field(description="Where it is downloaded, with the same credential.")

    @classmethod
    def of(cls, row: CapsuleRow, base_url: str) -> "Capsule":
        """The capsule in `row`, reached under `base_url`."""
        return cls(
            sha256=row.sha256,
            size=row.size,
            file_name=row.file_name,
            verdict=row.verdict,
            signer=row.signer,
            created_at=row.created_at,
            url=f"{base_url}/v1/runs/{row.run_id}/capsule",
        )


@strawberry.type(description="One line of a run's story.")
class RunEvent:
    """One line of a run's story."""

    sequence: int = strawberry.field(description="Grows by one; give the last one to resume.")
    type: str
    data: JSON
    created_at: datetime

    @classmethod
    def of(cls, event: Event) -> "RunEvent":
        """The event as clients see it."""
        return cls(
            sequence=event.sequence,
            type=event.type.value,
            data=JSON(event.data),
            created_at=event.created_at,
        )
