"""Tags of packs: declared in their file, followed while they are on, kept and resting while off."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers import operations as do
from crmlite.customers.conditions.catalogue import tag_choices
from crmlite.customers.models import Customer, CustomerTag, Dimension, Tag
from crmlite.customers.operations.bulk import BulkChange
from crmlite.customers.queries import tags_of
from crmlite.customers.tags.rules import rules
from crmlite.extensions import database
from crmlite.jobs.worker import Worker
from crmlite.packs import operations, queries
from crmlite.settings.operations import change_settings
from crmlite.testing import SignIn
from crmlite.work import Refused
from crmlite.work.actors import command_line
from tests.commands import Done, command
from tests.customers.operating import added, done
from tests.packs.installing import MANIFEST
from tests.packs.test_switching import switch

TAGS = """
[tag_dimensions.crust]
label = ["Crust", "外皮"]
exclusive = true

[tags.crisp]
dimension = "crust"
label = ["Crisp", "酥脆"]

[tags.soft]
dimension = "crust"
label = ["Soft", "松软"]
quiet = true

[tags.local]
dimension = "behaviour"
label = ["Local baker", "本地面包房"]
when = {all = [
  {field = "region", operator = "is", values = ["Leeds"]},
  {field = "interactions", operator = "at_most", values = [{setting = "bakery__talks"}]},
]}
"""
PLUGIN = """
from crmlite import hookimpl
from crmlite.settings.catalogue import Setting


@hookimpl
def register_settings():
    return [Setting(name="bakery__talks", label={"en": "Talks of a baker"}, kind="integer",
        default=3)]
"""
BAKERY = {"pack.toml": MANIFEST.format(title="Bakery") + TAGS, "plugin.py": PLUGIN}
__all__ = ["command"]
Started = Callable[..., Flask]


def work(app: Flask) -> None:
    """What waits in the background."""
    worker = Worker(app)
    while worker.step():
        pass


def tag_id(key: str) -> int:
    """A tag of the pack."""
    table = Tag.__table__
    found = database.session.execute(select(table.c.id).where(table.c.key == f"bakery__{key}"))
    return int(found.scalar_one())


def has(customer_id: int, key: str) -> bool:
    """Whether a customer has a tag of the pack."""
    database.session.rollback()
    return tag_id(key) in tags_of([customer_id])[customer_id]


def broken(text: str) -> dict[str, str]:
    """The pack with something else about its tags."""
    return {"pack.toml": MANIFEST.format(title="Bakery") + text, "plugin.py": PLUGIN}


def test_a_pack_brings_dimensions_tags_and_their_rules(started: Started) -> None:
    app = started(bakery=BAKERY)
    switch(app, "bakery", on=True)
    with app.app_context():
        here = added(region="Leeds")["id"]
        table = Dimension.__table__
        row = database.session.execute(select(table).where(table.c.owner == "bakery")).one()
        assert (row.key, row.label, row.exclusive) == (
            "bakery__crust",
            {"en": "Crust", "zh": "外皮"},
            True,
        )
        known = {tag.key: tag for tag in tag_choices()}
        assert known["bakery__crust/bakery__soft"].quiet
        assert known["behaviour/bakery__local"].automatic
        work(app)
        assert has(here, "local")
        done(change_settings, {"bakery__talks": -1})
        work(app)
        assert not has(here, "local")


def test_while_it_is_off_its_tags_rest_and_stay(started: Started) -> None:
    app = started(bakery=BAKERY)
    switch(app, "bakery", on=True)
    with app.app_context():
        here, there = added(region="Leeds")["id"], added(region="York")["id"]
        done(do.set_tags, here, [tag_id("crisp")])
        work(app)
    switch(app, "bakery", on=False)
    with app.app_context():
        own = done(do.create_tag, 4, "own", {"en": "Own", "zh": "自己的"})
        done(do.update_customer, here, {"region": "York"})
        done(do.update_customer, there, {"region": "Leeds"})
        work(app)
        assert has(here, "local") and has(here, "crisp") and not has(there, "local")
        assert "behaviour/bakery__local" not in {rule.key for rule in rules()}
        resting = {tag.key for tag in tag_choices() if tag.resting}
        assert resting == {
            "behaviour/bakery__local",
            "bakery__crust/bakery__crisp",
            "bakery__crust/bakery__soft",
        }
        assert done(do.set_tags, here, [own])
        assert has(here, "crisp") and has(here, "local")
        for refused in (
            lambda: done(do.set_tags, there, [tag_id("crisp")]),
            lambda: done(do.set_tags, there, [tag_id("local")]),
            lambda: done(do.change_many, [there], BulkChange(add_tags=frozenset({tag_id("soft")}))),
            lambda: done(
                do.change_many, [here], BulkChange(remove_tags=frozenset({tag_id("crisp")}))
            ),
        ):
            with pytest.raises(Refused, match="tag-at-rest"):
                refused()
    switch(app, "bakery", on=True)
    with app.app_context():
        work(app)
        assert not has(here, "local") and has(here, "crisp") and has(there, "local")


def test_pages_offer_them_no_more_and_show_them_muted(started: Started) -> None:
    app = started(bakery=BAKERY)
    switch(app, "bakery", on=True)
    with app.app_context():
        made = added(region="Leeds")
        done(do.set_tags, made["id"], [tag_id("crisp")])
        work(app)
        local = tag_id("local")
    manager = SignIn(app)("manager")
    form = f"/customers/{made['number']}/tags"
    assert "Crisp" in manager.get(form).text
    switch(app, "bakery", on=False)
    page = manager.get(f"/customers/{made['number']}").text
    assert 'class="taglet muted"' in page and "Crisp" in page and "Local baker" in page
    assert "The pack of this tag is off." in page
    assert "Crisp" not in manager.get(form).text
    listed = manager.get("/customers").text
    assert '<span class="taglet muted">Local baker</span>' in listed
    assert "Crisp" not in manager.get("/customers/conditions?field=tags&operator=has_any").text
    filtered = "/customers?w=tags~has_any~behaviour/bakery__local"
    assert made["number"] in manager.get(filtered).text
    settings = manager.get("/settings/tags").text
    assert "its pack is off" in settings
    rule = manager.get(f"/settings/tags/{local}/rule").text
    assert "The pack of this tag is off." in rule
    new = manager.get("/customers/conditions?place=0&w=tags~has_any~behaviour/bakery__local").text
    assert "Local baker" in new


def test_an_import_does_not_put_them_on(
    started: Started, tmp_path: Path, command: Callable[..., Done]
) -> None:
    app = started(bakery=BAKERY)
    switch(app, "bakery", on=True)
    switch(app, "bakery", on=False)
    file = tmp_path / "customers.csv"
    file.write_text('Name,Tags\nRiverton Mills Ltd,"Crisp, Own"\n', "utf-8")
    config = app.extensions["crmlite.config"]
    told = json.loads(command(config, "import", "customers", file, "--json").stdout)
    assert (told["created"], told["failed"]) == (1, 0)
    assert [one["message"] for one in told["errors"]] == ["The pack of the tag “Crisp” is off."]
    with app.app_context():
        (here,) = database.session.execute(select(Customer.__table__.c.id)).scalars()
        assert not has(here, "crisp")


def test_what_was_the_firms_own_stays_when_a_pack_is_purged(started: Started) -> None:
    app = started(bakery=BAKERY)
    switch(app, "bakery", on=True)
    with app.app_context():
        here = added(region="Leeds")["id"]
        table = Dimension.__table__
        crust = database.session.execute(select(table.c.id).where(table.c.owner == "bakery"))
        own = done(do.create_tag, crust.scalar_one(), "own", {"en": "Burnt", "zh": "焦"})
        done(do.set_tags, here, [own])
        work(app)
        assert has(here, "local")
    switch(app, "bakery", on=False)
    with app.app_context():
        held = dict(queries.held("bakery"))
        assert held["Tags"] == 3 and held["Tags on customers"] == 1
        purged = operations.purge_pack("bakery", by=command_line(), at=clock.now())
        assert purged["tags"] == 4
        tags, links = Tag.__table__, CustomerTag.__table__
        left = select(tags.c.id).where(tags.c.owner == "bakery")
        assert database.session.execute(left).all() == []
        found = select(links.c.tag_id).where(links.c.customer_id == here)
        assert own in set(database.session.execute(found).scalars())
        (kept,) = (tag for tag in tag_choices() if tag.id == own)
        assert kept.dimension == "free"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tags.x]\nlabel = 'X'", "there is no dimension"),
        ("[tags.x]\ndimension = 'basic'\nlabel = 'X'", "follow from fields"),
        ("[tags.x]\ndimension = 'free'", "a label is a text"),
        ("[tags.x]\ndimension = 'free'\nlabel = 'X'\nwhen = 5", "no condition"),
        ("[tags.x]\ndimension = 'free'\nlabel = 'X'\nlable = 'Y'", "did you mean 'label'"),
        ("[tags.X]\ndimension = 'free'\nlabel = 'X'", "keys are like"),
        ("[tags]\nx = 5", "must be a table"),
        ("tags = 5", "must be a table"),
        ("[tag_dimensions.x]\nlabel = 'X'\nexclusive = 1", "of kind bool"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(started: Started, text: str, said: str) -> None:
    order = f"{text}\n" if text == "tags = 5" else ""
    body = "" if order else f"\n{text}\n"
    files = {"pack.toml": order + MANIFEST.format(title="Bakery") + body}
    app = started(bakery=files)
    with app.app_context():
        state = queries.pack("bakery")
        assert state is not None
        assert said in state.reason


def test_a_rule_that_cannot_be_asked_keeps_the_pack_off(started: Started) -> None:
    text = TAGS.replace("bakery__talks", "bakery__walks")
    app = started(bakery=broken(text))
    with app.app_context(), pytest.raises(Refused, match="pack-unfit") as refused:
        operations.enable_pack("bakery", by=command_line(), at=clock.now())
    assert "[tags.local]" in refused.value.params["fault"]
    assert "bakery__walks" in refused.value.params["fault"]
