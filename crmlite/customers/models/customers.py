"""A customer, the numbers it is known by, and what is counted about it."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.db.columns import Json, SortKey, UTCDateTime, sealed, uid
from crmlite.extensions import Model
from crmlite.fields import guards_of


class Customer(Model):
    """A company or a person whom the firm knows.

    `state` is active, archived, deleted or merged. Amounts are in minor units of `currency`.
    `dedicated_id` is the person to whom its cases go first.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index("ix_customer_list", "state", "name_sort", "id"),
        Index("ix_customer_owner", "owner_id", "state", "name_sort"),
        {
            "info": {
                "record": "customer",
                "scope": {"permission": "customers:see"},
                "sensitive": {
                    "signed_amount": "customers:amounts",
                    "annual_amount": "customers:amounts",
                },
                "silent": {"name_sort", "name_key", "inferred"},
                "inside": partial(guards_of, "customer"),
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = uid()
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(8))  # company, person
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(SortKey)
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    dedicated_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifecycle: Mapped[str] = mapped_column(String(40), index=True)
    lost_reason: Mapped[str | None] = mapped_column(String(200))
    stage: Mapped[str | None] = mapped_column(String(40), index=True)
    status: Mapped[str | None] = mapped_column(String(200))
    tier: Mapped[str | None] = mapped_column(String(40), index=True)
    prospects: Mapped[str | None] = mapped_column(String(40))
    inferred: Mapped[list[str] | None] = mapped_column(Json)

    industry: Mapped[str | None] = mapped_column(String(80), index=True)
    size: Mapped[str | None] = mapped_column(String(40))
    founded_on: Mapped[date | None] = mapped_column(Date)
    capital: Mapped[int | None] = mapped_column(BigInteger)
    business: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = sealed("address", nullable=True)
    website: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str | None] = mapped_column(String(40))
    first_contact_on: Mapped[date | None] = mapped_column(Date)

    currency: Mapped[str] = mapped_column(String(3))
    signed_amount: Mapped[int | None] = mapped_column(BigInteger)
    annual_amount: Mapped[int | None] = mapped_column(BigInteger, index=True)
    cooperation_on: Mapped[date | None] = mapped_column(Date)
    contract_ends_on: Mapped[date | None] = mapped_column(Date, index=True)

    gender: Mapped[str | None] = mapped_column(String(40))
    birthday: Mapped[date | None] = mapped_column(Date, index=True)
    birthday_lunar: Mapped[bool] = mapped_column(default=False)
    age: Mapped[int | None]
    likes_products: Mapped[str | None] = mapped_column(String(300))
    likes_colours: Mapped[str | None] = mapped_column(String(300))
    likes_brands: Mapped[str | None] = mapped_column(String(300))
    interests: Mapped[str | None] = mapped_column(String(300))

    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    version: Mapped[int]


class Alias(Model):
    """Another number that leads to a customer: its number in an old file, or before a merge. Two
    files may have given one number to several; an address leads to who bears it now, if anybody."""

    __tablename__ = "customer_alias"
    __table_args__ = (
        Index("uq_customer_alias", "number", "customer_id", unique=True),
        {"info": {"record": "alias", "root": ("customer", "customer_id")}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)


class NumberSeries(Model):
    """The last number given out, per series and period; a number is never given twice."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Facts(Model):
    """What is counted and derived about a customer. Never versioned: logging a call must not
    clash with somebody's open form.

    `rules_due` says that the customer was changed since the rules of tags were followed for it, and
    `plan_due` since its plan was made, and `confirm_due` that its owner may have to be asked to confirm
    something, or no more.
    `bought`, `bought_year` and `average_order` are in the firm's currency, `order_interval` is in
    days; `next_order_on` is when the next order is expected, from the third day of ordering on.
    `asked` is how often we got in touch within half a year, `answer_days` how many working days
    the customer usually took to answer, and `waiting_days` how many there have been without any
    answer. What counts the last year or half year is another figure from `orders_until` or
    `answers_until` on, though nothing happens.
    """

    __tablename__ = "customer_facts"
    __table_args__ = (
        Index(
            "ix_customer_facts_rules_due",
            "customer_id",
            sqlite_where=text("rules_due"),
            postgresql_where=text("rules_due"),
        ),
        Index(
            "ix_customer_facts_plan_due",
            "customer_id",
            sqlite_where=text("plan_due"),
            postgresql_where=text("plan_due"),
        ),
        Index(
            "ix_customer_facts_confirm_due",
            "customer_id",
            sqlite_where=text("confirm_due"),
            postgresql_where=text("confirm_due"),
        ),
        {
            "info": {
                "sensitive": {
                    "bought": "customers:amounts",
                    "bought_year": "customers:amounts",
                    "average_order": "customers:amounts",
                },
            }
        },
    )

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True
    )
    last_contact_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    last_contact_kind: Mapped[str | None] = mapped_column(String(40))
    last_contact_said: Mapped[str | None] = mapped_column(String(200))
    last_contact_by_id: Mapped[int | None]
    next_step_on: Mapped[date | None] = mapped_column(Date, index=True)
    next_step: Mapped[str | None] = mapped_column(String(200))
    interactions: Mapped[int] = mapped_column(default=0)
    contacts: Mapped[int] = mapped_column(default=0)
    needs: Mapped[int] = mapped_column(default=0)
    open_needs: Mapped[int] = mapped_column(default=0)
    urgency: Mapped[str | None] = mapped_column(String(40))
    budget: Mapped[str | None] = mapped_column(String(40))
    core_need: Mapped[str | None] = mapped_column(String(40))
    risks: Mapped[int] = mapped_column(default=0)
    orders: Mapped[int] = mapped_column(default=0, index=True)
    bought: Mapped[int] = mapped_column(BigInteger, default=0, index=True)
    average_order: Mapped[int | None] = mapped_column(BigInteger)
    first_order_on: Mapped[date | None] = mapped_column(Date)
    last_order_on: Mapped[date | None] = mapped_column(Date, index=True)
    order_interval: Mapped[int | None] = mapped_column(index=True)
    next_order_on: Mapped[date | None] = mapped_column(Date, index=True)
    orders_year: Mapped[int] = mapped_column(default=0)
    bought_year: Mapped[int] = mapped_column(BigInteger, default=0)
    orders_until: Mapped[date | None] = mapped_column(Date, index=True)
    asked: Mapped[int] = mapped_column(default=0)
    answer_days: Mapped[int | None]
    waiting_days: Mapped[int | None]
    answers_until: Mapped[date | None] = mapped_column(Date, index=True)
    complaints: Mapped[int] = mapped_column(default=0)
    incomplete: Mapped[bool] = mapped_column(default=False)
    rules_due: Mapped[bool] = mapped_column(default=False)
    plan_due: Mapped[bool] = mapped_column(default=False)
    confirm_due: Mapped[bool] = mapped_column(default=False)
