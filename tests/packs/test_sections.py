"""Whatever stands in a pack's file where a table is wanted, its author reads which table that is."""

from collections.abc import Mapping

import pytest
from flask import Flask

from crmlite.packs.loading import known, sections_known
from tests.packs.conftest import Installed
from tests.packs.installing import MANIFEST

NO_TABLES = ("5", "'x'", "[1]", "true", "[{ x = 1 }]")
NO_TABLES_IN_IT = ("5", "'x'", "[1]")
PACK = MANIFEST.format(title="Bakery")


def names(app: Flask) -> list[str]:
    """What the tables are called that slices read."""
    with app.app_context():
        return sorted(one.name for one in sections_known())


def faults(started: Installed, texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with files, each of a pack of its own."""
    packs = {f"bakery{number}": {"pack.toml": text} for number, text in enumerate(texts.values())}
    found = known(started(**packs))
    return {name: found[pack].fault for name, pack in zip(texts, packs, strict=True)}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("given", NO_TABLES)
def test_each_section_must_be_a_table(started: Installed, given: str) -> None:
    there = names(started())
    assert {"settings", "fields", "tags", "objects", "strategies", "categories"} <= set(there)
    said = faults(started, {name: f"{name} = {given}\n{PACK}" for name in there})
    for name, fault in said.items():
        assert fault.startswith(f"pack.toml: [{name}] must be a table, not ")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("given", NO_TABLES_IN_IT)
def test_what_is_in_a_section_is_named_by_its_place(started: Installed, given: str) -> None:
    keys = {name: "customer" if name == "fields" else "x" for name in names(started())}
    said = faults(
        started, {name: f"{PACK}\n[{name}]\n{key} = {given}\n" for name, key in keys.items()}
    )
    for name, fault in said.items():
        assert fault.startswith(f"pack.toml: [{name}")
