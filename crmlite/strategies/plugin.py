"""What strategies contribute: those that a firm begins with, their pages, what packs declare."""

from datetime import time
from typing import Any

from flask import Blueprint, url_for

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.tags.rules import PLANNED, rule_sentence
from crmlite.declarations import PackPart, Section
from crmlite.followups.reasons import TaskReason
from crmlite.jobs import JobKind
from crmlite.navigation import NavigationEntry
from crmlite.panels import Panel
from crmlite.rules.strategies import Strategy as Declared
from crmlite.segments.askers import ASKERS
from crmlite.settings.catalogue import Setting, SettingFollower
from crmlite.settings.shipped import SCHEME
from crmlite.strategies import pack_parts, panels, queries, sections, shipped
from crmlite.strategies.events import TouchEvent
from crmlite.strategies.models import Strategy
from crmlite.strategies.operations import follow_change, follow_scheme
from crmlite.strategies.planner import jobs
from crmlite.strategies.planner.anchors import own_events
from crmlite.strategies.planner.levelling import CAP, LEVEL, have_all_levelled, level_all
from crmlite.strategies.planner.writing import REASON
from crmlite.strategies.views import MANAGE, SEE, bp
from crmlite.strategies.wording import reason_words
from crmlite.wording import N_
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData

GROUP = N_("Strategies")

ASKERS["strategies"] = queries.conditions


@hookimpl
def register_permissions() -> list[Permission]:
    """Everybody sees by what their tasks are planned; managers say it."""
    everybody = {"manager": "all", "sales": "all", "support": "all"}
    return [
        Permission(name=SEE, label=N_("See strategies"), group=GROUP, defaults=everybody),
        Permission(
            name=MANAGE, label=N_("Change strategies"), group=GROUP, defaults={"manager": "all"}
        ),
    ]


@hookimpl
def register_strategies() -> list[Declared]:
    """Those that every firm begins with."""
    return shipped.strategies()


@hookimpl
def register_touch_events() -> list[TouchEvent]:
    """What happens at customers."""
    return own_events()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    """The same as rows, and those of packs."""
    return [ShippedData("strategies", shipments=shipped.shipments, then=follow_change)]


@hookimpl
def register_settings() -> list[Setting]:
    """How much a person is given to do."""
    return [
        Setting(
            name=CAP,
            label=N_("Tasks a day"),
            default=10,
            kind="integer",
            least=0,
            most=200,
            hint=N_(
                "A person's plan is levelled to so many a day: touches of lower tiers go to a later "
                "day, never past the next one. 0: it is not levelled."
            ),
            group=GROUP,
            changed=have_all_levelled,
        )
    ]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    """Another scheme of tiers brings its own strategies."""
    return [SettingFollower(name="strategies", setting=SCHEME, changed=follow_scheme)]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """The planner."""
    return [
        JobKind(
            name=jobs.ALL,
            label=N_("Make everybody's plan"),
            hint=N_("Every night, since days pass, and when a strategy changed."),
            run=jobs.plan_all,
            daily_at=time(0, 40),
            long=True,
        ),
        JobKind(
            name=jobs.SOON,
            label=N_("Make plans where something changed"),
            hint=N_("A few seconds after a change of a customer or of what hangs on it."),
            run=jobs.plan_due,
            pending=jobs.are_due,
            long=True,
        ),
        JobKind(
            name=LEVEL,
            label=N_("Level what people have to do"),
            hint=N_("After everybody's plan was made, and when the tasks a day were set anew."),
            run=level_all,
            long=True,
        ),
    ]


@hookimpl
def register_task_reasons() -> list[TaskReason]:
    """Why a touch is planned."""
    return [TaskReason(REASON, reason_words)]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The pages."""
    return [bp]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    """The entry of the side."""
    return [
        NavigationEntry(
            key="strategies",
            label=N_("Strategies"),
            icon="route",
            endpoint="strategies.index",
            permission=SEE,
            group=1,
            weight=30,
            letter="s",
        )
    ]


@hookimpl
def customer_panels(customer: Any, reader: Reader) -> list[Panel]:
    """The plan of a customer."""
    return panels.of_customer(customer, reader)


@hookimpl
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    """What is to be sent."""
    return panels.on_today(shown, reader)


@hookimpl
def customer_brief(customer: Any, reader: Reader) -> list[Panel]:
    """What to talk about."""
    return panels.of_brief(customer, reader)


@hookimpl
def register_record_types() -> list[RecordType]:
    """How the change record speaks of strategies."""
    return [
        RecordType(
            name="strategy",
            title="label",
            edit=MANAGE,
            fixed=("key",),
            label=N_("Strategy"),
            many=N_("Strategies"),
            model=Strategy,
            icon="route",
            labels={
                "key": N_("Key"),
                "label": N_("Name"),
                "goal": N_("Goal"),
                "serves": N_("Serves"),
                "touches": N_("Touches"),
                "priority": N_("Priority"),
                "on_top": N_("Comes on top"),
                "is_on": N_("Is followed"),
                "retired": N_("No longer offered"),
            },
            operations={
                "strategy_switched": N_("Strategy switched"),
                PLANNED: N_("Contact plans made"),
            },
            url=lambda strategy_id: url_for("strategies.show", strategy_id=strategy_id),
            wording=lambda column, value: (
                rule_sentence(value) if column == "serves" and value else None
            ),
            refresh=lambda _ids: follow_change(),
        )
    ]


@hookimpl
def register_pack_sections() -> list[Section]:
    """Strategies."""
    return sections.sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    """What strategies of packs may not be, and what becomes of them."""
    return [pack_parts.part()]
