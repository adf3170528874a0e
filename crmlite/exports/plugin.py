"""What taking customers away contributes."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from crmlite import hookimpl
from crmlite.access import Permission, Reader
from crmlite.customers.rights import GROUP
from crmlite.customers.tags.rules import rule_sentence
from crmlite.exports.models import ExportRow
from crmlite.exports.views import bp
from crmlite.exports.wanted import EXPORT, FORMATS, LAYOUTS, ORDERS, RECORDS
from crmlite.panels import Action
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

if TYPE_CHECKING:
    import click


@hookimpl
def register_permissions() -> list[Permission]:
    return [
        Permission(
            name=EXPORT,
            label=N_("Export customers"),
            group=GROUP,
            scoped=True,
            defaults={"manager": "all", "sales": "own"},
        )
    ]


@hookimpl
def register_record_types() -> list[RecordType]:
    return [
        RecordType(
            name="export",
            label=N_("Export"),
            many=N_("Exports"),
            model=ExportRow,
            icon="download",
            labels={
                "reader_id": N_("With the rights of"),
                "layout": N_("What is in it"),
                "format": N_("Format"),
                "asked": N_("Conditions"),
                "archived": N_("With archived customers"),
                "rows": N_("How many"),
            },
            operations={
                "customers_exported": N_("Customers exported"),
                "orders_exported": N_("Orders exported"),
                "objects_exported": N_("Records of a pack exported"),
            },
            wording=_worded,
            returnable=lambda _reader, _record_id, _values: False,  # what was taken away stays so
        )
    ]


@hookimpl
def object_list_actions(name: str, query: str, reader: Reader) -> list[Action]:
    if not reader.may(EXPORT):
        return []
    address = url_for("exports.choose_objects", name=name)
    return [
        Action(
            name="export",
            label=_("Export"),
            icon="download",
            url=f"{address}?{query}" if query else address,
        )
    ]


def _worded(column: str, value: Any) -> str | None:
    match column:
        case "layout":
            further = {ORDERS: N_("Orders"), RECORDS: N_("Records of a pack")}
            return label({**LAYOUTS, **further}.get(value, value))
        case "format":
            return label(FORMATS.get(value, value))
        case "asked":
            if "records" in value:
                return label(value["records"])
            asked = value.get("query", {}).items()
            query = _(", ").join(f"{name}{_(': ')}{text}" for name, text in asked)
            return query or rule_sentence(value.get("where")) or str(_("no conditions"))
    return None


@hookimpl
def register_blueprints() -> list[Blueprint]:
    return [bp]


@hookimpl
def register_commands() -> "list[click.Command]":
    from crmlite.exports.commands import export

    return [export]


@hookimpl
def order_list_actions(query: str, reader: Reader) -> list[Action]:
    if not reader.may(EXPORT):
        return []
    address = url_for("exports.choose_orders")
    return [
        Action(
            name="export",
            label=_("Export"),
            icon="download",
            url=f"{address}?{query}" if query else address,
        )
    ]


@hookimpl
def customer_list_actions(query: str, reader: Reader) -> list[Action]:
    if not reader.may(EXPORT):
        return []
    address = url_for("exports.choose")
    return [
        Action(
            name="export",
            label=_("Export"),
            icon="download",
            url=f"{address}?{query}" if query else address,
        )
    ]
