"""The demo: it leaves as it came, and takes nothing of anybody else's with it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import delete, func, select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.accounts.calendars import used_by
from crmlite.accounts.models import Membership, Team, User
from crmlite.accounts.operations import NewUser, UserChange, create_user, update_user
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.calendars.queries import calendars, own_days
from crmlite.customers.choices import shipped_lists
from crmlite.customers.models import Contact, Customer, Facts, Tag
from crmlite.customers.operations import set_tags, update_tag
from crmlite.customers.tags import rules
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.history.queries.changes import changes
from crmlite.jobs.models import Job
from crmlite.sales.models import Product
from crmlite.sales.operations import add_product
from crmlite.search.index import indexed_ids
from crmlite.setup.demo import clearing, loading
from crmlite.setup.demo.content import content
from crmlite.setup.demo.loading import DEMO
from crmlite.setup.initialise import initialise
from crmlite.testing import PASSWORD, SignIn, config_for
from crmlite.work import Busy, Refused, undo
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.operating import added, done
from tests.sales.conftest import sent


@pytest.fixture
def demo(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[loading.Loaded]:
    """The demo in a book of its own, inside of its application."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    monkeypatch.setattr(clearing, "BATCH", 20)
    app = create_app(config_for(tmp_path / "instance", url))
    with app.app_context():
        initialise()
        yield loading.load("-", at=clock.now())
        database.session.remove()
        database.engine.dispose()


def customers() -> set[int]:
    return set(database.session.execute(select(Customer.__table__.c.id)).scalars())


def clearings() -> list[tuple[int, int | None, int]]:
    """For each operation that cleared: its id, whose part it is, how many customers it took."""
    operations, changes = OperationRow.__table__, ChangeRow.__table__
    taken = (
        select(func.count())
        .where(changes.c.operation_id == operations.c.id, changes.c.record_type == "customer")
        .scalar_subquery()
    )
    wanted = select(operations.c.id, operations.c.part_of_id, taken)
    found = database.session.execute(
        wanted.where(operations.c.name == "demo_cleared").order_by(operations.c.id)
    )
    return [tuple(row) for row in found]


def test_it_goes_in_batches_and_leaves_what_is_not_its_own(demo: loading.Loaded) -> None:
    own = added()["id"]
    office, crew = calendars()
    assert (len(own_days(office.id)), used_by(crew.id)) == (
        3,
        [{"en": "After-sales", "zh": "售后部"}],
    )
    gone = clearing.clear(at=clock.now())
    assert gone == {"customers": demo.customers, "people": demo.people}
    assert customers() == indexed_ids("customer") == {own}
    (first, alone, _), *others = clearings()
    assert alone is None
    assert {part_of for _, part_of, _ in others} == {first}
    taken = [number for _, _, number in clearings()]
    assert max(taken) == clearing.BATCH
    assert sum(taken) == demo.customers
    states = select(User.__table__.c.state, func.count()).group_by(User.__table__.c.state)
    assert dict(database.session.execute(states).all()) == {"disabled": demo.people}
    assert [one.id for one in calendars()] == [office.id]
    assert (own_days(office.id), used_by(crew.id)) == ([], [])


def test_its_tags_and_its_people_are_no_part_of_the_firm_any_more(demo: loading.Loaded) -> None:
    tags, teams = Tag.__table__, Team.__table__
    its_own = tags.c.key.startswith("demo-")
    used, *others = database.session.execute(select(tags.c.id).where(its_own)).scalars()
    assert others
    done(set_tags, added()["id"], [used])
    clearing.clear(at=clock.now())
    left = select(tags.c.id, tags.c.retired).where(its_own)
    assert [tuple(row) for row in database.session.execute(left)] == [(used, True)]
    leads = select(teams.c.id).where(teams.c.lead_id.is_not(None))
    members = select(Membership.__table__.c.id)
    for wanted in (leads, members):
        assert database.session.execute(wanted).all() == []


def test_nobody_real_leaves_a_team_that_the_firm_has_peopled(demo: loading.Loaded) -> None:
    teams, members = Team.__table__, Membership.__table__
    alone, shared = database.session.execute(select(teams.c.id).limit(2)).scalars()
    boss, clerk = (
        done(create_user, NewUser(login=one, name=one, role="manager", password_hash="-"))
        for one in ("boss", "clerk")
    )
    change = UserChange(login="boss", name="boss", role="manager", team_ids=[alone, shared])
    update_user(boss, change, by=DEMO, at=clock.now())
    change = replace(change, login="clerk", name="clerk", team_ids=[shared])
    done(update_user, clerk, change)
    clearing.clear(at=clock.now())
    left = database.session.execute(select(members.c.team_id, members.c.user_id))
    assert {tuple(row) for row in left} == {(shared, boss), (shared, clerk)}


def test_a_tag_that_the_firm_has_made_its_own_stays(demo: loading.Loaded) -> None:
    tags, jobs = Tag.__table__, Job.__table__
    renamed, *_others = database.session.execute(
        select(tags.c.id).where(tags.c.key.startswith("demo-"))
    ).scalars()
    assert done(update_tag, renamed, {"label": {"en": "Ours", "zh": "我们的"}})
    database.session.execute(delete(jobs))
    database.session.commit()
    clearing.clear(at=clock.now())
    left = select(tags.c.id, tags.c.retired).where(tags.c.key.startswith("demo-"))
    assert [tuple(row) for row in database.session.execute(left)] == [(renamed, False)]
    due = select(jobs.c.id).where(jobs.c.kind == rules.ALL)
    assert len(database.session.execute(due).all()) == 1


def test_cut_short_it_goes_on_when_it_is_asked_again(
    demo: loading.Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(1000))
    remove = clearing.remove

    def remove_unless(*given) -> None:
        if next(calls) == 1:
            raise Busy
        remove(*given)

    monkeypatch.setattr(clearing, "remove", remove_unless)
    with pytest.raises(Busy):
        clearing.clear(at=clock.now())
    assert len(customers()) == demo.customers - clearing.BATCH
    gone = clearing.clear(at=clock.now())
    assert gone["customers"] == demo.customers - clearing.BATCH
    assert customers() == set()
    assert clearing.clear(at=clock.now()) == {"customers": 0, "people": 0}


def test_what_took_the_places_of_the_demo_is_not_taken_with_it(demo: loading.Loaded) -> None:
    assert clearing.holds_only_the_demo()
    clearing.clear(at=clock.now())
    assert not clearing.holds_only_the_demo()
    own = {added(name=f"Riverton {place} Ltd")["id"] for place in range(3)}
    product = done(add_product, {"name": "Pump", "code": "P-1", "unit": "piece", "price": 100})[
        "id"
    ]
    assert not clearing.holds_only_the_demo()
    assert clearing.clear(at=clock.now()) == {"customers": 0, "people": 0}
    assert customers() == own
    listed = select(Product.__table__.c.id)
    assert database.session.execute(listed).scalars().all() == [product]


def test_a_new_customer_has_no_past_of_the_demo(demo: loading.Loaded) -> None:
    clearing.clear(at=clock.now())
    own = added()["id"]
    with current_app.test_request_context():
        found = changes(everything(), ("customer", own))
    assert {change.operation for change in found.rows} == {"Customer added"}


def test_nobody_undoes_it(demo: loading.Loaded) -> None:
    clearing.clear(at=clock.now())
    operations = OperationRow.__table__
    wanted = select(operations.c.id).where(operations.c.name.in_(("demo_loaded", "demo_cleared")))
    ids = database.session.execute(wanted).scalars().all()
    boss = NewUser(login="boss", name="Boss", role="manager", password_hash=hashed(PASSWORD))
    done(create_user, boss)
    database.session.remove()
    manager = SignIn(current_app._get_current_object())("boss")
    for operation_id in ids:
        undoing = f"/operations/{operation_id}/undo"
        assert undoing not in manager.get(f"/settings/ledger/{operation_id}").text
        assert sent(manager, undoing).status_code == 303
        assert "This cannot be undone. Nothing was changed." in manager.get("/trash").text
        with pytest.raises(Refused, match="cannot-be-undone"):
            undo(operation_id, by=DEMO, at=clock.now())
    assert customers() == set()
    active = select(User.__table__.c.login).where(User.__table__.c.state == "active")
    assert database.session.execute(active).scalars().all() == ["boss"]


def test_rules_of_tags_are_to_be_followed_for_all_of_it(demo: loading.Loaded) -> None:
    due = select(func.count()).where(Facts.__table__.c.rules_due)
    assert database.session.execute(due).scalar_one() == demo.customers


def test_it_names_nobody_twice_and_tells_of_each_step_once(demo: loading.Loaded) -> None:
    talks, people, steps = Interaction.__table__, Contact.__table__, Task.__table__
    both = select(people.c.name, talks.c.participants).join(
        people, people.c.id == talks.c.contact_id
    )
    named = database.session.execute(both.where(talks.c.participants.is_not(None))).all()
    assert named == []
    under = database.session.execute(
        select(steps.c.interaction_id, func.count())
        .where(steps.c.kind == "next-step")
        .group_by(steps.c.interaction_id)
    ).all()
    assert {count for interaction_id, count in under if interaction_id is not None} == {1}
    assert [count for interaction_id, count in under if interaction_id is None] != []


def test_its_status_lines_are_those_of_the_list_where_the_list_has_them() -> None:
    [status] = [one for one in shipped_lists() if one.name == "status"]
    words = {text for choice in status.shipped for text in choice.label.values()}
    lines = [raw["status"] for raw in content().customers if "status" in raw]
    assert [line for line in lines if line in words] == []
    assert len([line for line in lines if line in {one.key for one in status.shipped}]) >= 5


def test_the_demos_support_people_have_something_to_do():
    people = {person["login"] for person in content().people if person["role"] == "support"}
    given = {raw["service"]["by"] for raw in content().customers if "service" in raw}
    assert given == people
