"""Files attached to records."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import UTCDateTime, sealed, uid
from crmlite.extensions import Model


class Attachment(Model):
    """A file of a record. Its content lies sealed in the instance folder, under its `uid`; its name
    is sealed too. `media_type` is what the content is, whatever the name says.

    `customer_id` is the customer that the record hangs on, or is.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_record", "record_type", "record_id", "state", "id"),
        Index("ix_attachment_deleted", "state", "updated_at"),
        {
            "info": {
                "record": "attachment",
                "root": ("customer", "customer_id"),
                "silent": {"customer_id", "record_id", "sha256"},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    record_type: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    name: Mapped[str] = sealed("file name")
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]
