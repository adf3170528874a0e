"""What the guide shows works: its tables and its code are one pack, which is in order."""

import re
from collections.abc import Callable

from flask import Flask

from crmlite.testing.packs import Trial
from tests.architecture.project import ROOT

GUIDE = (ROOT / "docs" / "packs.md").read_text("utf-8")
BLOCK = re.compile(r"^```(toml|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_pack_of_the_guide_is_in_order(started: Callable[..., Flask]):
    blocks = [(kind, text) for kind, text in BLOCK.findall(GUIDE) if "entry-points" not in text]
    tables = [text for kind, text in blocks if kind == "toml"]
    [shown] = [text for text in tables if "[[customer]]" in text]
    tables.remove(shown)
    [code] = [text for kind, text in blocks if kind == "python" and "@hookimpl" in text]
    files = {
        "pack.toml": "\n".join(tables),
        "demo.toml": shown,
        "plugin.py": code,
        "templates/hospitality/guest.html": "<p>{{ given.stars }}</p>",
    }
    app = started(hospitality=files)
    assert Trial("hospitality", app).faults() == []
