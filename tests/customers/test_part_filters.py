"""Customers are found by what is known of their contacts and needs."""

import re
from datetime import date

import pytest
from flask import Flask

from crmlite.testing import SignIn
from tests.customers.records import add, send

ONE = {"name": "Ada", "role": "decides", "channel": "wechat", "birthday": date(1980, 3, 9)}
TWO = {"name": "Ben", "role": "influences", "no_marketing": True, "birthday": date(1980, 12, 1)}


@pytest.fixture
def book(app: Flask) -> None:
    """Customers with two contacts and a need, with one contact, and with nothing."""
    add(app, "sales", name="Both", contacts=[ONE, TWO], needs=[{"goal": "g", "status": "landed"}])
    add(app, "sales", name="First", contacts=[ONE], needs=[{"goal": "g"}])
    add(app, "sales", name="None", contacts=[])


ANSWERS = {
    "contact_role~is~decides": {"Both", "First"},
    "contact_role~is~influences": {"Both"},
    "contact_role~is_not~influences": {"First", "None"},
    "contact_role~empty": {"None"},
    "contact_channel~is~wechat,phone": {"Both", "First"},
    "contact_no_marketing~is~yes": {"Both"},
    "contact_no_marketing~is~no": {"First", "None"},
    "contact_birthday_month~is~12": {"Both"},
    "contact_birthday_month~is~3,4": {"Both", "First"},
    "contact_birthday_month~filled": {"Both", "First"},
    "need_status~is~landed": {"Both"},
    "need_status~is~open": {"First"},
    "need_status~is_not~open": {"Both", "None"},
}


def test_each_is_asked_of_all_contacts_and_needs(sign_in: SignIn, book):
    client = sign_in("sales")
    found = {asked: names(client.get(f"/customers?w={asked}").text) for asked in ANSWERS}
    assert found == ANSWERS


def test_a_person_is_found_by_their_own_birthday(app: Flask, sign_in: SignIn, book):
    person = {"name": "Wang Fang", "kind": "person", "stage": None}
    born = date(1980, 5, 9)
    add(app, "sales", contacts=[{"name": "Wang Fang", "is_self": True}], birthday=born, **person)
    answers = {
        "contact_birthday_month~is~5": {"Wang Fang"},
        "contact_birthday_month~is~3,5": {"Both", "First", "Wang Fang"},
        "contact_birthday_month~is_not~5": {"Both", "First", "None"},
        "contact_birthday_month~filled": {"Both", "First", "Wang Fang"},
        "contact_birthday_month~empty": {"None"},
    }
    client = sign_in("sales")
    found = {asked: names(client.get(f"/customers?w={asked}").text) for asked in answers}
    assert found == answers


def test_they_work_in_views_and_are_no_columns_or_order(sign_in: SignIn, book):
    client = sign_in("sales")
    ask = "w=contact_birthday_month~is~12"
    made = send(client, f"/customers/views/new?{ask}", {"name": "X"}, to="/customers/views/new")
    page = client.get(made.location).text
    assert names(page) == {"Both"} and "December" in page
    assert "contact_role" not in client.get("/customers/columns").text
    odd = client.get("/customers?columns=name,contact_role,need_status&sort=contact_role")
    assert odd.status_code == 200 and len(names(odd.text)) == 3
    chosen = "/customers/columns?column=contact_role&up=contact_role"
    assert client.get(chosen).status_code == 200
    assert "Contacts and needs" in client.get("/customers/conditions?field=contact_role").text


def names(page: str) -> set[str]:
    return set(re.findall(r'class="name" href="[^"]+">([^<]+)<', page))
