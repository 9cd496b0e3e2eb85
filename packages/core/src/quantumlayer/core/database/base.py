"""The declarative base of every table, and the column that every tenant's row carries."""

import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Maps Python types to PostgreSQL's, one way for the whole house."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        Decimal: Numeric(18, 9),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        int: BigInteger,
        str: String,
    }


class Organised:
    """A row that belongs to an organisation; row-level security keeps it there."""

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )


def new_id() -> UUID:
    """A fresh UUID of version 7 (RFC 9562): sorts by time of creation, so indexes stay compact."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 68) << 64
    value |= 0b10 << 62
    value |= random_bits & (1 << 62) - 1
    return UUID(int=value)


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)
