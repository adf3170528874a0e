"""The manual says what is so: its commands, options, settings, files and targets of make exist, and
both languages name the same."""

import re
import shlex
from dataclasses import fields

import click
import pytest

from crmlite.cli import crmlite
from crmlite.config import PREFIX, Config
from tests.architecture.project import ROOT, files

PAGES = ("docs/self-hosting.md", "docs/self-hosting.zh.md")
EXAMPLES = "docs/examples/"
BLOCK = re.compile(r"^ *```\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
# What is said to the last `crmlite` of a line; before it come sudo, a folder, the name of a container.
RUN = re.compile(r"^(?:.*[\s/])?crmlite ([a-z][^|;&]*)$")
SETTING = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
VARIABLE = re.compile(rf"{PREFIX}([A-Z_]+)")
TARGET = re.compile(r"^(?:sudo )?make ([a-z]+)")
LINK = re.compile(r"\]\((?!http)([^)#]+)")


def text(page):
    return (ROOT / page).read_text("utf-8")


def said(page):
    """What stands in blocks and between back-ticks, line by line."""
    written = text(page)
    for block in BLOCK.findall(written):
        yield from map(str.strip, block.splitlines())
    yield from SPAN.findall(BLOCK.sub("", written))


def commands(page):
    """What is said to crmlite."""
    found = (RUN.search(line) for line in said(page) if "systemctl" not in line)
    return {" ".join(words) for one in found if one and (words := shlex.split(one[1]))}


def understood(words):
    """The command and the options in it, as crmlite itself knows them."""
    command, context = crmlite, click.Context(crmlite)
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        word = rest.pop(0)
        known = command.get_command(context, word)
        assert known is not None, f"there is no command {word}"
        command = known
    options = {name for each in command.params for name in each.opts} | {"--help"}
    return command, options, rest


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_every_command_is_one_of_crmlite(page):
    found = commands(page)
    assert len(found) > 5
    for line in found:
        _command, options, rest = understood(line.split())
        assert {word for word in rest if word.startswith("--")} <= options, line


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_is_described_and_there(page):
    there = {field.name for field in fields(Config)} - {"instance"}
    assert set(SETTING.findall(text(page))) & (there | {"instance"}) == there
    named = {name.lower() for name in VARIABLE.findall(text(page))}
    assert named <= there | {"instance"}


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_every_target_of_make_is_there(page):
    there = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert {name for line in said(page) for name in TARGET.findall(line)} <= there


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_every_file_that_is_named_is_there(page):
    folder = (ROOT / page).parent
    for target in LINK.findall(text(page)):
        assert (folder / target).exists(), target
    for name in re.findall(rf"{EXAMPLES}[\w.]+", text(page)):
        assert (ROOT / name).is_file(), name


def test_both_languages_say_the_same():
    english, chinese = PAGES
    assert commands(english) == commands(chinese)
    assert BLOCK.findall(text(english)) == BLOCK.findall(text(chinese))
    assert SETTING.findall(text(english)) == SETTING.findall(text(chinese))
    for heading in ("## ", "| "):
        counts = [text(page).count(f"\n{heading}") for page in PAGES]
        assert counts[0] == counts[1], heading


def test_every_example_is_spoken_of():
    examples = {name for name in files() if name.startswith(EXAMPLES)}
    assert len(examples) >= 4
    for page in PAGES:
        for name in examples:
            assert name.removeprefix("docs/") in text(page), name


def test_examples_fit_each_other():
    service = text(f"{EXAMPLES}crmlite.service")
    _command, options, rest = understood(
        re.search(r"^ExecStart=\S+/crmlite (.*)$", service, re.MULTILINE)[1].split()
    )
    assert {word for word in rest if word.startswith("--")} <= options
    for name in ("nginx.conf", "Caddyfile"):
        assert "127.0.0.1:8000" in text(EXAMPLES + name)
    for path in ("/opt/crmlite/bin/crmlite", "/var/lib/crmlite"):
        assert path in service
        assert path in text(f"{EXAMPLES}crmlite.sh")
        assert path.removesuffix("/bin/crmlite") in text(PAGES[0])
