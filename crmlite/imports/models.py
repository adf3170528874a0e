"""Imports: the file that somebody brought, how it is read, and what became of each row."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, UTCDateTime, sealed, uid
from crmlite.extensions import Model

MAPPING = "mapping"  # somebody says what its columns are about
CHECKING = "checking"
CHECKED = "checked"
IMPORTING = "importing"
IMPORTED = "imported"
UNDOING = "undoing"
UNDONE = "undone"
BROKEN = "broken"  # the file could not be read to its end
DISCARDED = "discarded"  # thrown away; what was noted about its rows goes in the background
AT_WORK = (CHECKING, IMPORTING, UNDOING)

CREATED = "created"
UPDATED = "updated"
DUPLICATE = "duplicate"  # held back
FAILED = "failed"
CUSTOMERS, ORDERS = "customers", "orders"  # what a file is about, or a kind of records of a pack

FATES = (CREATED, UPDATED, DUPLICATE, FAILED)


class Import(Model):
    """A file that was brought, and how far it is in the book. `target` is what its rows are.

    `columns` says what each column is about, `headings` is the digest of what stands above them:
    the next file with the same gets the same. `beginning` are the first rows, which people look at
    while they say so. `position` is the last row that is done; what follows
    from a row is committed together with it. `operation_id` is the operation that undoes it all.
    `problem` says why it ended early. The file lies sealed in the instance folder under `uid`, until
    `file_until`.
    """

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_headings", "headings", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    user_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(32), default=CUSTOMERS)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    file_name: Mapped[str] = mapped_column(String(255))
    file_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    layout: Mapped[dict[str, Any]] = mapped_column(Json)
    sheet: Mapped[int] = mapped_column(default=0)
    heading_row: Mapped[int] = mapped_column(default=1)
    headings: Mapped[str] = mapped_column(String(64), default="")
    columns: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    beginning: Mapped[str | None] = sealed("import")
    options: Mapped[dict[str, Any]] = mapped_column(Json)

    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    likely: Mapped[int] = mapped_column(default=0)
    operation_id: Mapped[int | None]
    job_id: Mapped[int | None]
    kept: Mapped[list[int] | None] = mapped_column(Json)
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json)


class ImportRow(Model):
    """What became, or would become, of a row. `number` is the spreadsheet's."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("uq_import_row_number", "import_id", "number", unique=True),
        Index("ix_import_row_fate", "import_id", "fate", "number"),
        Index("ix_import_row_order", "order_id", "import_id"),
        Index("ix_import_row_object", "object_id", "import_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    number: Mapped[int]
    fate: Mapped[str] = mapped_column(String(9))
    customer_id: Mapped[int | None] = mapped_column(index=True)
    order_id: Mapped[int | None]
    object_id: Mapped[int | None]


class ImportNote(Model):
    """What is to be said about a row: doubts, whom it is held back for, who it may also be. As JSON,
    sealed, because it quotes the file."""

    __tablename__ = "import_note"
    __table_args__ = (Index("uq_import_note_number", "import_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    number: Mapped[int]
    told: Mapped[str] = sealed("import")
