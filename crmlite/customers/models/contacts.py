"""The people at a customer, and the keyed hashes by which they are found."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, SortKey, UTCDateTime, sealed, uid
from crmlite.extensions import Model
from crmlite.fields import guards_of


class Contact(Model):
    """Somebody at a customer. A person customer has one contact that is the person themselves."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_customer", "customer_id", "state"),
        {
            "info": {
                "record": "contact",
                "root": ("customer", "customer_id"),
                "sensitive": {
                    "mobile": "customers:unmask",
                    "phone": "customers:unmask",
                    "email": "customers:unmask",
                    "im": "customers:unmask",
                },
                "silent": {"name_sort", "customer_id"},
                "inside": partial(guards_of, "contact"),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    is_primary: Mapped[bool] = mapped_column(default=False)
    is_self: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(SortKey)
    title: Mapped[str | None] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(40))
    mobile: Mapped[str | None] = sealed("phone", masked="phone", nullable=True)
    phone: Mapped[str | None] = sealed("phone", masked="phone", nullable=True)
    email: Mapped[str | None] = sealed("email", masked="email", nullable=True)
    im: Mapped[str | None] = sealed("im", masked="im", nullable=True)
    channel: Mapped[str | None] = mapped_column(String(40))
    no_marketing: Mapped[bool] = mapped_column(default=False)
    birthday: Mapped[date | None] = mapped_column(Date)
    birthday_lunar: Mapped[bool] = mapped_column(default=False)
    relation: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = sealed("remark", nullable=True)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class ContactKey(Model):
    """A keyed hash of a way to reach a contact: phone, phone-tail, email, email-name,
    email-domain, im. Follows from the contact; equal values have equal hashes."""

    __tablename__ = "contact_key"
    __table_args__ = (Index("ix_contact_key_hash", "hash", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contact.id", ondelete="CASCADE"), index=True
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(24))
