"""Adding customers."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite.testing import SignIn, person_id
from tests.customers.records import CLAIRE, EMAIL, HTMX, MOBILE, add, form_in, form_on, press, send

NEW = "/customers/new"
FIRM = {
    "name": "Eastgate Bearings Ltd",
    "industry": "C34",
    "contact_name": "Marta Kowal",
    "contact_mobile": "13855566778",
    "contact_email": "m.kowal@eastgate.example",
}

OTHERS = {"contact_mobile": "13855566779", "contact_email": "j.west@westgate.example"}
NOBODY = {"contact_mobile": "13855566770", "contact_email": "n.north@northgate.example"}


def test_a_company_is_added_with_its_first_contact(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    answer = send(client, NEW, FIRM)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("Eastgate Bearings Ltd", "Marta Kowal", "13855566778", "林知夏", "C34"):
        assert words in page
    assert "to be completed" not in page


def test_what_is_missing_is_asked_for_or_saved_as_incomplete(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    asked = send(client, NEW, {"name": "Eastgate Bearings Ltd"})
    assert asked.status_code == 422
    assert "One of mobile, phone, e-mail or WeChat is needed." in asked.text
    assert 'value="Eastgate Bearings Ltd"' in asked.text
    saved = send(client, NEW, {"name": "Eastgate Bearings Ltd", "incomplete": "1"})
    assert saved.status_code == 303
    assert "to be completed" in client.get(saved.location).text


def test_a_name_is_always_needed(app: Flask, sign_in: SignIn) -> None:
    assert send(sign_in("sales"), NEW, {"incomplete": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("contact_mobile", "1385556677"),
        ("contact_email", "m.kowal@eastgate"),
        ("first_contact_on", "someday"),
        ("annual_amount", "viel"),
    ],
)
def test_wrong_values_are_refused_and_kept(
    app: Flask, sign_in: SignIn, field: str, typed: str
) -> None:
    answer = send(sign_in("sales"), NEW, FIRM | {field: typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text


def test_switching_to_a_person_keeps_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    for extra in ({}, {"redraw": "1"}):
        answer = send(client, NEW, {"kind": "person", "name": "王小雨", **extra}, htmx=True)
        assert answer.status_code == 200
        assert 'value="王小雨"' in answer.text
        assert 'name="gender"' in answer.text
        assert 'name="industry"' not in answer.text


def test_a_person_is_their_own_first_contact(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    page = f"{NEW}?kind=person"
    data = form_on(client, page, NEW) | {
        "name": "王小雨",
        "contact_mobile": "13911112222",
        "birthday": "1990年5月1日",
        "gender": "female",
    }
    answer = client.post(NEW, data=data)
    assert answer.status_code == 303
    page = client.get(f"{answer.location}/contacts").text
    assert "13911112222" in page
    assert "main contact" in page
    assert "Delete 王小雨" not in page


def test_the_same_form_twice_adds_one(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    data = form_on(client, NEW) | FIRM
    first, second = client.post(NEW, data=data), client.post(NEW, data=data)
    assert first.location == second.location


def test_a_likely_match_is_shown_while_typing_and_holds_the_form_back_once(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales", name="Eastgate Bearings GmbH")
    client = sign_in("sales")
    data = form_on(client, NEW) | FIRM
    told = client.post(f"{NEW}/likeness", data=data, headers=HTMX).text
    asked = client.post(NEW, data=data)
    assert asked.status_code == 422
    for text in (told, asked.text):
        assert "Eastgate Bearings GmbH" in text
        assert f"/customers/{number}" in text
        assert "Same name, legal form and place aside" in text
    assert "Create anyway" in asked.text and "Create anyway" not in told
    assert 'value="m.kowal@eastgate.example"' in asked.text
    saved = client.post(NEW, data=form_in(asked, NEW))
    assert saved.status_code == 303
    assert number not in saved.location


def test_going_on_holds_for_those_who_were_shown(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", name="Eastgate Bearings GmbH")
    add(app, "sales", name="Calder Looms Ltd", contacts=({"name": "Ada", "mobile": "13712312312"},))
    client = sign_in("sales")
    seen = form_in(send(client, NEW, FIRM), NEW)
    again = client.post(NEW, data=seen | {"contact_mobile": "137 1231 2312"})
    assert again.status_code == 422
    assert "Calder Looms Ltd" in again.text and "Same phone number" in again.text
    assert client.post(NEW, data=seen | {"region": "York"}).status_code == 303


def test_an_incomplete_one_is_held_back_too(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", name="Eastgate Bearings GmbH")
    client = sign_in("sales")
    asked = send(client, NEW, {"name": "Eastgate Bearings Ltd", "incomplete": "1"})
    assert asked.status_code == 422
    button = asked.text.split("Create anyway")[0].rpartition("<button")[2]
    assert 'name="incomplete"' in button and 'value="1"' in button


def test_in_chinese_a_name_that_sounds_the_same_is_shown(app: Flask, sign_in: SignIn) -> None:
    add(app, "sales", name="上海天成新能源科技有限公司", contacts=())
    client = sign_in("sales")
    client.get("/customers?lang=zh")
    asked = send(client, NEW, FIRM | {"name": "上海天诚新能源科技有限公司"})
    assert asked.status_code == 422
    for words in ("是不是这个客户", "上海天成新能源科技有限公司", "名称同音", "仍要新建"):
        assert words in asked.text


@pytest.mark.parametrize("way", [{"contact_mobile": MOBILE}, {"contact_email": EMAIL.upper()}])
def test_a_match_out_of_sight_names_only_whom_to_ask(
    app: Flask, sign_in: SignIn, way: dict[str, str]
) -> None:
    number = add(app, "sales2", name="Riverton New Energy Ltd")
    client = sign_in("sales")
    told = client.post(f"{NEW}/likeness", data=form_on(client, NEW) | way, headers=HTMX).text
    asked = send(client, NEW, FIRM | way)
    assert asked.status_code == 422
    for text in (told, asked.text):
        assert "Oliver Hartwell" in text
        assert "Riverton" not in text
        assert "Harlow" not in text
        assert number not in text
    assert client.post(NEW, data=form_in(asked, NEW)).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Riverten New Energy Ltd"},
        {"name": "Mo", "contact_im": "harlow_88"},
        {"name": "Mo", "contact_mobile": MOBILE[:-1] + "9"},
        {"name": "Mo", "contact_mobile": MOBILE[-4:]},
        {"name": "Mo", "contact_email": "x@riverton.example"},
        {"name": "Mo", "address": "12 Mill Lane, Leeds"},
    ],
)
def test_nothing_else_is_told_of_those_out_of_sight(
    app: Flask, sign_in: SignIn, typed: dict[str, str]
) -> None:
    claire = {**CLAIRE, "im": "harlow_88"}
    add(app, "sales2", contacts=(claire,), address="12 Mill Lane, Leeds")
    client = sign_in("sales")
    told = client.post(f"{NEW}/likeness", data=form_on(client, NEW) | typed, headers=HTMX).text
    assert "Is it this one?" not in told


@pytest.mark.parametrize("born", ["1990-05-01", "1971-01-09", ""])
def test_a_birthday_is_not_found_out_by_trying(app: Flask, sign_in: SignIn, born: str) -> None:
    person = {"kind": "person", "name": "Anna Weber", "birthday": date(1990, 5, 1)}
    add(app, "sales2", contacts=(), **person)
    client = sign_in("sales")
    page = f"{NEW}?kind=person"
    typed = form_on(client, page, NEW) | {"name": "Anna Weber", "birthday": born}
    told = client.post(f"{NEW}/likeness", data=typed, headers=HTMX).text
    assert "Oliver Hartwell" in told
    assert "irthday" not in told


def test_an_archived_match_is_named_to_those_only_who_may_open_it(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales2", lifecycle="dormant")
    manager, owner, sales = sign_in("manager"), sign_in("sales2"), sign_in("sales")
    press(manager, f"/customers/{number}/archive")

    def told(client: FlaskClient) -> str:
        data = form_on(client, NEW) | {"contact_mobile": MOBILE}
        return client.post(f"{NEW}/likeness", data=data, headers=HTMX).text

    assert number in told(manager)
    assert "Oliver Hartwell" in told(sales)
    assert "ask a manager" in told(owner)
    for client in (owner, sales):
        assert number not in told(client)
        assert "Riverton" not in told(client)


def test_support_adds_customers_without_owner_tier_and_amounts(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("support")
    page = client.get(NEW).text
    for name in ("owner_id", "tier", "annual_amount", "signed_amount"):
        assert f'name="{name}"' not in page
    forged = FIRM | {"owner_id": "1", "tier": "strategic", "annual_amount": "5"}
    answer = send(client, NEW, forged)
    manager = sign_in("manager")
    page = manager.get(answer.location).text
    assert "Strategic" not in page
    assert "CN¥5" not in page
    assert form_on(manager, f"{answer.location}/owner")["owner_id"] == ""


def test_an_industry_that_is_none_is_refused(app: Flask, sign_in: SignIn) -> None:
    assert send(sign_in("sales"), NEW, FIRM | {"industry": "Z99"}).status_code == 422


def test_a_name_out_of_an_address_is_cleaned(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    page = client.get(f"/customers/new?name=%00Rivert%E2%80%AEon{'n' * 300}")
    assert page.status_code == 200
    assert f'value="Riverton{"n" * 190}"' in page.text


def test_whoever_may_give_customers_away_is_offered_as_owner(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    with app.app_context():
        mine, theirs = person_id("manager"), person_id("sales")
    assert form_on(client, NEW)["owner_id"] == str(mine)
    own = send(client, NEW, FIRM)
    assert form_on(client, f"{own.location}/owner")["owner_id"] == str(mine)
    other = send(client, NEW, FIRM | {"name": "Westgate Ltd", **OTHERS, "owner_id": str(theirs)})
    assert form_on(client, f"{other.location}/owner")["owner_id"] == str(theirs)
    nobodys = send(client, NEW, FIRM | {"name": "Northgate Ltd", **NOBODY, "owner_id": ""})
    assert form_on(client, f"{nobodys.location}/owner")["owner_id"] == ""


def test_what_is_wrong_and_what_is_missing_is_said_together(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    answer = send(client, NEW, {"name": "Eastgate Bearings Ltd", "contact_email": "wang@"})
    for words in (
        "Something is missing after the @",
        "Please name somebody to talk to.",
        "3 fields need another look",
    ):
        assert words in answer.text.replace("\n", " ")
    assert "One of mobile, phone, e-mail or WeChat is needed." not in re.sub(
        r'<p class="hint">[^<]*', "", answer.text
    ), "the e-mail address is there, only wrong"


def test_what_a_complete_record_needs_is_marked(app: Flask, sign_in: SignIn) -> None:
    def marked(kind: str) -> set[str]:
        page = sign_in("sales").get(f"{NEW}?kind={kind}").text
        found = re.findall(r'<label [^>]*for="([a-z_]+)">[^<]*<span[^>]*>\(required\)', page)
        return set(found) - {"currency"}  # which is there already

    assert marked("company") == {"name", "industry", "contact_name", "first_contact_on", "stage"}
    assert marked("person") == {"name", "first_contact_on"}


def test_without_scripts_another_kind_is_saved_where_nothing_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("sales")
    typed = {"kind": "person", "name": "王小雨", "contact_mobile": "13911112222"}
    assert send(client, NEW, typed).status_code == 303
    asked = send(client, NEW, typed | {"contact_name": "Marta Kowal"})
    assert asked.status_code == 200
    assert "Nothing is saved yet." in asked.text and 'name="gender"' in asked.text
    assert len(re.findall('role="row" data-row', client.get("/customers").text)) == 1


def test_what_is_doubtful_is_shown_beside_its_field_and_accepted_by_saving_again(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("sales")
    odd = FIRM | {"founded_on": "2031-01-01", "contact_email": "kowal@qq.com"}
    asked = send(client, NEW, odd)
    assert asked.status_code == 422
    assert "Not saved yet: please look again." in asked.text
    for name, words in (("founded_on", "lies in the future"), ("contact_email", "private mailbox")):
        assert words in asked.text.split(f'id="{name}-below"')[1].split("</p>")[0]
    again = form_in(asked, NEW)
    moved = client.post(NEW, data=again | {"founded_on": "2032-01-01"})
    assert moved.status_code == 422, "another value, another doubt"
    saved = client.post(NEW, data=again)
    assert saved.status_code == 303
    assert "lies in the future" not in client.get(saved.location).text


def test_the_status_is_one_of_the_list_or_ones_own_words(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    assert 'value="Awaiting reply"' in client.get(NEW).text
    listed = send(client, NEW, FIRM | {"status": "Awaiting reply"})
    assert form_on(client, f"{listed.location}/status")["status"] == "awaiting-reply"
    own = send(client, NEW, FIRM | {"name": "Westgate Ltd", **OTHERS, "status": "On holiday"})
    assert form_on(client, f"{own.location}/status")["words"] == "On holiday"


def test_an_industry_deeper_than_the_list_is_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    made = send(client, NEW, FIRM | {"industry": "c3511"})
    assert "C3511 Special-purpose machinery" in client.get(made.location).text
    assert form_on(client, f"{made.location}/edit")["industry"] == "C3511"
    assert send(client, NEW, FIRM | {"industry": "A3511"}).status_code == 422


def test_amounts_are_in_the_currency_chosen_with_them(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("sales")
    made = send(client, NEW, FIRM | {"currency": "EUR", "annual_amount": "€1,200.50"})
    assert "€1,200.50" in client.get(made.location).text
