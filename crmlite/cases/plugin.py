"""What cases contribute."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import clock, hookimpl
from crmlite.access import Permission, Reader
from crmlite.cases import (
    asked_fields,
    attaching,
    checks,
    notices,
    pack_parts,
    panels,
    rights,
    sections,
    shipped,
    timeline,
)
from crmlite.cases import record_types as kinds
from crmlite.cases.badge import waiting
from crmlite.cases.choices import shipped_lists
from crmlite.cases.facts import are_outdated, refresh_customers
from crmlite.cases.operations import escalation, policies
from crmlite.cases.search_rows import searchable
from crmlite.cases.sight import of_seen_case, revisits_of_seen_cases
from crmlite.cases.views import bp
from crmlite.customers.conditions.asked_fields import AskedFields
from crmlite.customers.following import FactsPart, OwnedPart
from crmlite.customers.timeline import TimelineSource
from crmlite.declarations import PackPart, Section
from crmlite.files.attachables import Attachable
from crmlite.followups.reasons import TaskReason
from crmlite.followups.sight import TaskSight
from crmlite.jobs import JobKind
from crmlite.navigation import Creation, NavigationEntry, SettingsPage
from crmlite.notifications.kinds import NotificationKind
from crmlite.panels import Action, Panel
from crmlite.search.searchables import Searchable
from crmlite.settings.catalogue import ChoiceList, Setting
from crmlite.wording import N_
from crmlite.work import Actor
from crmlite.work.checks import Check
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData


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
            name="case_prefix",
            label=N_("Case numbers begin with"),
            default="K",
            most=8,
            pattern=r"[A-Za-z][A-Za-z._-]{0,7}",
            hint=N_("One to eight letters."),
            group=N_("Complaints and other cases"),
        )
    ]


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    return [
        ShippedData("cases", shipments=shipped.shipments, then=policies.follow_shipped),
        ShippedData("case-level-rules", shipped.put_in_level_rules),
    ]


@hookimpl
def register_pack_sections() -> list[Section]:
    return sections.sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    return [pack_parts.part()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_facts() -> list[FactsPart]:
    return [FactsPart(name="cases", refresh=policies.make_anew)]


@hookimpl
def register_owned_parts() -> list[OwnedPart]:
    return [
        OwnedPart(
            name="cases",
            go_along=lambda changes: refresh_customers([one.customer_id for one in changes]),
        )
    ]


@hookimpl
def register_asked_fields() -> list[AskedFields]:
    return [
        AskedFields(name="cases", fields=asked_fields.asked_fields, lasting=asked_fields.FIELDS)
    ]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline.sources()


@hookimpl
def register_searchables() -> list[Searchable]:
    return [searchable()]


@hookimpl
def register_notification_kinds() -> list[NotificationKind]:
    return notices.kinds()


@hookimpl
def register_task_reasons() -> list[TaskReason]:
    return [
        _task_reason("promise", lambda number: _("promised in %(case)s", case=number)),
        _task_reason("revisit", lambda number: _("revisit of %(case)s", case=number)),
        _task_reason("planning", lambda number: _("agree the plan of %(case)s", case=number)),
        _task_reason("progress", lambda number: _("progress report of %(case)s", case=number)),
        _task_reason("task", lambda number: _("asked for in %(case)s", case=number)),
    ]


def _task_reason(purpose: str, words: Callable[[str], str]) -> TaskReason:
    """That a case, by its number, asks for a task; it leads to the case."""
    return TaskReason(
        f"case-{purpose}",
        lambda params, reader: words(params["number"]),
        lambda params, reader: url_for("cases.show", number=params["number"]),
        stays=True,
        title=lambda params, reader: _("Case %(number)s", number=params["number"]),
        right="cases:see",
    )


@hookimpl
def register_task_sights() -> list[TaskSight]:
    return [TaskSight("cases", of_seen_case, written=revisits_of_seen_cases)]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=escalation.KIND,
            label=N_("Tell of deadlines that come near or were missed"),
            hint=N_("Whoever has the case, then the lead of the team, then the managers."),
            run=escalation.sweep,
            pending=escalation.are_due,
            long=True,
        ),
        JobKind(
            name=policies.KIND,
            label=N_("Read the clocks of open cases anew"),
            hint=N_("After a deadline, a working calendar or the time zone was changed."),
            run=policies.read_clocks,
            long=True,
        ),
    ]


@hookimpl
def register_attachables() -> list[Attachable]:
    return [attaching.attachable()]


@hookimpl
def register_checks() -> list[Check]:
    return [checks.check()]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="complaints",
            label=N_("Complaints"),
            icon="message-circle",
            endpoint="cases.queue",
            permission="cases:see",
            group=1,
            weight=10,
            letter="k",
            count=waiting,
        ),
        NavigationEntry(
            key="improvements",
            label=N_("Improvements"),
            icon="bulb",
            endpoint="cases.improvements",
            permission="improvements:see",
            group=2,
            weight=20,
        ),
    ]


@hookimpl
def register_creations() -> list[Creation]:
    return [
        Creation(
            key="case",
            label=N_("Complaint"),
            icon="message-circle",
            endpoint="cases.new",
            permission="cases:create",
            weight=20,
        )
    ]


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="deadlines",
            label=N_("Deadlines"),
            description=N_("How soon cases are answered, resolved and revisited"),
            icon="clock",
            endpoint="cases.deadlines",
            permission="cases:manage",
            weight=30,
        ),
        SettingsPage(
            key="replies",
            label=N_("Canned replies"),
            description=N_("Texts to answer customers with"),
            icon="message",
            endpoint="cases.canned",
            permission="cases:manage",
            weight=31,
        ),
    ]


@hookimpl
def case_panels(case: Any, reader: Reader) -> list[Panel]:
    return attaching.panels(case, reader)


@hookimpl
def customer_panels(customer: Any, reader: Reader) -> list[Panel]:
    return panels.of_customer(customer, reader)


@hookimpl
def customer_brief(customer: Any, reader: Reader) -> list[Panel]:
    return panels.brief(customer, reader)


@hookimpl
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    return panels.on_today(shown, reader)


@hookimpl
def customer_actions(customer: Any, reader: Reader) -> list[Action]:
    return panels.actions(customer, reader)


@hookimpl
def case_changed() -> None:
    waiting.forget()


@hookimpl
def customer_changed(customer_id: int) -> None:
    if are_outdated(customer_id):
        policies.read_clocks_of(customer_id, by=Actor("job", policies.KIND), at=clock.now())


@hookimpl
def calendar_changed() -> None:
    policies.ask_for_clocks(by=Actor("job", policies.KIND), at=clock.now())
