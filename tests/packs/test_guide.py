"""What the guide shows works: its tables and its code are one pack, which is in order."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from flask import Flask

from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.testing.packs import Trial
from tests.architecture.project import ROOT

GUIDE = (ROOT / "docs" / "packs.md").read_text("utf-8")
BLOCK = re.compile(r"^```(toml|python|html)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def bring(started: Callable[..., Flask]) -> Trial:
    """The pack that the guide shows, installed."""
    blocks = [(kind, text) for kind, text in BLOCK.findall(GUIDE) if "entry-points" not in text]
    tables = [text for kind, text in blocks if kind == "toml"]
    [shown] = [text for text in tables if "[[customer]]" in text]
    tables.remove(shown)
    [code] = [text for kind, text in blocks if kind == "python" and "@hookimpl" in text]
    [page] = [text for kind, text in blocks if kind == "html"]
    files = {
        "pack.toml": "\n".join(tables),
        "demo.toml": shown,
        "plugin.py": code,
        "templates/hospitality/guest.html": page,
    }
    return Trial("hospitality", started(hospitality=files))


def test_the_pack_of_the_guide_is_in_order(started: Callable[..., Flask]):
    assert bring(started).faults() == []


def test_so_are_its_tests(started: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch):
    pack = bring(started)
    monkeypatch.setattr("crmlite.testing.packs.trial", lambda _name: nullcontext(pack))
    known: dict[str, Any] = {}
    for kind, text in BLOCK.findall(GUIDE):
        if kind == "python" and "def test_" in text:
            exec(text, known)  # noqa: S102 - it is the guide's
    known["test_the_panel_counts_stays"]()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_names_all_that_conditions_ask_of_customers(app: Flask):
    told = set(re.findall("`([a-z_]+)`", GUIDE.partition("## Conditions")[2].partition("\n## ")[0]))
    with app.app_context():
        assert set(whole_catalogue()) - told == set()
