"""How the change record speaks of settings and lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.settings.following import follow
from crmlite.settings.models import ChoiceRow, SettingRow
from crmlite.settings.queries import declared_settings
from crmlite.wording import N_, label
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """Settings, and values of lists."""
    return [
        RecordType(
            name="setting",
            label=N_("Setting"),
            model=SettingRow,
            icon="settings",
            labels={"value": N_("Value"), "name": N_("Name")},
            title="name",
            titled=_setting_name,
            wording=_setting_words,
            edit="settings:manage",
            fixed=("name",),
            refresh=_renew_settings,
        ),
        RecordType(
            name="choice",
            label=N_("Value of a list"),
            model=ChoiceRow,
            icon="list-details",
            labels={
                "label": N_("Name"),
                "position": N_("Position"),
                "retired": N_("No longer offered"),
                "list": N_("List"),
                "key": N_("Key"),
                "more": N_("Further"),
            },
            title="label",
            edit="settings:manage",
            fixed=("list", "key", "position", "more"),
            refresh=_renew,
            gone={"retired": True},
            operations={
                "choice_moved": N_("Order of a list changed"),
                "choice_retired": N_("Value no longer offered"),
                "choice_revived": N_("Value offered again"),
            },
        ),
    ]


def _renew(_ids: Sequence[int]) -> None:
    """Every process reads them anew."""
    move_epoch()


def _renew_settings(ids: Sequence[int]) -> None:
    """Every process reads them anew, and what follows from them follows again."""
    move_epoch()
    table = SettingRow.__table__
    found = select(table.c.id, table.c.name).where(table.c.id.in_(ids))
    names = dict(database.session.execute(found).all())
    # A row that an undo took away tells its name no more: it may have been any setting.
    follow(names.values() if len(names) == len(set(ids)) else declared_settings())


def _setting_name(name: Any) -> str:
    declared = declared_settings().get(str(name))
    return label(declared.label) if declared else str(name)


def _setting_words(column: str, value: Any) -> str | None:
    return _setting_name(value) if column == "name" else None
