"""The table of previews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

# The table that the foreign key below refers to must be known too.
import quantumlayer.core.runs.tables  # noqa: F401 - registers the tables
from quantumlayer.core.database import Base, Organised, new_id, now


class Preview(Organised, Base):
    """One preview. The worker that holds it renews `lease_until`; after that it is gone.

    `address` is None before it is ready and after its end: whoever knows it may use it.
    """

    __tablename__ = "previews"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    address: Mapped[str | None]
    log: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
