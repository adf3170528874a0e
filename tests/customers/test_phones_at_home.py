"""Phone numbers without a country code belong to the firm's country, wherever they are looked for."""

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers import operations as do
from crmlite.customers.conditions.catalogue import catalogue
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.duplicates import Probe, find_matches
from crmlite.customers.operations import phone_hashes
from crmlite.customers.search_rows import explain
from crmlite.extensions import database
from crmlite.jobs.worker import Worker
from crmlite.rules.conditions import where
from crmlite.search.queries import find
from crmlite.settings.operations import change_settings
from crmlite.work import undo
from crmlite.work.actors import command_line
from tests.customers.lists_book import TODAY
from tests.customers.operating import FIRM, done

CODED, PLAIN = "+44 20 7946 0777", "020 7946 0888"
TWINS = {CODED: "020 7946 0777", PLAIN: "+44 20 7946 0888"}


def settle_in(country: str) -> int:
    return int(change_settings({"country": country}, by=command_line(), at=clock.now()))


def with_phone(phone: str) -> int:
    draft = CustomerDraft(values=FIRM, contacts=[{"name": "Ada", "phone": phone}])
    return int(done(do.create_customer, draft)["id"])


def work(app: Flask) -> None:
    """What waits in the background, as a worker does it."""
    worker = Worker(app)
    while worker.step():
        pass


def searched(phone: str) -> set[int]:
    database.session.rollback()
    return {hit.record_id for hit in find(everything(), phone)}


def filtered(phone: str) -> set[int]:
    reader = everything()
    test = condition(where("phone", "is", phone), catalogue(reader), asking(reader, TODAY))
    source = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id)
    statement = select(CUSTOMER.c.id).select_from(source).where(test)
    return set(database.session.execute(statement).scalars())


def warned_of(phone: str) -> set[int]:
    (found,) = find_matches([Probe(name="", phones=(phone,))])
    return {match.customer_id for match in found}


@pytest.mark.parametrize("look", [searched, filtered, warned_of])
@pytest.mark.parametrize("kept", [CODED, PLAIN])
def test_a_number_is_found_with_and_without_its_code(inside: Flask, kept: str, look):
    settle_in("GB")
    made = with_phone(kept)
    assert look(kept) == look(TWINS[kept]) == {made}
    assert "Ada" in explain(TWINS[kept], [made])[made]


def test_all_are_hashed_anew_when_the_country_becomes_another(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(phone_hashes, "BATCH", 2)
    made = [with_phone(f"020 7946 08{n}") for n in range(10, 15)]
    moved = settle_in("GB")
    work(inside)
    assert [searched(f"+44 20 7946 08{n}") for n in range(10, 15)] == [{one} for one in made]
    undo(moved, by=command_line(), at=clock.now())
    work(inside)
    assert searched("+44 20 7946 0810") == set()
    assert searched("+86 20 7946 0810") == searched("020 7946 0810") == {made[0]}
