"""Everything crmlite asks a pack or one of its own slices, and everything it tells them.

A hook's name says what kind of answer it wants:

``register_*``      Asked once, at start-up. Return a list. The lists are joined.
``*_panels``        Asked each time a page is shown. Return a list of Panel.
``<noun>_<past>``   Told after the change is committed. Return nothing; a failure is logged.
"""

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    import click
    from flask import Blueprint

    from crmlite.access import Permission
    from crmlite.calendars.uses import CalendarUse
    from crmlite.cases.declaring import CannedText, CaseCategory
    from crmlite.customers.conditions.asked_fields import AskedFields
    from crmlite.customers.following import FactsPart, OwnedPart
    from crmlite.customers.guards import Guard
    from crmlite.customers.logic import LogicRule
    from crmlite.customers.tags.declaring import ShippedTag, TagDimension
    from crmlite.customers.timeline import TimelineSource
    from crmlite.declarations import PackPart, Section
    from crmlite.fields.object_kinds import ObjectKind
    from crmlite.files.attachables import Attachable
    from crmlite.followups.reasons import TaskReason
    from crmlite.followups.sight import TaskSight
    from crmlite.health import HealthCheck
    from crmlite.help.topics import HelpTopic
    from crmlite.jobs.kinds import JobKind
    from crmlite.navigation import Creation, NavigationEntry, SettingsPage
    from crmlite.notifications.kinds import NotificationKind
    from crmlite.panels import Action, Panel
    from crmlite.rules.fields import Field
    from crmlite.rules.strategies import Strategy
    from crmlite.search.searchables import Searchable
    from crmlite.settings.catalogue import AddedChoice, ChoiceList, Setting, SettingFollower
    from crmlite.strategies.events import TouchEvent
    from crmlite.tiers.choosing import TierChoice
    from crmlite.work.checks import Check
    from crmlite.work.record_types import RecordType
    from crmlite.work.shipped import ShippedData

hookspec = pluggy.HookspecMarker("crmlite")


@hookspec
def register_permissions() -> "list[Permission]":
    """Rights that views and queries ask for. A name used twice refuses the later one."""


@hookspec
def register_record_types() -> "list[RecordType]":
    """Kinds of records whose changes stand in the ledger, with their labels for people."""


@hookspec
def register_blueprints() -> "list[Blueprint]":
    """Pages. Every view declares with ``@requires`` who may use it."""


@hookspec
def register_navigation() -> "list[NavigationEntry]":
    """Entries of the side navigation; shown to people who hold the entry's right."""


@hookspec
def register_creations() -> "list[Creation]":
    """What the button New offers."""


@hookspec
def register_settings_pages() -> "list[SettingsPage]":
    """Pages under Settings, each with the right that opens it."""


@hookspec
def register_settings() -> "list[Setting]":
    """Settings of the firm with their kind, label and shipped value."""


@hookspec
def register_setting_followers() -> "list[SettingFollower]":
    """What follows in another slice when a setting is changed that it did not declare."""


@hookspec
def register_choice_lists() -> "list[ChoiceList]":
    """Lists that managers edit, such as sources and stages, with the values shipped."""


@hookspec
def register_choices() -> "list[AddedChoice]":
    """Values that a pack adds to lists that are there, such as sources and root causes."""


@hookspec
def register_customer_fields() -> "list[Field]":
    """Further fields of customers, in the order forms show them."""


@hookspec
def register_contact_fields() -> "list[Field]":
    """Further fields of the contacts of customers."""


@hookspec
def register_case_fields() -> "list[Field]":
    """Further fields of complaints and other cases."""


@hookspec
def register_order_fields() -> "list[Field]":
    """Further fields of orders."""


@hookspec
def register_tag_dimensions() -> "list[TagDimension]":
    """Families of tags, in their order."""


@hookspec
def register_tags() -> "list[ShippedTag]":
    """Tags of one's own dimensions, or of crmlite's: set by hand, or put on by a condition."""


@hookspec
def register_object_kinds() -> "list[ObjectKind]":
    """Records of a pack's own, such as coupons: their fields, and what one hangs on."""


@hookspec
def register_logic_rules() -> "list[LogicRule]":
    """What does not make sense together about a customer, as conditions. Warned of, not refused."""


@hookspec
def register_guards() -> "list[Guard]":
    """What must be there before a customer moves along its life-cycle. A guard only looks."""


@hookspec
def register_timeline() -> "list[TimelineSource]":
    """Parts of a customer's timeline, each with its own entries."""


@hookspec
def register_task_reasons() -> "list[TaskReason]":
    """Why tasks are there that a slice or pack plans: each code with what it says to its reader."""


@hookspec
def register_task_sights() -> "list[TaskSight]":
    """What tasks hang on besides their customers, so that who sees that is shown what is asked of
    them also where they do not see the customer."""


@hookspec
def register_job_kinds() -> "list[JobKind]":
    """Work for the background: what runs it, for recurring work when, and for work that piles up in
    the book how to know that there is some."""


@hookspec
def register_attachables() -> "list[Attachable]":
    """Kinds of records that files can be attached to, and how each is found for a reader."""


@hookspec
def register_notification_kinds() -> "list[NotificationKind]":
    """Kinds of notifications: what each says to its reader, and where it leads."""


@hookspec
def register_calendar_uses() -> "list[CalendarUse]":
    """Where working calendars are chosen. One that somebody uses is not deleted."""


@hookspec
def register_health_checks() -> "list[HealthCheck]":
    """What must be well for the instance to be ready, and what monitoring should watch."""


@hookspec
def register_shipped_data() -> "list[ShippedData]":
    """Rows that every book contains, such as tag dimensions. Put in where they are missing."""


@hookspec
def register_pack_sections() -> "list[Section]":
    """Tables of `pack.toml` that a slice reads: what packs may declare without any code."""


@hookspec
def register_pack_parts() -> "list[PackPart]":
    """What a slice does with packs: what it refuses, what follows when one is switched, what the book
    holds of one and how that is removed."""


@hookspec
def register_case_categories() -> "list[CaseCategory]":
    """What cases of a trade are about, and how soon these are acted on."""


@hookspec
def register_canned_replies() -> "list[CannedText]":
    """Texts to answer customers with."""


@hookspec
def register_strategies() -> "list[Strategy]":
    """How customers are kept in touch with: whom a strategy serves, and its touches."""


@hookspec
def register_touch_events() -> "list[TouchEvent]":
    """What happens at customers around which touches of strategies lie, such as a tasting."""


@hookspec
def register_help() -> "list[HelpTopic]":
    """Topics of the help, with the pages whose question mark leads to them."""


@hookspec
def register_facts() -> "list[FactsPart]":
    """What another slice keeps of customers: counts in the facts row, what its own records are found
    by."""


@hookspec
def register_asked_fields() -> "list[AskedFields]":
    """What customers are asked that another slice answers, such as how many records of a kind they
    have: fields, each with its SQL."""


@hookspec
def register_owned_parts() -> "list[OwnedPart]":
    """What goes along when customers get other owners or tiers, such as open next steps. Called inside
    the operation, so that it is committed and undone with it."""


@hookspec
def register_checks() -> "list[Check]":
    """What ``crmlite check`` looks at: things that can be wrong with a book."""


@hookspec
def register_commands() -> "list[click.Command]":
    """Commands of ``crmlite`` on the command line."""


@hookspec
def register_searchables() -> "list[Searchable]":
    """Kinds of records that the search box and the palette find."""


@hookspec
def profile_panels(reader: Any) -> "list[Panel]":
    """Parts of the page on which people say how they want to work: a title and a template.
    ``reader`` is who looks at their own profile."""


@hookspec
def customer_panels(customer: Any, reader: Any) -> "list[Panel]":
    """Parts of the right column of a customer's page. ``customer`` is the row that the page shows,
    ``reader`` who looks at it; both are also in the context of the panel's template."""


@hookspec
def customer_actions(customer: Any, reader: Any) -> "list[Action]":
    """Buttons in the head of a customer's page, such as "Log follow-up"."""


@hookspec
def customer_list_actions(query: str, reader: Any) -> "list[Action]":
    """Buttons over the list of customers, such as "Export". ``query`` is what the address of the
    list asks for, ``reader`` who looks at it."""


@hookspec
def order_list_actions(query: str, reader: Any) -> "list[Action]":
    """Buttons over the list of orders, such as "Export". ``query`` is what the address of the list asks
    for, ``reader`` who looks at it."""


@hookspec
def customer_composer(customer: Any, reader: Any) -> "list[Panel]":
    """What stands on top of a customer's timeline: the box in which the next thing is written, what
    is still to be done. ``customer`` is the row that the page shows, ``reader`` who looks at it."""


@hookspec
def case_panels(case: Any, reader: Any) -> "list[Panel]":
    """Parts of the right column of a case's page. ``case`` is the row that the page shows, ``reader``
    who looks at it; both are also in the context of the panel's template."""


@hookspec
def order_panels(order: Any, reader: Any) -> "list[Panel]":
    """Parts of an order's page below its lines. ``order`` is the row that the page shows, ``reader``
    who looks at it; both are also in the context of the panel's template."""


@hookspec
def object_list_actions(name: str, query: str, reader: Any) -> "list[Action]":
    """Buttons over the list of a kind of records of a pack, such as "Export". ``name`` is the kind,
    ``query`` what the address of the list asks for, ``reader`` who looks at it."""


@hookspec
def customer_brief(customer: Any, reader: Any) -> "list[Panel]":
    """Parts of the brief that people read before a contact, such as open complaints. ``customer`` is
    the row that it is about, ``reader`` who reads it; it is also printed."""


@hookspec
def today_panels(shown: Any, reader: Any) -> "list[Panel]":
    """Parts of the right column of Today. ``shown`` says whose it is (``ids`` of the people,
    ``is_team``, ``mine``), ``reader`` who looks at it. A panel's ``url`` leads to all of them."""


@hookspec
def customer_tabs(customer: Any, reader: Any) -> "list[Panel]":
    """Tabs of a customer's page beside the timeline; each template is loaded when it is opened."""


@hookspec
def choose_tier(customers: "list[dict[str, Any]]") -> "list[TierChoice]":
    """The tiers that a pack chooses for customers, instead of what the points say: for those alone about
    which it knows better. ``customers`` are up to a thousand, each ``{"id", "tier", "values"}`` with the
    values of the factors, None for unknown ones."""


@hookspec
def customer_created(customer_id: int) -> None:
    """A customer was added."""


@hookspec
def customer_changed(customer_id: int) -> None:
    """Something about a customer was changed: a field, a contact, a need, a tag, a record of a pack.
    Also when a change was taken back or something restored, be it that the customer was added."""


@hookspec
def customers_planned(customer_ids: "list[int]") -> None:
    """Planned touches of customers were begun, moved, ended or put on another day, for many at once. For
    those that were ended ``customer_changed`` is told, too."""


@hookspec
def calendar_changed(calendar_id: int) -> None:
    """What due times follow from was changed on a working calendar: hours, days, place, or that it is
    the default one, which holds for all who have chosen none."""


@hookspec
def interaction_logged(interaction_id: int, customer_id: int) -> None:
    """A contact with a customer was written down. When that is taken back, or corrected,
    ``customer_changed`` is told."""


@hookspec
def case_changed(case_id: int, customer_id: int) -> None:
    """Something happened to a case: it was opened, moved, answered, assigned, corrected."""


@hookspec
def order_changed(order_id: int, customer_id: int) -> None:
    """Something about an order was changed: it was written down, moved on, corrected, deleted, or goods
    of it came back. When that is taken back, ``customer_changed`` is told."""
