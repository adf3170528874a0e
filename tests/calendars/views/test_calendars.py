"""The pages of the working calendars, as a manager uses them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.calendars import queries
from crmlite.calendars.operations import CalendarDraft, update_calendar
from crmlite.rules.working_time import read_week, written
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.access.conftest import addresses
from tests.calendars.conftest import Send
from tests.settings.browsing import as_sent

HERE = "/settings/calendars"
SHIPPED = f"{HERE}/1"
OFFICE = "09:00-12:00, 13:30-18:00"
WEEK = {**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE), "sat": "", "sun": ""}
HOTLINE = {"label_en": "Hotline", "label_zh": "热线", **WEEK}
PART = {"HX-Request": "true"}


@pytest.fixture
def manager(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A manager, in 2026."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 4, tzinfo=UTC))
    return sign_in("manager")


def kept(app: Flask, calendar_id: int) -> Any:
    with app.app_context():
        return queries.memory().entries.get(calendar_id)


def days(app: Flask, calendar_id: int = 1) -> list[str]:
    with app.app_context():
        return [
            f"{one.day} {'worked' if one.works else 'off'} {one.label.get('en', '')}"
            for one in queries.own_days(calendar_id)
        ]


def rows(page: str) -> list[str]:
    """The rows of the table of days, as one reads them."""
    found = re.findall(r'<tr role="row" data-row="[\d-]+">(.*?)</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def undo(client: FlaskClient, send: Send, address: str) -> None:
    """Press Undo of the message on the next page."""
    [url] = re.findall(r'action="([^"]*/operations/\d+/undo)"', client.get(address).text)
    assert send(client, url).status_code == 303


def test_calendars_are_shown_with_hours_place_and_users(manager: FlaskClient, send: Send) -> None:
    made = send(manager, f"{HERE}/new", **HOTLINE, country="GB", part="england")
    assert made.status_code == 303
    team = {"label_en": "Support", "calendar_id": "2", "version": "1"}
    assert send(manager, "/settings/teams/2", **team).status_code == 303
    assert "Hotline" in manager.get("/settings/teams").text
    page = manager.get(HERE).text
    for words in (
        "Office hours",
        "Mon–Fri 9:00–12:00, 13:30–18:00",
        "Asia/Shanghai",
        "China · CN",
        "United Kingdom · GB-ENG",
        "Team: Support",
    ):
        assert words in page
    page = manager.get(f"{HERE}?lang=zh", follow_redirects=True).text
    for words in ("热线", "周一至周五 9:00–12:00、13:30–18:00", "团队：客服部"):
        assert words in page
    assert "工作日历" in manager.get("/settings").text


def test_a_calendar_is_added_changed_and_deleted_with_undo(
    app: Flask, manager: FlaskClient, send: Send
) -> None:
    made = send(manager, f"{HERE}/new", **HOTLINE, zone="Europe/London", country="none")
    assert (made.status_code, made.location) == (303, f"{HERE}/2")
    assert (kept(app, 2).zone, kept(app, 2).country) == ("Europe/London", "")
    form = as_sent(manager.get(f"{HERE}/2").text, "calendar")
    form |= {"sat": "１０：００－１２", "sun": "休息", "country": "DE", "part": "by"}
    assert send(manager, f"{HERE}/2", **form).status_code == 303
    assert [written(day) for day in kept(app, 2).week[5:]] == ["10:00-12:00", ""]
    assert kept(app, 2).country == "DE-BY"
    undo(manager, send, f"{HERE}/2")
    assert kept(app, 2).country == ""
    gone = send(manager, f"{HERE}/2/deletion")
    assert (gone.status_code, gone.location) == (303, HERE)
    assert manager.get(f"{HERE}/2").status_code == 404
    page = manager.get(HERE).text
    assert "Deleted calendars" in page
    assert send(manager, f"{HERE}/2/restoration").location == f"{HERE}/2"
    assert manager.get(f"{HERE}/2").status_code == 200
    assert "Deleted calendars" not in manager.get(HERE).text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, manager: FlaskClient, send: Send
) -> None:
    wrong = {
        "tue": "9-25",
        "wed": "9-12, 11-13",
        "thu": "nine to five",
        "fri": "22-6",
        "sat": "closed",
        "country": "GB",
        "part": "Wessex",
    }
    answer = send(manager, SHIPPED, **{**WEEK, **wrong, "label_en": "", "label_zh": ""})
    assert answer.status_code == 422
    for words in (
        "There is no such time of day: 9-25.",
        "“9-12” and “11-13” overlap.",
        "“nine to five” cannot be read.",
        "“22-6” ends before it begins.",
        "Holidays are known for these parts: ENG, NIR, SCT, WLS.",
        "Please give a name in one language at least.",
    ):
        assert words.replace("’", "&#39;") in answer.text
    for typed in ("9-25", "9-12, 11-13", "nine to five", "22-6", "closed", "Wessex"):
        assert f'value="{typed}"' in answer.text
    manager.get(f"{HERE}?lang=zh")
    answer = send(manager, SHIPPED, **{**WEEK, **wrong, "label_en": "Office"})
    assert "没有这样的时刻：9-25。" in answer.text
    idle = {**dict.fromkeys(WEEK, ""), "label_en": "Office"}
    assert "这样永远没有人上班" in send(manager, SHIPPED, **idle).text
    for country, part, words in (
        ("", "ENG", "请同时选择国家"),
        ("none", "ENG", "请同时选择国家"),
        ("CN", "31", "各地节假日相同"),
        ("XX", "", "这一项已不可选"),
    ):
        form = {**WEEK, "label_en": "Office", "country": country, "part": part}
        assert words in send(manager, SHIPPED, **form).text, country
    assert kept(app, 1).version == 1


def test_who_saves_second_sees_both(app: Flask, manager: FlaskClient, send: Send) -> None:
    form = as_sent(manager.get(SHIPPED).text, "calendar")
    with app.app_context():
        week = read_week("mon-fri 8-16").value
        assert week is not None
        label = {"en": "Early", "zh": "早班"}
        draft = CalendarDraft(label=label, week=week)
        update_calendar(1, draft, by=command_line(), at=clock.now())
    answer = send(manager, SHIPPED, **{**form, "mon": "10-18"})
    assert answer.status_code == 409
    assert "10:00-18:00" in answer.text
    assert "08:00-16:00" in answer.text
    again = as_sent(answer.text, "calendar")
    assert send(manager, SHIPPED, **again).status_code == 303
    assert written(kept(app, 1).week[0]) == "10:00-18:00"


def test_refusals_say_what_to_do_first(app: Flask, manager: FlaskClient, send: Send) -> None:
    assert send(manager, f"{SHIPPED}/deletion").status_code == 303
    assert "Please make another one the default first." in manager.get(SHIPPED).text
    send(manager, f"{HERE}/new", **HOTLINE)
    send(manager, "/settings/teams/2", label_en="Support", calendar_id="2", version="1")
    assert send(manager, f"{HERE}/2/deletion").location == f"{HERE}/2"
    page = manager.get(f"{HERE}/2").text
    assert "This calendar is in use: Team: Support." in page
    assert send(manager, f"{HERE}/new", **HOTLINE).status_code == 422
    assert send(manager, f"{HERE}/2/default").status_code == 303
    assert (kept(app, 1).is_default, kept(app, 2).is_default) == (False, True)
    undo(manager, send, f"{HERE}/2")
    assert (kept(app, 1).is_default, kept(app, 2).is_default) == (True, False)


def test_a_team_whose_calendar_was_deleted_meanwhile_says_so(
    manager: FlaskClient, send: Send
) -> None:
    send(manager, f"{HERE}/new", **HOTLINE)
    send(manager, f"{HERE}/2/deletion")
    form = {"label_en": "Support", "calendar_id": "2", "version": "1"}
    answer = send(manager, "/settings/teams/2", **form)
    assert answer.status_code == 422
    assert "This is not offered any more." in answer.text


def test_the_days_of_a_year_tell_official_ones_from_those_set_here(
    manager: FlaskClient, send: Send
) -> None:
    outing = {"first": "2026-03-09", "last": "2026-03-10", "kind": "off", "label_en": "Outing"}
    assert send(manager, f"{SHIPPED}/days/new", **outing).status_code == 303
    fair = {"first": "2026-02-21", "kind": "worked", "hours": "10-12", "label_en": "Fair"}
    assert send(manager, f"{SHIPPED}/days/new", **fair).status_code == 303
    found = rows(manager.get(SHIPPED).text)
    assert found[2:9] == [
        "Sat 14 Feb Spring Festival make-up day 9:00–12:00, 13:30–18:00 China · CN",
        "Sun 15 – Fri 20 Feb Spring Festival day off China · CN",
        "Sat 21 Feb Fair worked officially off: Spring Festival 10:00–12:00 set here Remove",
        "Sun 22, Mon 23 Feb Spring Festival day off China · CN",
        "Sat 28 Feb Spring Festival make-up day 9:00–12:00, 13:30–18:00 China · CN",
        "Mon 9, Tue 10 Mar Outing day off set here Remove",
        "Sat 4 – Mon 6 Apr Qingming Festival day off China · CN",
    ]
    assert "not announced yet" not in manager.get(SHIPPED).text
    page = manager.get(f"{SHIPPED}?year=2027").text
    assert "Make-up working days of 2027 are not announced yet." in page
    assert "make-up day" not in page
    part = manager.get(f"{SHIPPED}/days?year=2025", headers=PART).text
    assert part.strip().startswith('<section class="mt-4" id="days"')
    assert "Wed 1 – Wed 8 Oct National Day, Mid-Autumn Festival day off China · CN" in rows(part)
    assert 'id="days"' in manager.get(f"{SHIPPED}/days?year=2025").text
    for odd in ("1066", "x", "", "２０２６"):
        assert "Wed 25 Feb" not in manager.get(f"{SHIPPED}?year={odd}").text
    send(manager, f"{HERE}/new", **HOTLINE, country="none")
    assert "Every day of 2026 is as its weekday." in manager.get(f"{HERE}/2").text


def test_days_are_set_changed_and_removed(app: Flask, manager: FlaskClient, send: Send) -> None:
    address = f"{SHIPPED}/days/new?first=2026-02-17&last=2026-02-18"
    form = as_sent(manager.get(address).text, "set-days")
    assert (form["label_en"], form["label_zh"], form["kind"]) == (
        ["Spring Festival"],
        ["春节"],
        ["off"],
    )
    form |= {"kind": "worked", "hours": "10-12"}
    done = send(manager, address, **form)
    assert done.location == f"{SHIPPED}?year=2026#days"
    assert days(app) == ["2026-02-17 worked Spring Festival", "2026-02-18 worked Spring Festival"]
    moved = as_sent(manager.get(address).text, "set-days") | {"first": "2026-02-18", "last": ""}
    send(manager, address, **moved)
    assert days(app) == ["2026-02-18 worked Spring Festival"]
    here = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{SHIPPED}?year=2026"}
    outing = {"first": "2026-03-09", "kind": "off", "label_zh": "团建"}
    stays = send(manager, f"{SHIPPED}/days/new", headers=here, **outing)
    assert (stays.status_code, stays.text) == (200, "")
    for event in ("drawer-close", "calendar-days-changed", "toast"):
        assert event in stays.headers["HX-Trigger"]
    span = {"first": "2026-02-18", "last": "2026-03-09", "year": "2026"}
    part = send(manager, f"{SHIPPED}/days/removal", headers=PART, **span)
    assert part.text.strip().startswith('<section class="mt-4" id="days"')
    assert days(app) == []
    assert send(manager, f"{SHIPPED}/days/removal", **span).status_code == 303
    for odd in ({"first": "", "last": ""}, {"first": "2026-02-18"}, {"first": "x", "last": "y"}):
        assert send(manager, f"{SHIPPED}/days/removal", **odd).status_code == 400


@pytest.mark.parametrize("engine", ["sqlite"])
def test_days_that_cannot_be_are_refused_by_a_sentence(
    app: Flask, manager: FlaskClient, send: Send
) -> None:
    outing = {"first": "2026-03-09", "kind": "off", "label_en": "Outing"}
    for change, words in (
        ({"first": ""}, "Please fill this in."),
        ({"first": "soon"}, "Please enter a date"),
        ({"last": "2026-03-08"}, "The last day must not be before the first."),
        ({"last": "2027-03-10"}, "At most 366 days at once, please."),
        ({"label_en": ""}, "at least why these days are off."),
        ({"hours": "9-12"}, "Hours are for working days."),
        ({"kind": "worked", "hours": "9-8"}, "ends before it begins"),
        ({"kind": "holiday"}, "This is not offered any more."),
    ):
        answer = send(manager, f"{SHIPPED}/days/new", **{**outing, **change})
        assert (answer.status_code, words in answer.text) == (422, True), change
    assert days(app) == []


def test_who_sets_days_second_sees_what_was_set(
    app: Flask, manager: FlaskClient, send: Send
) -> None:
    form = as_sent(manager.get(f"{SHIPPED}/days/new").text, "set-days")
    theirs = {**form, "first": "2026-03-09", "label_en": "Outing"}
    assert send(manager, f"{SHIPPED}/days/new", **theirs).status_code == 303
    mine = {**form, "first": "2026-03-09", "label_en": "Fair", "form_key": "k" * 22}
    answer = send(manager, f"{SHIPPED}/days/new", **mine)
    assert answer.status_code == 409
    assert ">Outing<" in answer.text
    again = as_sent(answer.text, "set-days")
    assert send(manager, f"{SHIPPED}/days/new", **again).status_code == 303
    assert days(app) == ["2026-03-09 off Fair"]
    elsewhere = {**form, "first": "2026-04-13", "label_en": "Fair", "form_key": "l" * 22}
    answer = send(manager, f"{SHIPPED}/days/new", **elsewhere)
    assert answer.status_code == 409
    assert "Nothing of yours is in its way" in answer.text


def test_only_those_with_the_right_come_in(
    app: Flask, sign_in: SignIn, send: Send, client: FlaskClient
) -> None:
    ours = [one for one in addresses(app) if one.rule.startswith(HERE)]
    assert len(ours) == 9
    for who in (sign_in("sales"), sign_in("support")):
        for one in ours:
            for method in one.methods:
                answer = who.get(one.url()) if method == "GET" else send(who, one.url(), **HOTLINE)
                assert answer.status_code == 403, (method, one.rule)
    assert client.get(HERE).status_code == 303
    assert list(kept_ids(app)) == [1]


def kept_ids(app: Flask) -> list[int]:
    with app.app_context():
        return [one.id for one in queries.calendars()]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_is_not_there_is_not_there(manager: FlaskClient, send: Send) -> None:
    for address in ("0", "99", "9" * 30):
        assert manager.get(f"{HERE}/{address}").status_code == 404
        assert manager.get(f"{HERE}/{address}/days/new").status_code == 404
        for act in ("default", "deletion", "restoration", "days/removal"):
            assert send(manager, f"{HERE}/{address}/{act}").status_code == 404


def test_the_ledger_tells_it_in_words(manager: FlaskClient, send: Send) -> None:
    send(manager, f"{HERE}/new", **HOTLINE, country="GB", part="ENG")
    form = as_sent(manager.get(f"{HERE}/2").text, "calendar")
    send(manager, f"{HERE}/2", **{**form, "sat": "10-12", "zone": "Europe/London"})
    outing = {"first": "2026-03-09", "kind": "off", "label_en": "Outing"}
    send(manager, f"{HERE}/2/days/new", **outing)
    send(manager, f"{HERE}/2/default")
    page = manager.get("/settings/ledger").text
    for words in (
        "Working calendar added",
        "Working calendar changed",
        "Days of a calendar set",
        "Default calendar changed",
    ):
        assert words in page
    entries = re.findall(r'href="(/settings/ledger/\d+)"', page)
    told = "".join(manager.get(one).text for one in dict.fromkeys(entries))
    for words in (
        "Mon–Fri 9:00–12:00, 13:30–18:00; Sat 10:00–12:00",
        "Europe/London",
        "United Kingdom · GB-ENG",
        "Outing",
    ):
        assert words in told
