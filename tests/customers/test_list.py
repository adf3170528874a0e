"""The list: what the address says is what is shown, page by page, in a fixed number of questions."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import event
from time_machine import travel

from crmlite import clock
from crmlite.accounts.models import User
from crmlite.accounts.roster import newest_roster
from crmlite.customers.lists import count_up_to
from crmlite.customers.views import overview
from crmlite.extensions import database
from crmlite.settings.operations import move_choice
from crmlite.testing import SignIn, csrf_token, person_id
from crmlite.work import Actor, operation, records
from crmlite.work.actors import command_line
from crmlite.work.operations import move_epoch
from tests.applications import Employ
from tests.customers.lists_book import fill, tier_of
from tests.customers.records import add

ROW = re.compile(r'data-row="(\d+)"')


@pytest.fixture
def book(app: Flask) -> list[dict]:
    with app.app_context():
        return fill()


def rows(page: str) -> list[int]:
    return [int(found) for found in ROW.findall(page)]


def test_everything_stands_in_the_order_of_names_as_people_sort_them(sign_in: SignIn, book):
    page = sign_in("manager").get("/customers").text
    assert len(rows(page)) == 24
    names = re.findall(r'class="name" href="[^"]+">([^<]+)<', page)
    assert names[0].startswith("北京") and names[-1].startswith("Zebra")


def test_salespeople_see_their_own_only(sign_in: SignIn, book):
    assert len(rows(sign_in("sales").get("/customers").text)) == 8


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "last_contact", "-last_contact", "annual_amount", "-tier", "owner"],
)
def test_pages_hold_every_customer_once(app: Flask, sign_in: SignIn, sort: str):
    with app.app_context():
        fill(57)
    client = sign_in("manager")
    url, seen, pages = f"/customers?sort={sort}", [], 0
    while url:
        page = client.get(url).text
        seen += rows(page)
        pages += 1
        found = re.search(r'href="([^"]+)" rel="next"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 57 and pages == 2


def test_values_of_a_list_stand_in_its_order(app: Flask, sign_in: SignIn, book):
    client = sign_in("manager")

    def ordered(*keys: str | None) -> list[int]:
        return [row["id"] for key in keys for row in book if tier_of(row) == key]

    first = "strategic", "core", "normal", "dormant"
    assert rows(client.get("/customers?sort=tier").text) == ordered(*first, None)
    assert (
        rows(client.get("/customers?sort=-tier&columns=name").text)[:4] == ordered("dormant")[::-1]
    )
    with app.app_context():
        move_choice("tier-a", "normal", -2, by=command_line(), at=clock.now())
    moved = "normal", "strategic", "core", "dormant"
    assert rows(client.get("/customers?sort=tier").text) == ordered(*moved, None)


def test_owners_stand_in_the_order_of_their_names(app: Flask, sign_in: SignIn, book):
    with app.app_context():
        rename(person_id("sales2"), "Ada Hartwell", by=command_line(), at=clock.now())
        names = [person.id for person in newest_roster().people.values()]
    owners = sorted({row["owner_id"] for row in book} - {None}, key=names.index)
    expected = [row["id"] for owner in [*owners, None] for row in book if row["owner_id"] == owner]
    assert rows(sign_in("manager").get("/customers?sort=owner").text) == expected


def test_who_sees_only_some_amounts_learns_no_order_of_all(sign_in: SignIn, employ: Employ, book):
    employ("sales", {"customers:see": "all", "customers:amounts": "own"})
    client = sign_in("sales")
    asked, by_name = client.get("/customers?sort=-annual_amount"), client.get("/customers")
    assert rows(asked.text) == rows(by_name.text)
    everything = sign_in("manager").get("/customers?sort=-annual_amount").text
    assert rows(everything) != rows(by_name.text)


@operation("user_updated")
def rename(user_id: int, name: str, *, by: Actor, at: datetime) -> list[str]:
    """Give somebody a name that sorts elsewhere."""
    move_epoch()
    return list(records.update(User, user_id, {"name": name, "name_sort": name.casefold()}))


def test_a_filter_reads_as_words_and_can_be_taken_away(sign_in: SignIn, book):
    client = sign_in("manager")
    page = client.get("/customers?w=tier~is~core&w=lifecycle~is_not~lost").text
    assert "Tier is" in page and "Core" in page
    expected = [r for r in book if tier_of(r) == "core" and r["lifecycle"] != "lost"]
    assert sorted(rows(page)) == sorted(r["id"] for r in expected)
    assert 'href="/customers?w=lifecycle~is_not~lost"' in page.replace("%7E", "~")


def test_a_filter_with_groups_is_one_chip(sign_in: SignIn, book):
    where = {"any": [["tier", "is", "core"], ["tier", "is", "strategic"]]}
    page = sign_in("manager").get("/customers", query_string={"where": json.dumps(where)})
    assert page.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "w=tier", "w=nowhere~is~x", "w=tier~is~", "w=~~~", "where=%7B", "where=[[[[[[[[[[",
        "sort=password_hash", "sort=-", "columns=,,,", "columns=uid,password", "page=xx",
        "page=eyJ4IjoxfQ", "view=999", "w=owner~is~99999999999999999999", "w=%00~is~%00",
        "w=name~contains~%F0%9F%98%80", "w=annual_amount~at_least~1e400",
    ],
)  # fmt: skip
def test_whatever_an_address_holds_a_page_comes_of_it(sign_in: SignIn, book, query: str):
    answer = sign_in("manager").get(f"/customers?{query}")
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text


def test_a_condition_is_added_without_scripts(sign_in: SignIn, book):
    client = sign_in("manager")
    assert client.get("/customers/conditions?field=tier").status_code == 200
    answer = client.get(
        "/customers/conditions?field=tier&operator=is&value=core&value=normal&set=1&sort=-name"
    )
    assert answer.status_code == 303
    assert answer.location.replace("%7E", "~").replace("%2C", ",") == (
        "/customers?w=tier~is~core,normal&sort=-name"
    )
    wrong = client.get("/customers/conditions?field=annual_amount&operator=above&value=lots&set=1")
    assert wrong.status_code == 422 and "lots" in wrong.text


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "owner",
        "team",
        "tags",
        "industry",
        "last_contact",
        "next_step",
        "incomplete",
        "annual_amount",
        "phone",
        "needs",
    ],
)
def test_every_kind_of_field_has_its_form(sign_in: SignIn, book, field: str):
    client = sign_in("manager")
    page = client.get(f"/customers/conditions?field={field}").text
    operators = re.findall(
        r'<option value="([a-z_]+)"',
        page.partition("condition-operator")[2].partition("</select>")[0],
    )
    assert operators
    for operator in operators:
        answer = client.get(f"/customers/conditions?field={field}&operator={operator}")
        assert answer.status_code == 200, operator


def test_columns_are_chosen_and_ordered(sign_in: SignIn, book):
    client = sign_in("manager")
    answer = client.get("/customers/columns?column=name&column=region&column=tier&up=tier")
    assert answer.text.index('value="tier"') < answer.text.index('value="region"')
    form = answer.text.partition('id="columns"')[2]
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
    assert first and 'name="set"' in first[0]  # what Enter presses
    done = client.get("/customers/columns?column=region&column=name&set=1&sort=name")
    assert done.location.replace("%2C", ",") == "/customers?columns=region,name"
    page = client.get(done.location).text
    assert "Region" in page and "Next step" not in page


def test_a_view_is_kept_shared_renamed_and_dropped(sign_in: SignIn, book):
    client, other = sign_in("manager"), sign_in("sales")
    form = {
        "csrf_token": csrf_token(client, "/customers/views/new"),
        "name": "Core ones",
        "w": "tier~is~core",
        "shared": "1",
    }
    made = client.post("/customers/views/new", data=form)
    assert made.status_code == 303 and "view=" in made.location
    assert "Core ones" in other.get("/customers").text
    view = re.search(r"view=(\d+)", made.location)[1]
    theirs = {"csrf_token": csrf_token(other, "/customers/views/new"), "name": "Taken"}
    assert other.post(f"/customers/views/{view}/edit", data=theirs).status_code == 404
    assert (
        client.post(f"/customers/views/{view}/edit", data={**form, "name": "The core"}).status_code
        == 303
    )
    assert "The core" in other.get("/customers").text
    assert client.post(f"/customers/views/{view}/deletion", data=form).status_code == 303
    assert "The core" not in other.get("/customers").text


def test_views_are_shared_by_those_only_who_may(sign_in: SignIn, book):
    client, other = sign_in("sales"), sign_in("manager")
    form = {
        "csrf_token": csrf_token(client, "/customers/views/new"),
        "name": "Only mine",
        "w": "tier~is~core",
        "shared": "1",
    }
    made = client.post("/customers/views/new", data=form)
    view = re.search(r"view=(\d+)", made.location)[1]
    assert client.post(f"/customers/views/{view}/edit", data=form).status_code == 303
    assert "Only mine" in client.get("/customers").text
    assert "Only mine" not in other.get("/customers").text


def test_tabs_count_what_a_reader_sees(sign_in: SignIn, book):
    counts = sign_in("sales").get("/customers/views/counts", headers={"HX-Request": "true"}).text
    assert re.search(r'All<span class="n">8</span>', counts)


def test_today_is_the_day_it_is_at_the_firm(app: Flask, sign_in: SignIn):
    with travel(datetime(2026, 11, 25, 17, tzinfo=UTC), tick=False):
        for day in (25, 26):
            add(app, "sales", name=f"Ends on {day}", contract_ends_on=date(2026, 11, day))
        page = sign_in("sales").get("/customers?w=contract_ends_on~before~0d").text
    assert "Ends on 25" in page
    assert "Ends on 26" not in page


@pytest.mark.parametrize(("cap", "said"), [(7, "7+"), (8, "8")])
def test_a_count_stops_at_its_cap(
    sign_in: SignIn, book, monkeypatch: pytest.MonkeyPatch, cap: int, said: str
):
    monkeypatch.setattr(overview, "CAP", cap)
    monkeypatch.setattr(overview, "TAB_CAP", cap)
    monkeypatch.setattr(count_up_to, "__defaults__", (cap,))
    client = sign_in("sales")
    for query in ("", "?w=name~filled"):
        assert f"{said} customers" in client.get(f"/customers{query}").text
    counts = client.get("/customers/views/counts", headers={"HX-Request": "true"}).text
    assert f'All<span class="n">{said}</span>' in counts


@pytest.mark.parametrize("rows_there", [1, 25, 50])
def test_a_page_asks_the_database_the_same_few_times(app: Flask, sign_in: SignIn, rows_there: int):
    with app.app_context():
        fill(rows_there)
    client = sign_in("manager")
    url = "/customers?w=tags~empty&w=tier~is_not~core&sort=-last_contact"
    client.get(url)  # fills what is kept in memory, and notes who looked at amounts
    with counted(app) as statements:
        client.get(url)
    asked = [one for one in statements if one != "BEGIN"]
    assert len(asked) <= 6 + 2, asked  # two find out who asks and whether things changed


def counted(app: Flask):
    from contextlib import contextmanager

    @contextmanager
    def counting():
        found: list[str] = []

        def note(_connection, _cursor, statement, *_more):
            found.append(statement)

        with app.app_context():
            engine = database.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting()


def test_a_field_out_of_reach_is_named_by_its_label(sign_in: SignIn, book):
    page = sign_in("support").get("/customers?w=annual_amount~over~1").text
    assert "Annual amount cannot be asked here" in page and "annual_amount cannot" not in page
