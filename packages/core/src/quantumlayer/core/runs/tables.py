"""Tables of runs and what the API shows of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

# The tables that the foreign keys below refer to must be known too.
import quantumlayer.core.identity.tables  # noqa: F401 - registers the tables
from quantumlayer.core.database import Base, Organised, new_id, now


class Run(Organised, Base):
    """One generation. `status` is queued, running, finished or cancelled; `verdict` comes last."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("organisation_id", "idempotency_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    idempotency_key: Mapped[str]
    request_hash: Mapped[str]
    prompt: Mapped[str]
    language: Mapped[str | None]
    model: Mapped[str]
    # Whether the run goes on where the model does not understand every part of the prompt.
    accept_partial: Mapped[bool] = mapped_column(default=False)
    # The version that is changed: whose it is, and where it stands as it was when that was asked.
    parent_id: Mapped[UUID | None]
    base_object: Mapped[str | None]
    limits: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(default="queued", index=True)
    verdict: Mapped[str | None]
    reason: Mapped[str | None]
    title: Mapped[str | None]
    requirements_object: Mapped[str | None]
    blueprint_object: Mapped[str | None]
    quality_report_object: Mapped[str | None]
    test_report_object: Mapped[str | None]
    coverage: Mapped[Decimal | None]
    mutation_score: Mapped[Decimal | None]
    cost_usd: Mapped[Decimal] = mapped_column(default=Decimal(0))
    last_event: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    started_at: Mapped[datetime | None]
    first_file_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Folder(Organised, Base):
    """A project that somebody has sent, to be changed; `parent_id` is the run that made it.

    `objects` are the addresses of its contents. Once it is gone no run can begin on it.
    """

    __tablename__ = "folders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    base_object: Mapped[str]
    objects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    parent_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    gone_at: Mapped[datetime | None]


class RunEvent(Organised, Base):
    """One line of a run's story; `key` makes a retried append the same event."""

    __tablename__ = "run_events"
    __table_args__ = (UniqueConstraint("run_id", "key"),)

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    type: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class RunFile(Organised, Base):
    """One file of a run's source tree, as it stands now."""

    __tablename__ = "run_files"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]
    role: Mapped[str]
    origin: Mapped[str]
    requirements: Mapped[list[str]]
    executable: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class RunFinding(Organised, Base):
    """What the validator found in the final tree."""

    __tablename__ = "run_findings"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str]
    severity: Mapped[str]
    path: Mapped[str]
    line: Mapped[int]
    column: Mapped[int]
    message: Mapped[str]
    fix: Mapped[str | None]
    tool: Mapped[str]


class RunTest(Organised, Base):
    """One test case of the last test report."""

    __tablename__ = "run_tests"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str]
    line: Mapped[int | None]
    outcome: Mapped[str]
    message: Mapped[str]
    duration_seconds: Mapped[float]


class Capsule(Organised, Base):
    """The packaged result: `sha256` is its address in the object store."""

    __tablename__ = "capsules"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    sha256: Mapped[str]
    size: Mapped[int]
    file_name: Mapped[str]
    verdict: Mapped[str]
    signer: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
