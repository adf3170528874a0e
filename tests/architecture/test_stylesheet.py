"""Our style sheet stays apart from Tabler's, complete for what templates use, and light to load."""

import gzip
import re

import pytest

import icons
from tests.architecture.project import ROOT, files

STATIC = ROOT / "crmlite" / "static"
FIRST_LOAD = 115_000
# Classes of Tabler that section 2 of the sheet corrects on purpose.
CORRECTED = {
    "avatar",
    "btn",
    "btn-icon",
    "btn-primary",
    "form-check-input",
    "form-control",
    "form-label",
    "form-select",
    "icon",
}
# Set by scripts or by htmx, or only a handle without a look of its own.
BARE = {"done", "pick-all", "post", "who", "when"}


def selectors(sheet):
    """The selectors of a style sheet, without comments, strings and declarations."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"url\([^)]*\)|\"[^\"]*\"", "", text)
    return re.findall(r"([^{}]*)\{", text)


def classes(sheet):
    """The classes that a style sheet has rules for."""
    return {
        name
        for selector in selectors(sheet)
        for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", selector)
    }


OURS = classes(STATIC / "crmlite.css") | classes(STATIC / "print.css")
TABLERS = classes(STATIC / "vendor" / "tabler.min.css")


def test_own_classes_do_not_exist_in_tabler():
    assert OURS & TABLERS == CORRECTED


def test_every_class_of_the_frame_and_its_parts_has_a_rule():
    for name in shared_templates():
        used = used_classes((ROOT / name).read_text("utf-8"))
        assert used - OURS - TABLERS - BARE == set(), name


def shared_templates():
    """The templates that all rooms use."""
    return [
        name
        for name in files()
        if re.fullmatch(r"crmlite/templates/((ui|frame|errors)/)?\w+\.html", name)
    ]


def used_classes(source):
    """The classes that a template writes down, as far as they are fixed."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    written = re.findall(r'class="([^"]*)"', source)
    fixed = [re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text) for text in written]
    return {name for text in fixed for name in text.split()}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p class="a b">', {"a", "b"}),
        ('<p class="a {{ b }}{% if c %} d{% endif %}">', {"a", "d"}),
        ('{# <p class="a"> #}', set()),
    ],
)
def test_classes_in_templates_are_found(source, found):
    assert used_classes(source) == found


def test_colours_are_only_named_once():
    """Outside the tokens a colour is a variable, so that light and dark stay together."""
    sheet = (STATIC / "crmlite.css").read_text("utf-8")
    _tokens, rest = sheet.split("/* 3 WORDS", 1)
    bare = [
        line.strip()
        for line in rest.splitlines()
        if re.search(r"#[0-9a-f]{3,8}\b|rgb\(", line) and "light-dark(" not in line
    ]
    assert bare == []


def test_what_a_page_loads_first_stays_light():
    base = (ROOT / "crmlite" / "templates" / "base.html").read_text("utf-8")
    first = re.sub(r"<link[^>]*media=\"print\">", "", base)  # browsers fetch it last
    named = re.findall(r"asset\('([\w./]+\.(?:css|js))'\)", first)
    modules = re.search(r"for name in \[([^\]]+)\] %\}\s*<script", base)[1]
    named += [f"js/{name}.js" for name in re.findall(r'"(\w+)"', modules)]
    size = sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in named)
    assert len(named) > 8
    assert size <= FIRST_LOAD, f"{size} bytes"


def test_scripts_do_not_import_each_other():
    """Addresses carry a version: a plain import would load the same script a second time."""
    for script in (STATIC / "js").glob("*.js"):
        assert not re.search(r"^\s*import\b", script.read_text("utf-8"), re.MULTILINE), script.name


def test_each_script_says_in_its_first_line_what_it_is_for():
    for script in (STATIC / "js").glob("*.js"):
        assert script.read_text("utf-8").startswith("// "), script.name


def test_every_icon_in_use_is_in_the_sprite():
    assert icons.in_use() - icons.in_sprite() == set()
