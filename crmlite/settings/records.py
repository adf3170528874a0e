"""How the change record speaks of settings and lists."""

from collections.abc import Sequence
from typing import Any

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
            refresh=_renew,
        ),
        RecordType(
            name="choice",
            label=N_("Value of a list"),
            model=ChoiceRow,
            icon="list-details",
            labels={
                "label": N_("Name"),
                "position": N_("Order"),
                "retired": N_("No longer offered"),
                "list": N_("List"),
                "key": N_("Key"),
                "shipped": N_("Shipped"),
            },
            title="label",
            edit="settings:manage",
            fixed=("list", "key", "position", "shipped"),
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


def _setting_name(name: Any) -> str:
    declared = declared_settings().get(str(name))
    return label(declared.label) if declared else str(name)


def _setting_words(column: str, value: Any) -> str | None:
    return _setting_name(value) if column == "name" else None
