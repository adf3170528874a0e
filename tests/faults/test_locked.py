"""While somebody else holds the book, people wait for a while, are told, and lose nothing."""

import time

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.accounts.models import Team
from crmlite.accounts.operations import TeamChange, update_team
from crmlite.extensions import database
from crmlite.testing import csrf_token
from crmlite.work import Actor, Busy
from tests.customers.records import CLAIRE, MOBILE, add
from tests.faults.processes import nursery

BUSY_SECONDS = 2.0  # as `config_for` sets it
team = Team.__table__


@pytest.fixture
def held(app, tmp_path):
    """Another process that keeps everybody from writing."""
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        child = forked("hold", seconds=120)
        child.await_lines(1)
        yield child
        child.kill()
        forked.wait(child)


def rename(name: str) -> None:
    row = database.session.execute(select(team).where(team.c.key == "sales")).mappings().one()
    value = TeamChange(label={"en": name, "zh": name}, lead_id=row["lead_id"])
    update_team(row["id"], value, by=Actor("person", "Grace Shen", 1), at=clock.now())


def label() -> dict[str, str]:
    database.session.rollback()
    return database.session.execute(select(team.c.label).where(team.c.key == "sales")).scalar_one()


def test_a_change_is_refused_after_the_busy_time_and_readers_read_on(inside, held):
    before = label()
    for _ in range(3):
        started = time.monotonic()
        with pytest.raises(Busy):
            rename("Waiting")
        waited = time.monotonic() - started
        assert waited <= BUSY_SECONDS + 1
        assert label() == before


def test_as_soon_as_it_is_free_changes_go_through(inside, tmp_path):
    with nursery(inside.extensions["crmlite.config"], tmp_path) as forked:
        child = forked("hold", seconds=0.7)
        child.await_lines(1)
        rename("Patience")
        assert forked.wait(child) == 0
    assert label()["en"] == "Patience"


def test_a_person_gets_a_page_that_says_when_to_try_again(app, sign_in, tmp_path):
    client = sign_in("manager")
    token = csrf_token(client, "/settings/backups")
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        child = forked("hold", seconds=120)
        child.await_lines(1)
        answer = client.post("/settings/backups", data={"csrf_token": token})
        child.kill()
        forked.wait(child)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Traceback" not in answer.text


def test_nobody_sees_whole_what_cannot_be_written_down_as_seen(app, sign_in, tmp_path):
    number = add(app, "sales")
    client, manager = sign_in("sales"), sign_in("manager")
    with nursery(app.extensions["crmlite.config"], tmp_path) as forked:
        child = forked("hold", seconds=120)
        child.await_lines(1)
        refused = client.get(f"/customers/{number}")
        child.kill()
        forked.wait(child)
    assert refused.status_code == 503
    assert MOBILE not in refused.text
    assert CLAIRE["name"] not in manager.get("/settings/viewings").text
    assert MOBILE in client.get(f"/customers/{number}").text
    assert CLAIRE["name"] in manager.get("/settings/viewings").text
