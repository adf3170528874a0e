"""Hooks: each is on its page as it is, its example works, and crmlite itself asks or tells it."""

import ast
import inspect
import logging
import re
import sys
from types import ModuleType

import pytest
from flask import Flask

from crmlite import hooks, hookspecs
from tests.architecture.project import ROOT, python

PAGE = (ROOT / "docs" / "hooks.md").read_text("utf-8")
SPECS = {
    name: tuple(inspect.signature(spec).parameters)
    for name, spec in inspect.getmembers(hookspecs, inspect.isfunction)
    if hasattr(spec, "crmlite_spec")
}
SECTION = re.compile(r"^### `(\w+)\(([\w, ]*)\)`\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FACTS = {
    "customer": {"id": 1, "number": "C001", "owner_id": None},
    "customers": [{"id": 17, "tier": None, "values": {"contacts": 6.0}}],
    "query": "w=tier~is~core",
    "reader": None,
    "customer_id": 17,
    "customer_ids": [17],
    "interaction_id": 17,
    "calendar_id": 17,
    "shown": None,
    "case": {"id": 1, "number": "K0001"},
    "case_id": 17,
    "order_id": 17,
    "order": {"id": 1, "number": "SO0001"},
    "name": "bakery__cake",
}
ASKED = [
    name
    for name in SPECS
    if name.startswith(
        ("register_", "customer_", "profile_", "today_", "case_", "order_", "object_", "choose_")
    )
    and name[-2:] != "ed"
]
TOLD = [name for name in SPECS if name.endswith("ed")]


@pytest.fixture(scope="module")
def bakery():
    """The examples of the page, as one module."""
    module = ModuleType("bakery")
    sys.modules["bakery"] = module  # where the hooks look for it
    exec(compile("\n".join(EXAMPLE.findall(PAGE)), "docs/hooks.md", "exec"), vars(module))  # noqa: S102
    yield module
    del sys.modules["bakery"]


@pytest.fixture
def host(bakery):
    """An application without a database, in which only the bakery is registered."""
    app = Flask("host")
    with app.app_context():
        hooks.load(app, builtin=("bakery",))
        yield app


def test_the_page_names_each_hook_with_its_arguments():
    told = [
        (name, tuple(re.findall(r"\w+", given))) for name, given, _text in SECTION.findall(PAGE)
    ]
    assert dict(told) == SPECS
    assert len(told) == len(SPECS) == len(ASKED) + len(TOLD)


@pytest.mark.parametrize("hook", SPECS)
def test_each_hook_is_explained_and_shown(hook):
    [text] = [text for name, _given, text in SECTION.findall(PAGE) if name == hook]
    meaning = text.partition("```")[0]
    assert len(meaning.split()) >= 4
    [example] = EXAMPLE.findall(text)
    defined = [node for node in ast.parse(example).body if isinstance(node, ast.FunctionDef)]
    assert defined[-1].name == hook
    assert [ast.unparse(mark) for mark in defined[-1].decorator_list] == ["hookimpl"]


@pytest.mark.parametrize("hook", ASKED)
def test_each_example_answers_what_the_hook_asks_for(hook, host):
    wanted = {} if hook.startswith("register_") else FACTS
    answers = hooks.asked(hook, **wanted) if wanted else hooks.gathered(hook)
    [kind] = re.findall(
        r"list\[(?:\w+\.)?(\w+)\]", inspect.get_annotations(spec_of(hook))["return"]
    )
    assert [type(answer).__name__ for answer in answers] == [kind]


@pytest.mark.parametrize("hook", TOLD)
def test_each_example_hears_what_is_told(hook, host, caplog):
    with caplog.at_level(logging.INFO, logger="bakery"):
        hooks.tell(hook, **{name: FACTS[name] for name in SPECS[hook]})
    assert "17" in caplog.text


def spec_of(hook):
    return getattr(hookspecs, hook)


def test_crmlite_asks_or_tells_each_hook_and_no_other():
    named = set()
    for _name, tree in python("crmlite/"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
                if called in {"gathered", "declared", "by_name", "asked", "tell"}:
                    named.add(node.args[0].value)
    assert named == set(SPECS)
