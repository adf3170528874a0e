"""What the customer book contributes."""

from datetime import time
from typing import Any

from flask import Blueprint

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers import (
    attaching,
    hanging,
    requirements,
    timeline_sources,
)
from crmlite.customers import record_types as kinds
from crmlite.customers.choices import shipped_lists
from crmlite.customers.confirming.settings import confirming_settings
from crmlite.customers.guards import Guard, shipped_guards
from crmlite.customers.logic import LogicRule, shipped_rules
from crmlite.customers.operations import completeness, phone_hashes, tag_words
from crmlite.customers.operations.tag_rules import follow_all, follow_due
from crmlite.customers.rights import permissions
from crmlite.customers.search_rows import searchable
from crmlite.customers.tags import of_packs, shipped
from crmlite.customers.tags import rules as tag_rules
from crmlite.customers.tags.declaring import ShippedTag, TagDimension
from crmlite.customers.timeline import TimelineSource
from crmlite.customers.views import bp
from crmlite.declarations import PackPart, Section
from crmlite.fields.following import LOOKED_AT
from crmlite.files.attachables import Attachable
from crmlite.jobs import JobKind
from crmlite.navigation import Creation, NavigationEntry, SettingsPage
from crmlite.panels import Panel
from crmlite.search.searchables import Searchable
from crmlite.settings.catalogue import ChoiceList, Setting, SettingFollower
from crmlite.wording import N_
from crmlite.work.record_types import RecordType
from crmlite.work.shipped import ShippedData

LOOKED_AT["customer"] = completeness.have_all_looked_at


@hookimpl
def register_permissions() -> list[Permission]:
    return permissions()


@hookimpl
def register_settings() -> list[Setting]:
    return [*requirements.settings(), *shipped.thresholds(), *confirming_settings()]


@hookimpl
def register_setting_followers() -> list[SettingFollower]:
    return [
        SettingFollower(
            name=phone_hashes.KIND, setting="country", changed=phone_hashes.have_phones_hashed
        ),
        SettingFollower(
            name=tag_rules.ALL, setting=tag_rules.ask_for, changed=tag_rules.have_all_looked_at
        ),
    ]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    return [
        JobKind(
            name=completeness.KIND,
            label=N_("Look which customers are to be completed"),
            hint=N_("After it was changed in the settings what makes a record complete."),
            run=completeness.look_at_all,
            long=True,
        ),
        JobKind(
            name=tag_words.KIND,
            label=N_("Find customers by the new name of a tag"),
            hint=N_("After a tag was renamed: the search is made anew for everyone who has it."),
            run=tag_words.index_tagged,
            long=True,
        ),
        JobKind(
            name=tag_rules.ALL,
            label=N_("Set tags by their rules"),
            hint=N_(
                "For the whole book: every night, since rules count days, and when one changed."
            ),
            run=follow_all,
            daily_at=time(0, 20),
            long=True,
        ),
        JobKind(
            name=tag_rules.DUE,
            label=N_("Set tags by their rules where something changed"),
            hint=N_("A few seconds after a change of a customer or of what hangs on it."),
            run=follow_due,
            pending=tag_rules.are_due,
            long=True,
        ),
        JobKind(
            name=phone_hashes.KIND,
            label=N_("Find customers by phone in the firm's new country"),
            hint=N_("After the country was changed: numbers without a country code belong there."),
            run=phone_hashes.hash_phones,
            long=True,
        ),
    ]


@hookimpl
def register_choice_lists() -> list[ChoiceList]:
    return shipped_lists()


@hookimpl
def register_logic_rules() -> list[LogicRule]:
    return shipped_rules()


@hookimpl
def register_guards() -> list[Guard]:
    return shipped_guards()


@hookimpl
def register_record_types() -> list[RecordType]:
    return kinds.record_types()


@hookimpl
def register_shipped_data() -> list[ShippedData]:
    return [ShippedData("tags", shipments=shipped.shipments)]


@hookimpl
def register_tag_dimensions() -> list[TagDimension]:
    return shipped.dimensions()


@hookimpl
def register_tags() -> list[ShippedTag]:
    return shipped.tags()


@hookimpl
def register_pack_sections() -> list[Section]:
    return of_packs.sections()


@hookimpl
def register_pack_parts() -> list[PackPart]:
    return [of_packs.part()]


@hookimpl
def register_attachables() -> list[Attachable]:
    return [attaching.attachable()]


@hookimpl
def customer_panels(customer: Any, reader: Reader) -> list[Panel]:
    return attaching.panels(customer, reader)


@hookimpl
def register_searchables() -> list[Searchable]:
    return [searchable()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_creations() -> list[Creation]:
    return [
        Creation(
            key="customer",
            label=N_("Customer"),
            icon="user-plus",
            endpoint="customers.new",
            permission="customers:create",
            weight=10,
        )
    ]


@hookimpl
def register_timeline() -> list[TimelineSource]:
    return timeline_sources.sources()


@hookimpl
def customer_changed(customer_id: int) -> None:
    hanging.forget()


@hookimpl
def register_settings_pages() -> list[SettingsPage]:
    return [
        SettingsPage(
            key="tags",
            label=N_("Tags"),
            description=N_("Words that people put on customers, by dimension"),
            icon="tags",
            endpoint="customers.all_tags",
            permission="tags:manage",
            weight=21,
        )
    ]


@hookimpl
def register_navigation() -> list[NavigationEntry]:
    return [
        NavigationEntry(
            key="customers",
            label=N_("Customers"),
            icon="users",
            endpoint="customers.index",
            permission="customers:see",
            letter="c",
            group=1,
        )
    ]
