"""What customers are asked about what they bought lately: worked out when somebody asks, since each day
gives another answer."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    exists,
    extract,
    func,
    select,
)

from crmlite import clock, settings
from crmlite.customers.conditions.asked_fields import AskedField, Compared
from crmlite.customers.conditions.sql import CUSTOMER
from crmlite.customers.models import Facts
from crmlite.rules.conditions import Test
from crmlite.rules.fields import Field
from crmlite.rules.order_states import BOUGHT
from crmlite.rules.purchases import overdue_before
from crmlite.sales.models import Order, OrderLine, OrderReturn, Product
from crmlite.settings.queries import local_day
from crmlite.wording import N_

ORDERS, LINES = Order.__table__, OrderLine.__table__
PRODUCTS, RETURNS = Product.__table__, OrderReturn.__table__
RIGHT = "orders:see"
MONTHS = 3  # in a row, the present one among them

RETURN_PERCENT = Field(
    name="return_percent", label=N_("Orders with returns, percent"), kind="integer"
)
BOUGHT_OFTEN = Field(
    name="bought_often",
    label=N_("Buys often lately"),
    kind="choice",
    choices_from="product-category",
)
STEADY = Field(name="steady_product", label=N_("Same product three months running"), kind="boolean")
OVERDUE = Field(name="overdue_to_buy", label=N_("Overdue to buy"), kind="boolean")
FIELDS = (RETURN_PERCENT, BOUGHT_OFTEN, STEADY, OVERDUE)


def asked_fields() -> Sequence[AskedField]:
    """The fields with their SQL."""
    return (
        AskedField(field=RETURN_PERCENT, value=_share_of_returns(), holds=_returning, right=RIGHT),
        AskedField(field=BOUGHT_OFTEN, value=_most_bought(), right=RIGHT),
        AskedField(field=STEADY, value=_steady(), right=RIGHT),
        AskedField(field=OVERDUE, value=_overdue(), right=RIGHT),
    )


def _counting(statement: Select[tuple[int]]) -> Select[tuple[int]]:
    return statement.where(ORDERS.c.state == "active", ORDERS.c.status.in_(BOUGHT))


def _percent() -> ColumnElement[int]:
    back = exists().where(RETURNS.c.order_id == ORDERS.c.id, RETURNS.c.state == "active")
    return func.count(case((back, ORDERS.c.id))) * 100 // func.count()


def _share_of_returns() -> ColumnElement[int]:
    theirs = select(_percent()).where(ORDERS.c.customer_id == CUSTOMER.c.id)
    return _counting(theirs).having(func.count() > 0).correlate(CUSTOMER).scalar_subquery()


def _returning(test: Test, compared: Compared) -> ColumnElement[bool]:
    """Asked of the whole book, the orders are read once."""
    some = _counting(select(ORDERS.c.customer_id)).group_by(ORDERS.c.customer_id)
    if test.operator in ("empty", "filled"):
        anybody = CUSTOMER.c.id.in_(some)
        return anybody if test.operator == "filled" else ~anybody
    return CUSTOMER.c.id.in_(some.having(compared(_percent())))


def _most_bought() -> ColumnElement[str]:
    """The category of which somebody bought most often lately; nothing where that was not often."""
    orders = func.count(ORDERS.c.id.distinct())
    theirs = (
        select(PRODUCTS.c.category)
        .select_from(ORDERS)
        .join(LINES, LINES.c.order_id == ORDERS.c.id)
        .join(PRODUCTS, PRODUCTS.c.id == LINES.c.product_id)
        .where(
            ORDERS.c.customer_id == CUSTOMER.c.id,
            ORDERS.c.state == "active",
            ORDERS.c.status.in_(BOUGHT),
            LINES.c.state == "active",
            PRODUCTS.c.category.is_not(None),
            ORDERS.c.ordered_on > _day_ago(),
            ORDERS.c.ordered_on <= _today(),
        )
        .group_by(PRODUCTS.c.category)
        .having(orders >= settings.get("often_orders"))
        .order_by(orders.desc(), PRODUCTS.c.category)
        .limit(1)
    )
    return theirs.correlate(CUSTOMER).scalar_subquery()


def _steady() -> ColumnElement[bool]:
    """Whether somebody ordered one product in this month and in each of the two before."""
    day = ORDERS.c.ordered_on
    month = extract("year", day) * 12 + extract("month", day)
    running = (
        select(LINES.c.product_id)
        .select_from(ORDERS)
        .join(LINES, LINES.c.order_id == ORDERS.c.id)
        .where(
            ORDERS.c.customer_id == CUSTOMER.c.id,
            ORDERS.c.state == "active",
            ORDERS.c.status.in_(BOUGHT),
            LINES.c.state == "active",
            LINES.c.product_id.is_not(None),
            day >= bindparam("months_ago", callable_=_months_ago, type_=Date()),
            day <= _today(),
        )
        .group_by(LINES.c.product_id)
        .having(func.count(month.distinct()) >= MONTHS)
    )
    return exists(running.correlate(CUSTOMER))


def _overdue() -> ColumnElement[bool]:
    """Whether somebody should have bought again by now."""
    facts = Facts.__table__.alias("expected")
    expected = select(facts.c.customer_id).where(
        facts.c.customer_id == CUSTOMER.c.id,
        facts.c.next_order_on
        < bindparam("expected_before", callable_=expected_before, type_=Date()),
    )
    return exists(expected.correlate(CUSTOMER))


def expected_before() -> date:
    """The day before which a purchase had to be expected to be overdue today."""
    return overdue_before(local_day(clock.now()), settings.get("purchase_grace"))


def _today() -> ColumnElement[date]:
    return bindparam("ordered_until", callable_=lambda: local_day(clock.now()), type_=Date())


def _day_ago() -> ColumnElement[date]:
    return bindparam("often_since", callable_=_often_since, type_=Date())


def _often_since() -> date:
    return local_day(clock.now()) - timedelta(days=settings.get("often_days"))


def _months_ago() -> date:
    """The first day of the months that are looked at."""
    today = local_day(clock.now())
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    return date(year, month + 1, 1)
