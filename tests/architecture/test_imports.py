"""Who may use whom: a room stands on those below it and knows nothing of those above."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.project import ROOT, python


def test_the_contracts_of_pyproject_hold():
    # A process of its own: in ours it would silence every logger there is.
    lint = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_its_place_in_the_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name for layer in layers for name in re.findall(r"\w+", layer)}
    rooms = {path.parent.name for path in ROOT.glob("crmlite/*/__init__.py")}
    assert rooms - placed <= {"forms"}, "a new room needs a place in pyproject.toml"


def imports(tree):
    """Line and full name of each module that is imported, or of the module taken from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_rules_need_the_standard_library_only():
    allowed = {*sys.stdlib_module_names, "crmlite"}
    for name, tree in python("crmlite/rules/"):
        for line, module in imports(tree):
            assert module.split(".")[0] in allowed, f"{name}:{line}: {module}"
            if module.startswith("crmlite"):
                assert module.startswith("crmlite.rules"), f"{name}:{line}: {module}"


def test_a_room_uses_what_another_offers_and_not_its_pages():
    for name, tree in python("crmlite/"):
        own = name.split("/")[1]
        for line, module in imports(tree):
            match module.split("."):
                case ["crmlite", room, "plugin" | "views" | "forms" as inside, *_] if room != own:
                    pytest.fail(f"{name}:{line}: {inside} of {room} is nobody else's")


def test_crmlite_knows_no_pack_and_nobody_imports_the_entry_points():
    for name, tree in python("crmlite/"):
        for line, module in imports(tree):
            first = module.split(".")[0]
            assert first not in {"wsgi", "tests"}, f"{name}:{line}"
            assert not first.startswith("crmlite_"), f"{name}:{line}: {module} is a pack"


def test_imports_are_absolute():
    for name, tree in python("crmlite/"):
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{name}:{node.lineno}"
