"""Packs in the change record."""

from crmlite.packs.models import Pack
from crmlite.packs.rights import MANAGE
from crmlite.wording import N_
from crmlite.work.record_types import RecordType


def record_types() -> list[RecordType]:
    """A pack that is switched on and off by its own page, and by no undo: what it ships follows."""
    return [
        RecordType(
            name="pack",
            label=N_("Industry pack"),
            many=N_("Industry packs"),
            model=Pack,
            icon="package",
            title="title",
            key="name",
            url=lambda name: f"/packs/{name}",
            labels={
                "name": N_("Key"),
                "title": N_("Name"),
                "pack_version": N_("Version"),
                "enabled": N_("Switched on"),
                "position": N_("Position"),
                "stopped": N_("Stopped by crmlite"),
            },
            operations={
                "pack_enabled": N_("Pack switched on"),
                "pack_disabled": N_("Pack switched off"),
                "pack_stopped": N_("Pack stopped after failures"),
                "pack_upgraded": N_("Pack brought up to date"),
                "packs_ordered": N_("Packs put in order"),
                "pack_data_taken": N_("Data of a pack saved as a file"),
                "pack_purged": N_("What a pack left was removed"),
            },
            edit=MANAGE,
            fixed=("name", "title", "pack_version", "enabled", "position", "stopped"),
            returnable=lambda _reader, _id, _values: False,
            withheld=N_("Packs are switched on and off on their page."),
        )
    ]
