"""The lists that products, orders and returns are written with: categories, units, reasons."""

import tomllib
from importlib import resources

from crmlite.settings.catalogue import Choice, ChoiceList


def shipped_lists() -> list[ChoiceList]:
    """The lists as crmlite ships them."""
    text = resources.files(__package__).joinpath("data/choices.toml").read_text("utf-8")
    return [
        ChoiceList(
            name=name,
            label=dict(zip(("en", "zh"), raw["label"], strict=True)),
            shipped=[Choice(key, {"en": en, "zh": zh}) for key, en, zh in raw["values"]],
            keeps_shipped=raw.get("keeps_shipped", False),
            hint=dict(zip(("en", "zh"), raw["hint"], strict=True)) if "hint" in raw else "",
        )
        for name, raw in tomllib.loads(text).items()
    ]
