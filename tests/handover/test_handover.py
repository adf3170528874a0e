"""Everything that somebody has passes to others in one step, and comes back with one."""

import re
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts.operations import disable_user
from crmlite.cases.operations import CaseDraft, assign, join, open_case
from crmlite.customers.models import Customer
from crmlite.customers.operations import archive_customer, update_customer
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations import add_task, finish_tasks
from crmlite.followups.operations.planning import TaskDraft
from crmlite.handover import operations
from crmlite.handover.finding import counts_of, preview, shares
from crmlite.handover.operations import hand_over
from crmlite.handover.queries import handover, latest, left_behind
from crmlite.jobs.queue import claim
from crmlite.jobs.running import do
from crmlite.settings.queries import local_day
from crmlite.strategies.planner.writing import make_plans
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor, Busy, Refused, undo
from crmlite.work.actors import command_line, job
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.customers.records import add, form_on

CUSTOMERS, TASKS = Customer.__table__, Task.__table__


def manager() -> Actor:
    return Actor("person", "manager", person_id("manager"))


def id_of(number: str) -> int:
    wanted = select(CUSTOMERS.c.id).where(CUSTOMERS.c.number == number)
    return int(database.session.execute(wanted).scalar_one())


def fill(app: Flask) -> dict[str, Any]:
    """A book in which the salesperson has something of everything."""
    numbers = [add(app, "sales", lifecycle="active", tier="core") for _ in range(3)]
    numbers.append(add(app, "sales", lifecycle="dormant", tier="normal"))
    other = add(app, "manager", tier="core")
    with app.app_context():
        sales, ids = person_id("sales"), [id_of(one) for one in numbers]
        by = Actor("person", "sales", sales)
        archive_customer(ids[3], by=command_line(), at=clock.now())
        day = local_day(clock.now()) + timedelta(days=2)
        add_task(ids[0], TaskDraft(what="Quote", kind="promise", due_on=day), by=by, at=clock.now())
        add_task(id_of(other), TaskDraft(what="Help out", due_on=day), by=by, at=clock.now())
        make_plans(ids, by=job("plan-soon"), at=clock.now())
        cases = []
        for customer_id in (ids[1], id_of(other)):
            draft = CaseDraft(
                customer=customer_id,
                values={
                    "kind": "complaint",
                    "subject": "Noise",
                    "channel": "phone",
                    "opened_at": clock.now(),
                },
                said="Loud.",
            )
            cases.append(open_case(draft, by=manager(), at=clock.now())["id"])
        assign(cases[0], sales, by=manager(), at=clock.now())
        join(cases[1], sales, "other", by=manager(), at=clock.now())
        counts = counts_of([sales])[sales]
    return {"ids": ids, "counts": counts}


def test_nothing_is_left_and_one_undo_brings_all_back(app: Flask) -> None:
    book = fill(app)
    assert book["counts"]["customers"] == 4 and book["counts"]["promises"] == 1
    assert book["counts"]["touches"] >= 3 and book["counts"]["cases"] == 1
    assert book["counts"]["seats"] == 1
    with app.app_context():
        sales, to = person_id("sales"), [person_id("manager"), person_id("support")]
        before = total(TASKS.c.status == "open")
        made = hand_over(sales, to, "evenly", by=manager(), at=clock.now())
        assert counts_of([sales]) == {} and total(TASKS.c.status == "open") == before
        owners = Counter(
            database.session.execute(
                select(CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id.in_(book["ids"]))
            ).scalars()
        )
        assert owners == {to[0]: 2, to[1]: 2}
        row = handover(made)
        assert row and row["finished_at"] and row["counts"] == book["counts"]
        apart = select(func.count()).select_from(TASKS.join(CUSTOMERS)).where(
            TASKS.c.status == "open", TASKS.c.kind == "touch",
            TASKS.c.customer_id.in_(book["ids"]), TASKS.c.assignee_id != CUSTOMERS.c.owner_id,
        )  # fmt: skip
        assert database.session.execute(apart).scalar_one() == 0
        # one line in the ledger for each record that moved, all of them parts of one operation
        operations_, changes = OperationRow.__table__, ChangeRow.__table__
        moved = select(func.count()).select_from(changes.join(operations_)).where(
            changes.c.record_type == "customer", operations_.c.part_of_id == row["operation_id"]
        )  # fmt: skip
        assert database.session.execute(moved).scalar_one() == 4
        undo(row["operation_id"], by=manager(), at=clock.now())
        assert counts_of([sales])[sales] == book["counts"] and handover(made) is None


def total(*conditions: Any) -> int:
    wanted = select(func.count()).select_from(TASKS).where(*conditions)
    return int(database.session.execute(wanted).scalar_one())


def test_a_tier_goes_to_one_person(app: Flask) -> None:
    fill(app)
    with app.app_context():
        sales, to = person_id("sales"), [person_id("manager"), person_id("support")]
        assert preview(shares(sales, to, "tier")) == {to[0]: 3, to[1]: 1}
        hand_over(sales, to, "tier", by=manager(), at=clock.now())
        core = select(CUSTOMERS.c.owner_id).where(CUSTOMERS.c.tier == "core").distinct()
        assert list(database.session.execute(core).scalars()) == [to[0]]


def test_much_is_moved_in_the_background(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(app)
    monkeypatch.setattr(operations, "AT_ONCE", 2)
    with app.app_context():
        sales, to = person_id("sales"), [person_id("manager")]
        made = hand_over(sales, to, "evenly", by=manager(), at=clock.now())
        row = handover(made)
        assert row and row["finished_at"] is None and sales in counts_of([sales])
        while (claimed := claim("test:1:x", clock.now())) is not None:
            assert do(claimed), claimed.kind.name
        row = handover(made)
        assert row and row["finished_at"] and counts_of([sales]) == {}
        undo(row["operation_id"], by=manager(), at=clock.now())
        assert sales in counts_of([sales])


@pytest.mark.parametrize("hindrance", [Busy, SystemExit])
def test_what_is_cut_short_goes_on_in_the_background(
    app: Flask, monkeypatch: pytest.MonkeyPatch, hindrance: type[BaseException]
) -> None:
    fill(app)

    def broken(*_given: Any, **_more: Any) -> None:
        raise hindrance

    with app.app_context():
        sales, to, made = person_id("sales"), [person_id("manager")], 0
        with monkeypatch.context() as patched:
            patched.setattr(operations, "_tasks", broken)
            with suppress(SystemExit):
                made = hand_over(sales, to, "evenly", by=manager(), at=clock.now())
        assert bool(made) == (hindrance is Busy)
        [row] = latest()
        assert row["finished_at"] is None and sales in counts_of([sales])
        work_off()
        row = handover(row["id"])
        assert row and row["finished_at"] and counts_of([sales]) == {}


def test_what_others_did_meanwhile_stays_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = fill(app)["ids"][0]
    reckoned, listed = operations.shares, operations.ids_of

    def given_away(*given: Any) -> dict[int, int]:
        found = reckoned(*given)
        owner = {"owner_id": person_id("manager")}
        update_customer(kept, owner, by=manager(), at=clock.now())
        return found

    def finished(kind: str, user_id: int) -> list[int]:
        found = listed(kind, user_id)
        if kind == "tasks":
            finish_tasks(found, by=manager(), at=clock.now())
        return found

    monkeypatch.setattr(operations, "shares", given_away)
    monkeypatch.setattr(operations, "ids_of", finished)
    with app.app_context():
        sales, to = person_id("sales"), [person_id("support")]
        hand_over(sales, to, "evenly", by=manager(), at=clock.now())
        owner = select(CUSTOMERS.c.owner_id).where(CUSTOMERS.c.id == kept)
        assert database.session.execute(owner).scalar_one() == person_id("manager")
        done = select(TASKS.c.assignee_id).where(TASKS.c.status == "done")
        assert set(database.session.execute(done).scalars()) == {sales}
        assert counts_of([sales]) == {}


def test_who_left_meanwhile_takes_nothing_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(app)
    monkeypatch.setattr(operations, "AT_ONCE", 2)
    with app.app_context():
        sales, to = person_id("sales"), [person_id("manager"), person_id("support")]
        made = hand_over(sales, to, "evenly", by=manager(), at=clock.now())
        before = counts_of([to[1]])
        disable_user(to[1], by=manager(), at=clock.now())
        work_off()
        row = handover(made)
        assert row and row["finished_at"] and counts_of([sales]) == {}
        assert counts_of([to[1]]) == before


def work_off() -> None:
    """Have the jobs done that wait, also those that wait for a while."""
    later = clock.now() + timedelta(hours=1)
    while (claimed := claim("test:1:x", later)) is not None:
        assert do(claimed), claimed.kind.name


def test_what_cannot_be_is_refused(app: Flask) -> None:
    fill(app)
    with app.app_context():
        sales, support = person_id("sales"), person_id("support")
        for user_id, to, code in (
            (sales, [], "handover-to-nobody"),
            (sales, [sales], "handover-to-nobody"),
            (sales, [999], "handover-to-nobody"),
            (support, [sales], "handover-nothing"),
        ):
            with pytest.raises(Refused) as refused:
                hand_over(user_id, to, "evenly", by=manager(), at=clock.now())
            assert refused.value.code == code


def test_a_manager_looks_first_and_then_does_it(app: Flask, sign_in: SignIn) -> None:
    fill(app)
    with app.app_context():
        sales, support = person_id("sales"), person_id("support")
    client, here = sign_in("manager"), f"/settings/people/{sales}/handover"
    assert f"{here}" in client.get(f"/settings/people/{sales}").text
    page = client.get(here).text
    assert "Promises" in page and "Who gets how many" not in page
    page = client.get(f"{here}?to={support}&way=tier").text
    assert "Who gets how many" in page
    form = form_on(client, f"{here}?to={support}&way=tier", here)
    assert client.post(here, data={**form, "to": ""}).status_code == 303  # to nobody: refused
    with app.app_context():
        assert sales in counts_of([sales])
    assert client.post(here, data={**form, "to": support}).status_code == 303
    page = client.get("/settings/handovers").text
    assert "handed over" in page or "Made so far" in page
    told = "was handed over to you."
    assert told in sign_in("support").get("/notifications").text
    client = sign_in("manager")
    undo_url = re.search(r'action="(/operations/\d+/undo)"', client.get("/settings/handovers").text)
    assert undo_url
    again = sign_in("manager")
    token = csrf_token(again, "/settings/handovers")
    assert again.post(undo_url[1], data={"csrf_token": token}).status_code == 303
    with app.app_context():
        assert sum(counts_of([sales])[sales].values()) > 0
        assert (
            support not in counts_of([support]) or "customers" not in counts_of([support])[support]
        )
    assert client.post(here, data={**form_on(client, f"{here}?to={support}", here), "to": support})
    assert "Nothing to hand over" in client.get(here).text
    assert sign_in("sales").get(here).status_code == 403


def test_work_of_who_left_is_a_problem_until_it_is_handed_over(app: Flask, sign_in: SignIn) -> None:
    fill(app)
    client = sign_in("manager")
    assert "Left behind" not in client.get("/today").text
    with app.app_context():
        sales = person_id("sales")
        disable_user(sales, by=manager(), at=clock.now())
        assert set(left_behind()) == {sales}
    assert "Left behind" in client.get("/today").text
    assert "left with work undone" in client.get("/settings/handovers").text
    assert f"/settings/people/{sales}/handover" in client.get("/settings/people").text
    with app.app_context():
        hand_over(sales, [person_id("support")], "evenly", by=manager(), at=clock.now())
    assert "Left behind" not in client.get("/today").text
