"""What the sales record contributes: products, orders, returns, and what they say of customers."""

from typing import Any

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.conditions.asked_fields import AskedFields
from crmlite.customers.following import FactsPart, OwnedPart, Sliding
from crmlite.customers.timeline import TimelineSource
from crmlite.jobs import JobKind
from crmlite.navigation import Creation, NavigationEntry
from crmlite.panels import Action, Panel
from crmlite.sales import asked_fields, checks, panels, rights, timeline
from crmlite.sales import record_types as kinds
from crmlite.sales.choices import shipped_lists
from crmlite.sales.facts import refresh, refresh_customers
from crmlite.sales.operations import recounting
from crmlite.sales.search_rows import index_orders_of, searchables
from crmlite.sales.views import bp
from crmlite.search.searchables import Searchable
from crmlite.settings.catalogue import ChoiceList, Setting, SettingFollower
from crmlite.wording import N_
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType

PREFIX = r"[A-Za-z][A-Za-z._-]{0,7}"


@hookimpl
def register_permissions() -> list[Permission]:
    return rights.permissions()


@hookimpl
def register_record_types() -> list[RecordType]:
    return kinds.record_types()


@hookimpl
def register_choice_lists() -> list[ChoiceList]:
    return shipped_lists()


@hookimpl
def register_settings() -> list[Setting]:
    return [
        Setting(
            name="order_prefix",
            label=N_("Order numbers begin with"),
            default="SO",
            most=8,
            pattern=PREFIX,
            hint=N_("One to eight letters."),
            group=rights.GROUP,
        ),
        Setting(
            name="return_prefix",
            label=N_("Numbers of returns begin with"),
            default="SR",
            most=8,
            pattern=PREFIX,
            hint=N_("One to eight letters."),
            group=rights.GROUP,
        ),
        Setting(
            name="often_orders",
            label=N_("Buys a category often: from so many orders on"),
            kind="integer",
            default=3,
            least=1,
            most=1000,
            group=rights.GROUP,
        ),
        Setting(
            name="purchase_grace",
            label=N_("Overdue to buy: so many days after the purchase was expected"),
            kind="integer",
            default=7,
            least=0,
            most=365,
            group=rights.GROUP,
        ),
        Setting(
            name="often_days",
            label=N_("Buys a category often: within so many days"),
            kind="integer",
            default=90,
            least=1,
            most=3650,
            group=rights.GROUP,
        ),
    ]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    return [
        SettingFollower(
            name=recounting.KIND, setting="currency", changed=recounting.have_all_summed
        )
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=recounting.KIND,
            label=N_("Sum up what customers bought"),
            hint=N_("After the firm's currency was changed."),
            run=recounting.sum_all,
            long=True,
        )
    ]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_facts() -> list[FactsPart]:
    within_a_year = Sliding(
        until="orders_until", columns=("orders_year", "bought_year"), refresh=refresh_customers
    )
    return [FactsPart(name="orders", refresh=refresh, sliding=within_a_year)]


@hookimpl
def register_owned_parts() -> list[OwnedPart]:
    return [
        OwnedPart(
            name="orders",
            go_along=lambda changes: index_orders_of([one.customer_id for one in changes]),
        )
    ]


@hookimpl
def register_asked_fields() -> list[AskedFields]:
    return [
        AskedFields(name="sales", fields=asked_fields.asked_fields, lasting=asked_fields.FIELDS)
    ]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline.sources()


@hookimpl
def register_searchables() -> list[Searchable]:
    return searchables()


@hookimpl
def register_checks() -> list[Check]:
    return [checks.check()]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="orders",
            label=N_("Orders"),
            icon="receipt",
            endpoint="sales.orders",
            permission="orders:see",
            group=2,
            weight=0,
            letter="o",
        ),
        NavigationEntry(
            key="products",
            label=N_("Products"),
            icon="shopping-bag",
            endpoint="sales.products",
            permission="products:see",
            group=2,
            weight=10,
        ),
    ]


@hookimpl
def register_creations() -> list[Creation]:
    return [
        Creation(
            key="order",
            label=N_("Order"),
            icon="receipt",
            endpoint="sales.new",
            permission="orders:create",
            weight=25,
        )
    ]


@hookimpl
def order_list_actions(query: str, reader: Reader) -> list[Action]:
    return panels.list_actions()


@hookimpl
def customer_tabs(customer: Any, reader: Reader) -> list[Panel]:
    return panels.tabs(customer, reader)


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    return panels.actions(customer, reader)
