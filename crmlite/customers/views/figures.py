"""Where settings are changed that conditions compare with."""

from collections.abc import Collection

from flask import url_for

from crmlite.settings.queries import declared_settings
from crmlite.wording import label


def setting_address(name: str) -> str:
    """Where a setting is changed: with the firm's, or on the page of its pack."""
    pack, of_pack, _rest = name.partition("__")
    anchor = f"setting_{name}"
    if of_pack:
        return url_for("settings.of_pack", owner=pack, _anchor=anchor)
    return url_for("settings.firm", _anchor=anchor)


def settings_named(names: Collection[str]) -> list[tuple[str, str]]:
    """Those of these settings that there are: what each is called, and where it is changed."""
    return [
        (label(one.label), setting_address(name))
        for name, one in declared_settings().items()
        if name in names
    ]
