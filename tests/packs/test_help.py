"""Topics that packs bring."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.extensions import database
from crmlite.help import markdown
from crmlite.help.pack_part import refuse
from crmlite.help.topics import LANGUAGES, HelpTopic, topics_in
from crmlite.packs import operations
from crmlite.rules.fields import BadDeclaration
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.architecture.project import ROOT

PUPILS = "/help/education__pupils"


def topic(**changed: Any) -> HelpTopic:
    given = {"name": "bakery__bread", "texts": {"en": "# Bread\n\nIt.", "zh": "# 面包\n\n好。"}}
    return HelpTopic(**{**given, **changed})


def test_one_that_is_whole_is_taken() -> None:
    refuse("bakery", {"register_help": [topic()]})


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "bread"}, "begins with `bakery__`"),
        ({"name": "today"}, "begins with `bakery__`"),
        ({"group": "ovens"}, "no group ovens"),
        ({"texts": {"en": "# Bread"}}, "its text in zh"),
        ({"texts": {"en": "Bread", "zh": "# 面包"}}, "its text in en"),
    ],
)
def test_one_that_somebody_could_not_read_is_refused(changed: Any, fault: str) -> None:
    with pytest.raises(BadDeclaration, match=re.escape(fault)):
        refuse("bakery", {"register_help": [topic(**changed)]})


TITLE_ONLY = """
from crmlite import hookimpl
from crmlite.help.topics import HelpTopic


@hookimpl
def register_help():
    return [HelpTopic(name="bakery__bread", texts={"en": "# Bread", "zh": "# 面包"})]
"""


def test_a_topic_that_is_only_a_title_is_found_by_it(started: Callable[..., Flask]) -> None:
    app = started(bakery={"plugin.py": TITLE_ONLY})
    with app.app_context():
        operations.enable_pack("bakery", by=command_line(), at=clock.now())
        database.session.remove()
    assert "/help/bakery__bread" in SignIn(app)("sales").get("/help?words=bread").text


def test_a_topic_is_there_as_long_as_its_pack_is_on(started: Callable[..., Flask]) -> None:
    app = started()
    reader = SignIn(app)("sales")
    assert reader.get(PUPILS).status_code == 404
    with app.app_context():
        operations.enable_pack("education", by=command_line(), at=clock.now())
        database.session.remove()
    page = reader.get("/help").text
    assert page.index("<h2>Packs</h2>") < page.index(f'href="{PUPILS}"')
    assert "Paid until" in reader.get(PUPILS).text
    assert "<mark>Paid</mark>" in reader.get("/help?words=paid").text


@pytest.mark.parametrize("folder", sorted(ROOT.glob("plugins/*/crmlite_*/help")), ids=str)
def test_ours_say_the_same_in_both_languages(folder: Any) -> None:
    names = [{path.name for path in (folder / lang).glob("*.md")} for lang in LANGUAGES]
    assert names[0] == names[1]
    for one in topics_in(folder):
        english, chinese = (markdown.headings(one.texts[lang]) for lang in LANGUAGES)
        assert english == chinese and len(english) > 2
