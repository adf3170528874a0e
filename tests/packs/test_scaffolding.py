"""`crmlite pack new` begins a pack that is in order, and writes over nothing."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from crmlite.packs.commands import pack
from crmlite.packs.manifest import BadPack
from crmlite.packs.scaffolding import AlreadyThere, make_pack
from crmlite.testing.packs import Trial
from tests.packs.installing import describe


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_new_pack_is_in_order(started: Callable[..., Flask], packages: Path):
    folder = make_pack("hospitality", packages / "made")
    (packages / "crmlite_hospitality").symlink_to(folder / "crmlite_hospitality")
    describe(packages, "hospitality", "crmlite_hospitality", "crmlite_hospitality.plugin")
    trial = Trial("hospitality", started())
    assert trial.faults() == []


def test_fields_tags_a_strategy_and_a_category_take_no_more_than_120_lines(tmp_path: Path):
    folder = make_pack("hospitality", tmp_path) / "crmlite_hospitality"
    files = [path for path in folder.rglob("*") if path.is_file()]
    told = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
    assert {"fields", "tags", "strategies", "categories"} <= told.keys()
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= 120


def test_the_tests_of_a_new_pack_are_python(tmp_path: Path):
    folder = make_pack("hospitality", tmp_path)
    for path in folder.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")
    assert "$" not in (folder / "pyproject.toml").read_text("utf-8")


def test_nothing_is_written_over(tmp_path: Path):
    make_pack("hospitality", tmp_path)
    with pytest.raises(AlreadyThere):
        make_pack("hospitality", tmp_path)


@pytest.mark.parametrize("name", ["Hotel", "a", "custom", "two words", "x" * 25, "../up", "sales"])
def test_names_that_no_pack_can_have_are_refused(tmp_path: Path, name: str):
    with pytest.raises(BadPack):
        make_pack(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_comes_next(tmp_path: Path):
    done = CliRunner().invoke(pack, ["new", "hospitality", "--into", str(tmp_path)])
    assert done.exit_code == 0
    assert "crmlite pack check hospitality" in done.output
    again = CliRunner().invoke(pack, ["new", "hospitality", "--into", str(tmp_path)])
    assert again.exit_code == 1
    assert "nothing was written" in again.output
