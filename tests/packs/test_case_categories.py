"""What packs bring for cases: categories, deadlines that only tighten, texts to answer with."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.cases.declaring import CaseCategory, CategoryTarget
from crmlite.cases.facts import clocks_now
from crmlite.cases.models import CaseMember, CaseTarget
from crmlite.cases.operations import policies
from crmlite.cases.operations.editing import update_case
from crmlite.cases.sections import target_of
from crmlite.extensions import database
from crmlite.jobs.models import Job
from crmlite.notifications.models import Notification
from crmlite.packs import operations, queries
from crmlite.rules.fields import BadDeclaration
from crmlite.settings.models import ChoiceRow
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work.actors import command_line
from tests.cases.conftest import Desk, Held
from tests.customers.records import HTMX
from tests.packs.installing import install
from tests.packs.test_choices import by_hand, offered, pack, upgrade
from tests.packs.test_switching import state, switch

CASES = """
[categories.foreign_body]
label = ["Foreign body", "异物"]
targets = ["response 15 minutes", "plan 4 elapsed hours", "resolution 3 days if general"]
level = "critical"
manager = "leads"

[categories.stale]
label = ["Stale", "不新鲜"]
targets = ["resolution 2 working hours"]
manager = "told"

[replies.sorry]
title = ["Sorry", "致歉"]
body = ["Dear {contact}, we are sorry.", "{contact}您好，非常抱歉。"]
"""
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # ten in the morning in Shanghai


@contextmanager
def at_the_desk(app: Flask) -> Iterator[Desk]:
    """The desk of an application on which cases come in."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield Desk()
        database.session.remove()


def due(case_id: int) -> dict[str, datetime]:
    """When each clock of a case is due."""
    [(_case, _calendar, clocks)] = clocks_now([case_id], clock.now())
    return {str(one.name): one.reading.due for one in clocks}


def read_anew() -> None:
    """Have the job read the clocks of open cases."""
    policies.read_clocks({}, by=command_line(), at=clock.now(), lease=Held())


def test_the_shortest_target_stands_and_the_case_says_whose_it_is(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        plain = due(desk.open(at=MONDAY, level="critical"))
        case_id = desk.open(at=MONDAY, category="bakery__foreign_body", level="critical")
        strict, number = due(case_id), desk.case(case_id)["number"]
    assert (plain["response"] - MONDAY).seconds == 30 * 60
    assert (strict["response"] - MONDAY).seconds == 15 * 60
    assert (strict["plan"] - MONDAY).seconds == 4 * 3600
    assert strict["revisit"] == plain["revisit"] if "revisit" in plain else "revisit" not in strict
    page = SignIn(app)("manager").get(f"/cases/{number}").text
    assert "Foreign body (Bakery)" in page


def test_a_target_of_a_category_is_for_one_level_alone_where_it_says_so(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        general = due(desk.open(at=MONDAY, category="bakery__foreign_body", level="general"))
        of_crmlite = due(desk.open(at=MONDAY, category="quality", level="general"))
    assert general["resolution"] == of_crmlite["resolution"]  # one day is less than three


def test_open_cases_keep_what_was_promised_when_the_pack_goes_off_or_away(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        case_id = desk.open(at=MONDAY, category="bakery__foreign_body")
        before, number = due(case_id), desk.case(case_id)["number"]
    switch(app, "bakery", on=False)
    assert "bakery__foreign_body" not in offered(app, "case-category")
    for process in (app, started(packs=False)):
        with process.test_request_context():
            read_anew()
            assert due(case_id) == before
            database.session.remove()
        manager = SignIn(process)("manager")
        assert "Foreign body (Bakery)" in manager.get(f"/cases/{number}").text
        assert "Foreign body" in manager.get(f"/cases/{number}/edit").text
        assert "Foreign body" not in manager.get("/cases/new").text
        assert "The pack is off" in manager.get("/settings/deadlines").text
        assert "Foreign body" in manager.get("/complaints?view=open").text
    with app.test_request_context():
        by = command_line()
        update_case(case_id, {"category": "quality"}, by=by, at=clock.now())
        assert due(case_id)["response"] > before["response"]
        database.session.remove()


def test_targets_of_a_pack_that_is_off_stand_for_no_other_cases(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        table = CaseTarget.__table__
        wanted = select(table.c.id).where(table.c.owner == "bakery", table.c.clock == "response")
        target_id = database.session.execute(wanted).scalar_one()
        policies.update_target(target_id, {"category": None}, by=command_line(), at=clock.now())
        case_id = desk.open(at=MONDAY, category="quality")
        assert (due(case_id)["response"] - MONDAY).seconds == 15 * 60
    asked = jobs(app)
    with app.app_context():  # what was asked for meanwhile is done
        database.session.execute(update(Job.__table__).values(state="done"))
        database.session.commit()
    switch(app, "bakery", on=False)
    assert jobs(app) == asked + 1  # the clocks of open cases are read anew
    with app.test_request_context():
        assert (due(case_id)["response"] - MONDAY).seconds == 30 * 60
        database.session.remove()


def jobs(app: Flask) -> int:
    """How often it was asked to read all clocks anew."""
    table = Job.__table__
    with app.app_context():
        wanted = select(func.count()).select_from(table).where(table.c.kind == policies.KIND)
        return int(database.session.execute(wanted).scalar_one())


def test_the_category_decides_the_level_that_a_complaint_begins_with(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        begun = desk.case(desk.open(category="bakery__foreign_body"))
        chosen = desk.case(desk.open(category="bakery__foreign_body", level="general"))
        enquiry = desk.case(desk.open(category="bakery__foreign_body", kind="enquiry"))
    assert (begun["level"], begun["is_complex"]) == ("critical", True)
    assert (chosen["level"], enquiry["level"]) == ("general", None)


def level(client: FlaskClient, **asked: str) -> str:
    """Which level the form shows when a category was chosen."""
    part = client.get("/cases/new/levels", query_string=asked, headers=HTMX).text
    assert 'hx-target="this"' in part  # not what the form around it replaces
    [chosen] = [one for one in re.findall(r"<input[^>]*>", part) if "checked" in one]
    [found] = re.findall(r'value="(\w+)"', chosen)
    return str(found)


def test_the_form_suggests_the_level_and_lets_one_choose_another(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        number = desk.customer["number"]
    support = SignIn(app)("support")
    page = support.get("/cases/new").text
    assert '<optgroup label="Bakery"' in page
    assert page.index("Product quality") < page.index("Foreign body")
    assert level(support, category="bakery__foreign_body", level="general") == "critical"
    form = {
        "customer": number,
        "kind": "complaint",
        "subject": "A screw in the bread",
        "channel": "phone",
        "category": "bakery__foreign_body",
        "level": "general",
        "csrf_token": csrf_token(support, "/cases/new"),
    }
    answer = support.post("/cases/new", data=form)
    assert answer.status_code == 422
    assert "begins as Critical" in answer.text
    again = {**form, "level_of": "bakery__foreign_body", "level": "severe"}
    assert support.post("/cases/new", data=again).status_code == 303
    plain = {**form, "category": "quality"}
    assert support.post("/cases/new", data=plain).status_code == 303


def test_the_level_goes_back_with_the_category_unless_somebody_chose_it(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    support = SignIn(app)("support")

    was = "bakery__foreign_body"
    assert level(support, category="quality", level="critical", level_of=was) == "general"
    assert level(support, category="quality", level="severe", level_of=was) == "severe"
    assert level(support, category=was, level="general", level_of="quality") == "critical"


def test_managers_are_told_or_lead_where_the_category_asks_for_it(
    started: Callable[..., Flask],
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    members, notices = CaseMember.__table__, Notification.__table__
    with at_the_desk(app) as desk:
        led = desk.open(category="bakery__foreign_body", level="general")
        desk.open(category="bakery__stale")
        wanted = select(members.c.user_id).where(members.c.case_id == led, members.c.duty == "lead")
        assert database.session.execute(wanted).scalars().all() == [person_id("manager")]
        told = select(notices.c.user_id).where(notices.c.kind == "case-told")
        assert database.session.execute(told).scalars().all() == [person_id("manager")]
    assert "Stale: Spindle noise" in SignIn(app)("manager").get("/notifications").text


def test_canned_replies_are_offered_while_the_pack_is_on(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(CASES))
    manager = SignIn(app)("manager")
    for on in (True, False, True):
        switch(app, "bakery", on=on)
        assert ("Sorry" in manager.get("/settings/replies").text) is on


def test_a_deadline_that_a_manager_changed_stays_as_a_whole(
    started: Callable[..., Flask], packages: Path
) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    table = CaseTarget.__table__
    wanted = select(table).where(table.c.category == "bakery__stale")
    with app.app_context():
        row = database.session.execute(wanted).mappings().one()
        assert (row["amount"], row["unit"]) == (120, "minutes")
        database.session.remove()
    by_hand(app, policies.update_target, row["id"], {"amount": 90})
    later = CASES.replace("resolution 2 working hours", "resolution 2 days").replace(
        "response 15 minutes", "response 10 minutes"
    )
    install(packages, "bakery", pack(later), version="1.1")
    again = started()
    upgrade(again)
    with again.app_context():
        row = database.session.execute(wanted).mappings().one()
        assert (row["amount"], row["unit"]) == (90, "minutes")
        tightened = select(table.c.amount).where(
            table.c.clock == "response", table.c.owner == "bakery"
        )
        assert database.session.execute(tightened).scalars().all() == [10]
        database.session.remove()


def test_a_purge_keeps_what_open_cases_go_by(started: Callable[..., Flask]) -> None:
    app = started(bakery=pack(CASES))
    switch(app, "bakery", on=True)
    with at_the_desk(app) as desk:
        case_id = desk.open(at=MONDAY, category="bakery__foreign_body")
        before, number = due(case_id), desk.case(case_id)["number"]
    switch(app, "bakery", on=False)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        held = dict(queries.held("bakery"))
        assert held["Cases in its categories"] == 1
        assert (held["Deadlines"], held["Canned replies"]) == (4, 1)
        database.session.remove()
    by_hand(app, operations.purge_pack, "bakery")
    targets, values = CaseTarget.__table__, ChoiceRow.__table__
    with app.test_request_context():
        assert due(case_id) == before
        left = select(targets.c.category).where(targets.c.owner == "bakery").distinct()
        assert database.session.execute(left).scalars().all() == ["bakery__foreign_body"]
        kept = select(values.c.key).where(values.c.owner == "bakery")
        assert database.session.execute(kept).scalars().all() == ["bakery__foreign_body"]
        database.session.remove()
    assert "Foreign body" in SignIn(app)("manager").get(f"/cases/{number}").text
    switch(app, "bakery", on=True)
    assert "bakery__foreign_body" in offered(app, "case-category")
    assert "bakery__stale" in offered(app, "case-category")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("response 20 minutes", ("response", 20, "minutes", None)),
        ("response 1 working minute", ("response", 1, "minutes", None)),
        ("resolution 4 working hours", ("resolution", 240, "minutes", None)),
        ("resolution 1 day", ("resolution", 1, "days", None)),
        ("plan 2 working days if severe", ("plan", 2, "days", "severe")),
        ("progress 24 elapsed hours", ("progress", 24, "elapsed", None)),
        ("revisit  2 elapsed days", ("revisit", 48, "elapsed", None)),
    ],
)
def test_a_deadline_is_a_short_text(text: str, target: tuple[Any, ...]) -> None:
    assert target_of(text, "here") == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resolution 4 hours", "say which hours: '4 working hours' or '4 elapsed hours'"),
        ("response 20 elapsed minutes", "minutes are working minutes"),
        ("respnse 20 minutes", "did you mean 'response'?"),
        ("within a day", "is not like 'response 20 minutes'"),
        ("plan 2 days if", "is not like"),
        (20, "is not like"),
    ],
)
def test_a_deadline_that_could_be_misread_is_refused(text: Any, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said.replace("?", r"\?")):
        target_of(text, "here")


@pytest.mark.parametrize(
    "target",
    [
        CategoryTarget("response", 31, "minutes"),
        CategoryTarget("response", 1, "days"),
        CategoryTarget("response", 1, "elapsed"),
        CategoryTarget("plan", 0, "days"),
        CategoryTarget("plan", 366, "days"),
        CategoryTarget("plan", 1, "weeks"),
        CategoryTarget("lunch", 1, "days"),
    ],
)
def test_a_target_that_promises_nothing_is_refused(target: CategoryTarget) -> None:
    with pytest.raises(BadDeclaration):
        CaseCategory(key="bakery__stale", label={"en": "Stale"}, targets=(target,))


MISTAKES = {
    "slow": (
        '[categories.a]\nlabel = "A"\ntargets = ["response 2 working hours"]',
        "every case is answered within 30 working minutes",
    ),
    "level": ('[categories.a]\nlabel = "A"\nlevel = "criticl"', "did you mean 'critical'?"),
    "level of a target": (
        '[categories.a]\nlabel = "A"\ntargets = ["plan 2 days if sever"]',
        "did you mean 'severe'?",
    ),
    "manager": ('[categories.a]\nlabel = "A"\nmanager = "does"', "manager is 'told', 'leads'"),
    "twice": (
        '[categories.a]\nlabel = "A"\n[choices]\ncase-category = [["a", "A"]]',
        "it is declared twice",
    ),
    "two targets": (
        '[categories.a]\nlabel = "A"\ntargets = ["plan 1 day", "plan 2 days"]',
        "two targets are for one clock",
    ),
    "key": ('[categories.a]\nlabel = "A"\ntarget = []', "did you mean 'targets'?"),
    "field of a text": (
        '[replies.a]\ntitle = "A"\nbody = "Dear {contakt}"',
        "did you mean 'contact'?",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named(name: str, started: Callable[..., Flask]) -> None:
    text, said = MISTAKES[name]
    found = state(started(bakery=pack(text)), "bakery")
    assert found.state == "unfit"
    assert said in found.reason
