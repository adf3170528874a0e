"""Parts of pages that are made once for everybody."""

import re

import pytest
from flask import Flask, g
from jinja2 import meta

from tests.architecture.project import ROOT, files

KEPT = re.compile(r'kept\("([^"]+)"((?:, *\w+=)?)')
PALETTE = "frame/_palette.html"


def kept(app: Flask, name: str, *, language: str = "en", root: str = "", **given: object) -> str:
    """The part as a request in this language gets it."""
    environ = {"SCRIPT_NAME": root}
    with app.test_request_context("/", environ_overrides=environ):
        g.lang = language
        return app.jinja_env.globals["kept"](name, **given)


def test_a_part_is_made_once_for_each_language_place_and_what_it_is_given(app: Flask) -> None:
    first = kept(app, PALETTE)
    assert kept(app, PALETTE) is first
    assert "Go to, create" in first
    assert "跳转" in kept(app, PALETTE, language="zh")
    assert 'hx-get="/crm/palette"' in kept(app, PALETTE, root="/crm")
    assert 'hx-get="/palette"' in kept(app, PALETTE)
    pages = (("Orders & more", "o"),)
    shown = kept(app, "frame/_shortcuts.html", pages=pages)
    assert "Orders &amp; more" in shown
    assert "Orders" not in kept(app, "frame/_shortcuts.html", pages=())


def uses() -> set[str]:
    """The parts that templates keep."""
    return {
        found[1]
        for name in files()
        if name.endswith(".html") and name.startswith("crmlite")
        for found in KEPT.finditer((ROOT / name).read_text("utf-8"))
    }


def test_parts_are_kept() -> None:
    assert uses() >= {PALETTE, "frame/_shortcuts.html", "frame/_texts.html"}


@pytest.mark.parametrize("name", sorted(uses()))
def test_a_kept_part_knows_nothing_of_the_reader(app: Flask, name: str) -> None:
    source, _path, _fresh = app.jinja_env.loader.get_source(app.jinja_env, name)
    known = meta.find_undeclared_variables(app.jinja_env.parse(source))
    assert not known & {"current_user", "csrf_token", "session", "g", "ui", "can", "settings"}
    assert "get_flashed_messages" not in known
    assert not re.search(r"request\.(?!script_root\b)", source)


def test_templates_translate_only_texts_of_their_own() -> None:
    """What `_` answers is not escaped again, so nothing that people typed may go through it."""
    of_a_value = re.compile(r"(?<!\w)(?:_|gettext|ngettext)\(\s*(?![\"'\s])")
    assert of_a_value.search("{{ _(name) }}")
    assert not of_a_value.search('{{ _("Name") }}')
    for name in files():
        if name.endswith(".html") and name.startswith("crmlite"):
            found = of_a_value.search((ROOT / name).read_text("utf-8"))
            assert found is None, f"{name}: {found}"
