"""Packs are switched on and off while crmlite runs, in every process, and nothing is lost by it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock, hooks
from crmlite.accounts.models import Grant
from crmlite.accounts.queries import role_by_key
from crmlite.extensions import database
from crmlite.packs import operations, queries
from crmlite.packs.models import Pack
from crmlite.testing import SignIn, csrf_token
from crmlite.work import Refused
from crmlite.work.actors import command_line
from tests.customers.records import send
from tests.packs.installing import MANIFEST, install

PAGES = """
from flask import Blueprint
from crmlite import hookimpl
from crmlite.access import Permission, requires
from crmlite.navigation import NavigationEntry
from crmlite.settings.catalogue import Setting

bp = Blueprint("{name}", __name__)


@bp.get("/hello")
@requires("{name}:see")
def hello():
    return "Hello from {name}"


@hookimpl
def register_permissions():
    return [Permission(name="{name}:see", label="See it", group="Trade", defaults={{"sales": "all"}})]


@hookimpl
def register_blueprints():
    return [bp]


@hookimpl
def register_navigation():
    return [NavigationEntry(key="{name}", label={{"en": "{name} here", "zh": "{name} 在此"}},
        icon="tag", endpoint="{name}.hello", permission="{name}:see")]


@hookimpl
def register_settings():
    return [Setting(name="{name}__loaves", label="Loaves", kind="integer", default=3)]
"""

TWIN = """
from crmlite import hookimpl
from crmlite.settings.catalogue import Choice, ChoiceList


@hookimpl
def register_choice_lists():
    return [ChoiceList(name="bakery-cafe-list", label="Twin", shipped=[Choice("a", {"en": "A"})])]
"""


def pages(name: str) -> dict[str, str]:
    """A pack with a page, a right, an entry in the menu and a setting."""
    return {"plugin.py": PAGES.format(name=name)}


def switch(app: Flask, name: str, on: bool) -> int:
    """Switch a pack, as its page does."""
    change = operations.enable_pack if on else operations.disable_pack
    with app.app_context():
        done: int = change(name, by=command_line(), at=clock.now())
        database.session.remove()
    return done


def state(app: Flask, name: str) -> queries.PackState:
    """How a pack stands."""
    with app.app_context():
        found = queries.pack(name)
        assert found is not None
        return found


def test_a_pack_that_is_on_is_there_and_one_that_is_off_is_not(started: Callable[..., Flask]):
    app = started(bakery=pages("bakery"))
    sales = SignIn(app)("sales")
    assert state(app, "bakery").state == "new"
    assert sales.get("/x/bakery/hello").status_code == 404
    assert "bakery here" not in sales.get("/customers").text
    assert switch(app, "bakery", on=True)
    assert sales.get("/x/bakery/hello").text == "Hello from bakery"
    assert "bakery here" in sales.get("/customers").text
    assert state(app, "bakery").state == "on"
    assert not switch(app, "bakery", on=True)
    assert switch(app, "bakery", on=False)
    assert sales.get("/x/bakery/hello").status_code == 404
    assert "bakery here" not in sales.get("/customers").text
    assert state(app, "bakery").state == "off"
    assert switch(app, "bakery", on=True)
    assert sales.get("/x/bakery/hello").status_code == 200


def test_other_processes_notice_at_once(started: Callable[..., Flask]):
    one = started(bakery=pages("bakery"))
    other = started()
    there = SignIn(other)("sales")
    assert there.get("/x/bakery/hello").status_code == 404
    switch(one, "bakery", on=True)
    assert there.get("/x/bakery/hello").status_code == 200
    switch(one, "bakery", on=False)
    assert there.get("/x/bakery/hello").status_code == 404


def test_without_packs_crmlite_runs_and_the_book_remembers_them(started: Callable[..., Flask]):
    switch(started(bakery=pages("bakery")), "bakery", on=True)
    app = started(packs=False)
    assert SignIn(app)("sales").get("/x/bakery/hello").status_code == 404
    assert state(app, "bakery").state == "gone"
    assert switch(app, "bakery", on=False)
    assert state(started(), "bakery").state == "off"


def test_a_role_can_be_made_after_one_with_rights_of_a_pack_that_is_off(
    started: Callable[..., Flask],
):
    app = started(bakery=pages("bakery"))
    switch(app, "bakery", on=True)
    switch(app, "bakery", on=False)
    made = send(
        SignIn(app)("manager"), "/settings/roles/new", {"label_en": "Deputy", "like": "sales"}
    )
    assert made.status_code == 303
    with app.app_context():
        deputy = role_by_key("deputy")
        assert deputy is not None and "customers:see" in deputy.grants
        assert "bakery:see" not in deputy.grants


@pytest.mark.parametrize("packs", [True, False])
def test_the_rights_of_a_pack_go_with_it(started: Callable[..., Flask], packs: bool):
    app = started(bakery=pages("bakery"))
    switch(app, "bakery", on=True)
    with app.app_context():
        assert ("Rights of roles", 2) in queries.held("bakery")
    switch(app, "bakery", on=False)
    app = started(packs=packs)
    with app.app_context():
        operations.purge_pack("bakery", by=command_line(), at=clock.now())
        left = select(Grant.__table__.c.id).where(Grant.__table__.c.permission == "bakery:see")
        assert database.session.execute(left).all() == []
        database.session.remove()
    app = started()
    switch(app, "bakery", on=True)
    assert SignIn(app)("sales").get("/x/bakery/hello").status_code == 200


def test_a_pack_that_went_while_it_was_on_is_switched_off_and_removed_on_its_page(
    started: Callable[..., Flask],
):
    switch(started(bakery=pages("bakery")), "bakery", on=True)
    manager = SignIn(started(packs=False))("manager")
    assert manager.get("/packs/bakery/removal").status_code == 404
    page = manager.get("/packs/bakery").text
    assert "Switch off" in page and "Remove it for good" not in page
    given = {"to": "off", "csrf_token": csrf_token(manager, "/packs/bakery")}
    assert manager.post("/packs/bakery/state", data=given).status_code == 303
    page = manager.get("/packs/bakery").text
    assert "Switch off" not in page and "Remove it for good" in page
    assert send(manager, "/packs/bakery/removal", {"name": "bakery"}).status_code == 303
    assert manager.get("/packs/bakery").status_code == 404


def test_two_packs_with_one_name_are_not_on_together(started: Callable[..., Flask]):
    app = started(bakery={"plugin.py": TWIN}, cafe={"plugin.py": TWIN})
    switch(app, "bakery", on=True)
    with app.app_context(), pytest.raises(Refused) as refused:
        operations.enable_pack("cafe", by=command_line(), at=clock.now())
    assert refused.value.code == "pack-clash"
    assert refused.value.params == {
        "other": {"en": "Bakery", "zh": "Bakery"},
        "name": "bakery-cafe-list",
    }
    assert state(app, "cafe").state == "new"


def test_what_a_refused_pack_would_have_changed_is_not_there(started: Callable[..., Flask]):
    app = started(bakery=pages("bakery"))
    with app.app_context(), pytest.raises(Refused, match="pack-unknown"):
        operations.enable_pack("cafe", by=command_line(), at=clock.now())
    with app.app_context():
        assert database.session.execute(select(Pack.__table__.c.id)).all() == []
        assert hooks.enabled() == ()


def test_a_manager_switches_packs_on_their_page(started: Callable[..., Flask]):
    app = started(bakery=pages("bakery"))
    manager = SignIn(app)("manager")
    assert "Not switched on" in manager.get("/packs").text
    page = manager.get("/packs/bakery").text
    assert "If you switch it on" in page and "Loaves" in page
    token = csrf_token(manager, "/packs/bakery")
    answer = manager.post("/packs/bakery/state", data={"to": "on", "csrf_token": token})
    assert answer.status_code == 303
    assert "Switched on: Bakery." in manager.get(answer.location).text
    assert "Hello" in SignIn(app)("sales").get("/x/bakery/hello").text
    assert "Loaves" in manager.get("/packs/bakery/settings").text
    assert SignIn(app)("sales").get("/packs").status_code == 403


def test_a_pack_is_put_past_its_neighbour_among_those_that_are_on(started: Callable[..., Flask]):
    names = ("bakery", "cafe", "dairy")
    app = started(**{name: pages(name) for name in names})
    for name in names:
        switch(app, name, on=True)
    switch(app, "cafe", on=False)
    manager = SignIn(app)("manager")

    def order() -> tuple[str, ...]:
        with app.app_context():
            return hooks.enabled()

    def moved(name: str, way: str) -> int:
        given = {"to": way, "csrf_token": csrf_token(manager, "/packs/bakery")}
        return manager.post(f"/packs/{name}/position", data=given).status_code

    for way, then in (("up", "dairy bakery"), ("up", "dairy bakery"), ("down", "bakery dairy")):
        assert (moved("dairy", way), order()) == (303, tuple(then.split()))
    assert (moved("cafe", "up"), moved("diner", "up")) == (303, 404)
    switch(app, "cafe", on=True)
    assert order() == ("bakery", "dairy", "cafe")


def test_what_never_changes_is_said_of_a_version_that_would(
    started: Callable[..., Flask], packages: Path
):
    field = MANIFEST.format(title="Bakery")
    field += '[fields.customer.loaves]\nlabel = ["Loaves", "面包数"]\n'
    switch(started(bakery={"pack.toml": field}), "bakery", on=True)
    install(packages, "bakery", {"pack.toml": f'{field}kind = "integer"\n'}, version="1.1")
    app = started()
    said = {
        "en": "Loaves: The kind of a field never changes, nor whether it is sensitive.",
        "zh": "面包数：字段的类型和是否敏感不能更改。",
    }
    for lang, words in said.items():
        page = SignIn(app)("manager", lang=lang).get("/packs/bakery").text
        assert f"<span>{words}</span>" in page


@pytest.mark.parametrize("text", ["B\\u0000akery", "B\\u202Eakery"])
def test_a_file_with_what_no_book_can_hold_is_not_taken_in(
    started: Callable[..., Flask], text: str
):
    file = f'[pack]\ntitle = "{text}"\ndescription = "For trying out"\n'
    found = state(started(bakery={"pack.toml": file}), "bakery")
    assert found.state == "unfit" and "cannot be written down" in found.reason
