"""What the firm sells, what customers ordered, and what came back.

Amounts are minor units of the row's `currency`, quantities thousandths (see `crmlite.rules.pricing`).
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, SortKey, UTCDateTime, sealed, uid
from crmlite.extensions import Model
from crmlite.fields import guards_of

ROOT = ("customer", "customer_id")
AMOUNTS = "customers:amounts"  # the right to see what customers pay


class Product(Model):
    """Something that the firm sells. `state` is active, retired (offered no more) or deleted. Its price
    is no secret: everybody has the price list."""

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_name", "state", "name_sort", "id"),
        Index(
            "uq_product_code",
            "code",
            unique=True,
            sqlite_where=text("state != 'deleted'"),
            postgresql_where=text("state != 'deleted'"),
        ),
        {"info": {"record": "product", "silent": {"name_sort"}}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    code: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(SortKey)
    category: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(40))
    price: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    remark: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class Order(Model):
    """What a customer ordered on a day.

    `status` is where it stands (see `crmlite.rules.order_states`). Of the whole order a `discount_rate` in
    hundredths of a percent or a `discount_amount` is taken off. `subtotal`, `total` and `refunded`
    follow from lines and returns, and are made by `crmlite.sales.facts` alone.
    """

    __tablename__ = "order"
    __table_args__ = (
        Index("ix_order_customer", "customer_id", "state", "ordered_on"),
        Index("ix_order_day", "state", "ordered_on", "id"),
        Index("ix_order_total", "state", "total", "id"),
        Index("ix_order_status", "status", "state", "ordered_on", "id"),
        Index("ix_order_seller", "seller_id", "state", "ordered_on", "id"),
        {
            "info": {
                "record": "order",
                "root": ROOT,
                "silent": {"customer_id", "subtotal", "total", "refunded"},
                "inside": partial(guards_of, "order"),
                "sensitive": dict.fromkeys(
                    ("discount_amount", "subtotal", "total", "refunded"), AMOUNTS
                ),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    number: Mapped[str] = mapped_column(String(40), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    status: Mapped[str] = mapped_column(String(12))
    ordered_on: Mapped[date] = mapped_column(Date)
    expected_on: Mapped[date | None] = mapped_column(Date)
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    currency: Mapped[str] = mapped_column(String(3))
    discount_rate: Mapped[int] = mapped_column(default=0)
    discount_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    remark: Mapped[str | None] = sealed("remark", nullable=True)
    subtotal: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class OrderLine(Model):
    """A line of an order: a product, or words. `name` and `unit` are what they were called when it was
    ordered. `amount` follows from the others. One that was taken off the order is in state deleted."""

    __tablename__ = "order_line"
    __table_args__ = (
        Index("ix_order_line_order", "order_id", "position", "id"),
        {
            "info": {
                "record": "order_line",
                "root": ROOT,
                "silent": {"customer_id", "position", "amount"},
                "sensitive": dict.fromkeys(("price", "discount_amount", "amount"), AMOUNTS),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(BigInteger)
    price: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    discount_rate: Mapped[int] = mapped_column(default=0)
    discount_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    amount: Mapped[int] = mapped_column(BigInteger, default=0)


class PurchaseCycle(Model):
    """How often a customer buys a product, from the third day of ordering on, and when the next purchase
    is expected. Follows from the orders (`crmlite.rules.purchases.Cycle`)."""

    __tablename__ = "purchase_cycle"
    __table_args__ = (Index("uq_purchase_cycle", "customer_id", "product_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), index=True
    )
    days: Mapped[int]
    interval: Mapped[int]
    last_on: Mapped[date] = mapped_column(Date)
    next_on: Mapped[date] = mapped_column(Date, index=True)


class OrderReturn(Model):
    """Goods of an order that came back. `settlement` is refund (`amount` was paid back, which lowers
    what the customer bought) or exchange (the same went out again)."""

    __tablename__ = "order_return"
    __table_args__ = (
        Index("ix_order_return_order", "order_id", "state"),
        Index("ix_order_return_customer", "customer_id", "state", "returned_on"),
        {
            "info": {
                "record": "order_return",
                "root": ROOT,
                "silent": {"customer_id"},
                "sensitive": {"amount": AMOUNTS},
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    number: Mapped[str] = mapped_column(String(40), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    returned_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(40))
    settlement: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    remark: Mapped[str | None] = sealed("remark", nullable=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int]


class OrderReturnLine(Model):
    """How much of a line came back with a return."""

    __tablename__ = "order_return_line"
    __table_args__ = ({"info": {"record": "order_return_line", "root": ROOT}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("order_return.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    quantity: Mapped[int] = mapped_column(BigInteger)


class OrderSeries(Model):
    """How far the numbers of orders and returns have come."""

    __tablename__ = "order_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]
