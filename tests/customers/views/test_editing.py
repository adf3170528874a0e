"""Changing fields: all in a form, one in its place; when others were faster."""

from datetime import date

import pytest
from flask import Flask

from crmlite import clock
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import role_by_key
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.customers.records import AMOUNT, FIRM, HTMX, add, form_in, form_on, press, send


def test_a_form_sent_untouched_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", address="12 Mill Lane", capital=5_000_000)
    client = sign_in("sales")
    page = f"/customers/{number}/edit"
    before = form_on(client, page)["version"]
    assert send(client, page).status_code == 303
    assert form_on(client, page)["version"] == before


def test_amounts_and_dates_are_read_as_people_write_them(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    send(
        client,
        f"/customers/{number}/edit",
        {"signed_amount": "12万", "capital": "500万", "contract_ends_on": "30 June 2027"},
    )
    page = client.get(f"/customers/{number}").text
    assert "120,000" in page
    assert "5,000,000" in page
    assert form_on(client, f"/customers/{number}/edit")["contract_ends_on"] == "2027-06-30"


def test_amounts_are_read_in_the_currency_that_is_chosen_with_them(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/edit"
    sent = {"currency": "JPY", "annual_amount": "JPY 1,286,000", "signed_amount": "12万"}
    assert send(client, page, sent).status_code == 303
    assert "¥1,286,000" in client.get(f"/customers/{number}").text
    kept = form_on(client, page)
    assert (kept["annual_amount"], kept["signed_amount"]) == ("1286000", "120000")


def test_what_became_doubtful_is_asked_once_and_what_was_so_before_is_not(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", cooperation_on=date(2026, 3, 1))
    client = sign_in("sales")
    page, place = f"/customers/{number}/edit", f"/customers/{number}/facts/contract_ends_on"
    ends = "The contract ends before the cooperation starts."
    asked = send(client, page, {"contract_ends_on": "2026-02-01"})
    assert asked.status_code == 422 and ends in asked.text
    assert client.post(page, data=form_in(asked, page)).status_code == 303
    assert send(client, page, {"region": "York"}).status_code == 303
    assert send(client, place, {"contract_ends_on": "2027-02-01"}, htmx=True).status_code == 200
    asked = send(client, place, {"contract_ends_on": "2026-02-01"}, htmx=True)
    assert asked.status_code == 422 and ends in asked.text
    assert client.post(place, data=form_in(asked, place)).status_code == 303


def test_a_field_is_changed_in_its_place(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    url = f"/customers/{number}/facts/region"
    place = client.get(url, headers=HTMX).text
    assert place.lstrip().startswith('<dd class="open" id="fact-region"')
    saved = send(client, url, {"region": "York"}, htmx=True)
    assert saved.status_code == 200
    assert "York" in saved.text
    assert "customer-changed" in saved.headers["HX-Trigger"]
    assert send(client, url, {"region": "Hull"}).status_code == 303
    assert "Hull" in client.get(f"/customers/{number}").text


@pytest.mark.parametrize("field", ["number", "kind", "lifecycle", "state", "uid", "owner_id", "x"])
def test_what_moves_or_stays_has_no_field_in_place(app: Flask, sign_in: SignIn, field: str) -> None:
    number = add(app, "sales")
    assert sign_in("manager").get(f"/customers/{number}/facts/{field}").status_code == 404


def test_who_was_slower_sees_both_versions_and_loses_nothing(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client, manager = sign_in("sales"), sign_in("manager")
    page = f"/customers/{number}/edit"
    mine = form_on(client, page) | {"region": "Mine", "name": "Mine Ltd"}
    send(manager, page, {"region": "Theirs"})
    answer = client.post(page, data=mine)
    assert answer.status_code == 409
    for words in ("Grace Shen", "Mine", "Theirs", 'value="Mine Ltd"'):
        assert words in answer.text
    assert "Theirs" in client.get(f"/customers/{number}").text
    version = answer.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert client.post(page, data=mine | {"version": version}).status_code == 303
    assert "Mine Ltd" in client.get(f"/customers/{number}").text


def test_a_field_in_place_meets_a_faster_one_too(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    url = f"/customers/{number}/facts/region"
    mine = form_on(client, url) | {"region": "Mine"}
    send(sign_in("manager"), url, {"region": "Theirs"})
    answer = client.post(url, data=mine, headers=HTMX)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text


def test_a_record_that_was_deleted_meanwhile_is_said_to_be_gone(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    page = f"/customers/{number}/edit"
    mine = form_on(client, page)
    press(sign_in("manager"), f"/customers/{number}/deletion")
    answer = client.post(page, data=mine | {"name": "Too late"})
    assert answer.status_code == 404
    assert "deleted" in answer.text


def test_wrong_values_are_refused_and_kept_in_the_form(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    wrong = {
        "signed_amount": "a lot",
        "founded_on": "31 February",
        "website": "no way",
        "name": "",
        "industry": "Z99",
        "tier": "golden",
    }
    answer = send(client, f"/customers/{number}/edit", wrong)
    assert answer.status_code == 422
    for typed in ("a lot", "31 February", "no way"):
        assert f'value="{typed}"' in answer.text
    assert "Riverton New Energy Ltd" in client.get(f"/customers/{number}").text


def test_a_saved_amount_stays_for_who_may_not_see_it(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    page = sign_in("sales").get(f"/customers/{number}/edit").text
    assert f'value="{AMOUNT // 100}"' in page
    assert str(AMOUNT // 100) not in sign_in("support").get(f"/customers/{number}").text


@pytest.mark.parametrize("field", ["name", "currency"])
def test_what_no_customer_is_without_cannot_be_emptied_in_its_place(
    app: Flask, sign_in: SignIn, field: str
) -> None:
    number = add(app, "sales")
    url = f"/customers/{number}/facts/{field}"
    assert send(sign_in("sales"), url, {field: ""}, htmx=True).status_code == 422


def test_a_currency_is_one_that_is_money_somewhere(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    client = sign_in("sales")
    for page in (f"/customers/{number}/edit", f"/customers/{number}/facts/currency"):
        assert send(client, page, {"currency": "XQX"}).status_code == 422
        assert send(client, page, {"currency": ""}).status_code == 422
    assert (
        send(client, f"/customers/{number}/facts/currency", {"currency": "EUR"}).status_code == 303
    )
    assert "€1,286,000" in client.get(f"/customers/{number}").text


def test_who_may_not_see_amounts_cannot_change_what_they_are_counted_in(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    with app.app_context():
        sales = role_by_key("sales")
        assert sales is not None
        set_grants({sales.id: {"customers:amounts": ""}}, by=command_line(), at=clock.now())
    client = sign_in("sales")
    assert client.get(f"/customers/{number}/facts/currency").status_code == 404
    assert "currency" not in form_on(client, f"/customers/{number}/edit")
    assert "currency" not in form_on(client, "/customers/new")


def test_an_archived_customer_is_only_looked_at(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", lifecycle="dormant")
    client = sign_in("manager")
    press(client, f"/customers/{number}/archive")
    assert client.get(f"/customers/{number}").status_code == 200
    parts = ("edit", "facts/region", "lifecycle", "status", "tier", "owner", "contacts/new")
    for part in parts:
        assert client.get(f"/customers/{number}/{part}").status_code == 403, part
        assert press(client, f"/customers/{number}/{part}").status_code == 403, part


def test_whoever_saves_a_customer_that_was_deleted_learns_by_whom(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    client, manager = sign_in("sales"), sign_in("manager")
    page = f"/customers/{number}/edit"
    mine = form_on(client, page) | {"website": "https://mine.example"}
    press(manager, f"/customers/{number}/deletion")
    answer = client.post(page, data=mine)
    assert answer.status_code == 404
    assert "moved this customer to the recycle bin just now" in answer.text
    assert "in the recycle bin" not in client.get(page).text
    stranger = sign_in("sales2").post(page, data=mine)
    assert stranger.status_code in (400, 404) and "recycle bin just now" not in stranger.text


def test_a_new_name_is_looked_at_as_that_of_a_new_customer(app: Flask, sign_in: SignIn) -> None:
    other = add(app, "sales", name="Calder & Sons Ltd", contacts=())
    page = f"/customers/{add(app, 'sales')}/edit"
    client = sign_in("sales")
    asked = send(client, page, {"name": "Calder and Sons"})
    assert asked.status_code == 422
    for words in ("Calder &amp; Sons Ltd", f"{other} · owned by you", "Save anyway"):
        assert words in asked.text
    assert "abbreviat" in asked.text
    assert client.post(page, data=form_in(asked, page)).status_code == 303
    assert send(client, page, {"region": "York"}).status_code == 303, "is no news any more"


def test_a_new_name_is_looked_at_in_its_place_and_while_it_is_typed(
    app: Flask, sign_in: SignIn
) -> None:
    add(app, "sales", name="Calder & Sons Ltd", contacts=())
    page = f"/customers/{add(app, 'sales')}"
    client = sign_in("sales")
    typed = {"name": "Calder and Sons Ltd"}
    told = client.post(f"{page}/likeness", data=form_on(client, f"{page}/edit") | typed).text
    asked = send(client, f"{page}/facts/name", typed, htmx=True)
    assert asked.status_code == 422
    for text in (told, asked.text):
        assert "Calder &amp; Sons Ltd" in text and "Same name" in text
    assert "Save anyway" in asked.text
    assert (
        client.post(f"{page}/facts/name", data=form_in(asked, f"{page}/facts/name")).status_code
        == 303
    )
    own = form_on(client, f"{page}/edit")
    assert "Is it this one?" not in client.post(f"{page}/likeness", data=own).text


def test_what_was_inferred_says_so_until_it_is_saved(app: Flask, sign_in: SignIn) -> None:
    values = {**FIRM, "name": "Calder Ltd", "size": "500-2000", "tier": "core"}
    draft = CustomerDraft(values=values, inferred=("industry", "size", "website"))
    with app.app_context():
        made = create_customer(draft, by=command_line(), at=clock.now())
    page, fact = f"/customers/{made['number']}", f"/customers/{made['number']}/facts/size"
    client = sign_in("manager")
    assert client.get(page).text.count(">inferred<") == 2
    assert client.get(f"{page}/edit").text.count("Inferred: saving confirms it.") == 2
    assert "Inferred: saving" in client.get(fact).text
    assert ">inferred<" not in send(client, fact, htmx=True).text
    assert client.get(page).text.count(">inferred<") == 1
    send(client, f"{page}/edit")
    assert ">inferred<" not in client.get(page).text
