"""The table of what is remembered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

# The table that the foreign key below refers to must be known too.
import quantumlayer.core.runs.tables  # noqa: F401 - registers the tables
from quantumlayer.core.database import Base, Organised, now


class Memory(Organised, Base):
    """One run that passed: `about` is what others are compared with, all else is by address.

    `stubs` are the interfaces of its plan: path → sha256.
    """

    __tablename__ = "memories"

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str]
    stack: Mapped[str]
    about: Mapped[str]
    requirements_object: Mapped[str]
    blueprint_object: Mapped[str]
    stubs: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
