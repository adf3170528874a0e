"""What `pip install crmlite` would bring: all that the program reads at run time, and no more."""

import subprocess
import sys
import zipfile

import pytest

from tests.architecture.project import ROOT, files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return archive.namelist()


def test_everything_of_the_package_is_in_it(wheel):
    source = {name for name in files() if name.startswith("crmlite/")}
    parts = {name for name in source if name.startswith("crmlite/translations/parts/")}
    assert source - parts <= set(wheel)
    assert not parts & set(wheel)


def test_translations_come_compiled(wheel):
    assert "crmlite/translations/zh/LC_MESSAGES/messages.mo" in wheel


def test_migrations_come_with_it(wheel):
    for name in files():
        if name.startswith("migrations/"):
            assert f"crmlite/{name}" in wheel


def test_nothing_else_is_in_it(wheel):
    strangers = [
        name
        for name in wheel
        if not name.startswith(("crmlite/", "crmlite-")) or "__pycache__" in name
    ]
    assert strangers == []
