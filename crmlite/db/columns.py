"""Kinds of columns: moments that know their zone, JSON, and text that is stored sealed."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

UID_BYTES = 12


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: stored in UTC, aware in Python. Refuses a time without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as Python has it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Compared byte by byte on both engines, whatever the database's own order is.
SortKey = String(200).with_variant(String(200, collation="C"), "postgresql")

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def new_uid() -> str:
    """A name for a row that is known before the row is written: 16 characters, never reused."""
    return secrets.token_urlsafe(UID_BYTES)


def sealed(purpose: str, *, masked: str = "", **more: Any) -> MappedColumn[Any]:
    """A column whose text is stored sealed.

    `purpose` names what it holds (`phone`, `address`, `remark`); `masked` names the mask
    (`phone`, `email`, `im`) that hides it from people without the right to see it whole.
    """
    return mapped_column(String, info={"sealed": purpose, "masked": masked}, **more)


def uid() -> MappedColumn[str]:
    """The column that a table with sealed columns needs: a value opens only in its own row."""
    return mapped_column(String(22), unique=True, default=new_uid)
