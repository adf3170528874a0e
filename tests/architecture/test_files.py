"""What is in the project's files at all: nothing of one machine, nothing that was made from others."""

import re
import subprocess
import sys

import pytest

from tests.architecture.project import ROOT, files

# Folders of one person or one machine.
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def readable():
    """Name and text of each text file."""
    for name in files():
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_folder_of_one_machine():
    for name, text in readable():
        if name.startswith("crmlite/static/vendor/"):
            continue
        found = SOMEBODYS_FOLDER.search(text)
        assert not found, f"{name} names {text[found.start() : found.start() + 40]!r}"


def test_no_file_carries_a_private_key():
    for name, text in readable():
        assert not SECRET.search(text), name


def test_nothing_is_kept_that_is_made():
    made = re.compile(r"(^|/)(__pycache__|instance|node_modules|\.venv)/|\.(pyc|mo|db|sqlite3?)$")
    assert [name for name in files() if made.search(name)] == []


def test_text_files_end_with_one_line_break_and_have_no_carriage_returns():
    for name, text in readable():
        if not text or name.startswith(("crmlite/static/vendor/", "crmlite/static/icons.svg")):
            continue
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert "\r\n" not in text or "naughty" in name, name


@pytest.mark.parametrize("script", [["icons.py", "--check"], ["vendor.py"]])
def test_what_came_from_elsewhere_is_what_was_recorded(script):
    name, *arguments = script
    run = [sys.executable, str(ROOT / "scripts" / name), *arguments]
    checked = subprocess.run(run, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_scripts_that_are_called_can_be_called():
    for name in (".ci/run", "scripts/demo.sh", "scripts/make_venv.sh"):
        assert (ROOT / name).stat().st_mode & 0o111, name
        subprocess.run(["bash", "-n", str(ROOT / name)], check=True)
