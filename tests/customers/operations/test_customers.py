"""Adding, changing, archiving and deleting customers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from crmlite.customers import operations as do
from crmlite.customers import queries
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.duplicates import Probe, find_matches
from crmlite.customers.models import Contact, ContactKey, Customer
from crmlite.customers.operations.bulk import BulkChange, change_many
from crmlite.extensions import database
from crmlite.work import Gone, Refused, Stale, undo
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow
from tests.customers.operating import CLAIRE, FIRM, added, done, row_of


def test_numbers_run_on_and_are_never_given_twice(inside: Flask) -> None:
    first, second = added()["number"], added()["number"]
    assert (first, second) == ("C001", "C002")
    taken = CustomerDraft(values=FIRM, number="C010")
    assert done(do.create_customer, taken)["number"] == "C010"
    assert added()["number"] == "C011"
    with pytest.raises(Refused, match="number-taken"):
        done(do.create_customer, taken)


def test_a_stale_version_changes_nothing(inside: Flask) -> None:
    made = added()
    done(do.update_customer, made["id"], {"region": "Leeds"}, version=1)
    with pytest.raises(Stale):
        done(do.update_customer, made["id"], {"region": "York"}, version=1)
    assert row_of(made["id"])["region"] == "Leeds"


def test_only_who_rests_by_now_is_archived_with_others(inside: Flask) -> None:
    lost, back, gone = (added(lifecycle="lost")["id"] for _ in range(3))
    done(do.move_lifecycle, back, "active")
    done(do.delete_customer, gone)
    outcome = done(change_many, [lost, back, gone], BulkChange(values={"state": "archived"}))
    assert [row_of(one)["state"] for one in (lost, back, gone)] == ["archived", "active", "deleted"]
    assert (outcome.number, outcome.left) == (1, 2)


def test_who_is_not_there_cannot_be_changed(inside: Flask) -> None:
    with pytest.raises(Gone):
        done(do.update_customer, 99, {"region": "York"})


def test_a_person_and_their_own_contact_bear_one_name(inside: Flask) -> None:
    draft = CustomerDraft(
        values={"name": "王小雨", "kind": "person"},
        contacts=[{"is_self": True, "mobile": "13911112222", "name": "王小雨"}],
    )
    customer_id = done(do.create_customer, draft)["id"]
    contact = queries.contacts_of(customer_id)[0]
    done(do.update_customer, customer_id, {"name": "王晓雨"})
    assert queries.contacts_of(customer_id)[0]["name"] == "王晓雨"
    done(do.update_contact, contact["id"], {"name": "王小羽"})
    assert row_of(customer_id)["name"] == "王小羽"
    with pytest.raises(Refused, match="contact-is-customer"):
        done(do.delete_contact, contact["id"])


@pytest.mark.parametrize("letter", ["ß", "½"])  # each of them is several when it is folded
def test_the_longest_name_can_be_kept(inside: Flask, letter: str) -> None:
    name = letter * 200
    assert row_of(added(name=name)["id"])["name"] == name


def test_ways_to_reach_people_are_sealed_and_found_by_their_hashes(inside: Flask) -> None:
    made = added()
    stored = queries.contacts_of(made["id"])[0]["mobile"]
    assert "13812345678" not in stored
    diffs = database.session.execute(select(ChangeRow.__table__.c.diff)).scalars()
    assert not any("13812345678" in str(diff) for diff in diffs)
    purposes = set(database.session.execute(select(ContactKey.__table__.c.purpose)).scalars())
    assert purposes == {"phone", "phone-tail"}
    (found,) = find_matches([Probe(name="", phones=("+86 138 1234 5678",))])
    assert [match.customer_id for match in found] == [made["id"]]


def test_the_main_contact_has_an_heir(inside: Flask) -> None:
    made = added()
    tom = done(do.add_contact, made["id"], {"name": "Tom Becker"})
    claire = queries.contacts_of(made["id"])[0]
    done(do.delete_contact, claire["id"])
    left = queries.contacts_of(made["id"])
    assert [(one["id"], one["is_primary"]) for one in left] == [(tom, True)]
    assert row_of(made["id"])["contacts"] == 1


def test_what_is_deleted_comes_back_whole(inside: Flask) -> None:
    made = added()
    operation_id = done(do.delete_customer, made["id"])
    assert row_of(made["id"])["state"] == "deleted"
    assert find_matches([Probe(name="Riverton New Energy Ltd")]) == [[]]
    undone = done(undo, operation_id)
    assert not undone.kept
    assert row_of(made["id"])["state"] == "active"
    assert row_of(made["id"])["contacts"] == 1


def test_only_dormant_and_lost_ones_are_archived(inside: Flask) -> None:
    made = added()
    with pytest.raises(Refused, match="archive-active"):
        done(do.archive_customer, made["id"])
    done(do.move_lifecycle, made["id"], "dormant")
    done(do.archive_customer, made["id"])
    assert row_of(made["id"])["state"] == "archived"


def test_the_same_form_key_adds_one(inside: Flask) -> None:
    draft = CustomerDraft(values=FIRM, contacts=[CLAIRE])
    first = done(do.create_customer, draft, form_key="one-form-key-0001")
    assert done(do.create_customer, draft, form_key="one-form-key-0001") == first
    count = select(func.count()).select_from(Contact.__table__)
    assert database.session.execute(count).scalar() == 1


def test_the_day_of_the_first_contact_is_that_of_the_firm(inside: Flask) -> None:
    night = datetime(2026, 11, 25, 17, tzinfo=UTC)  # the 26th in Shanghai
    made = do.create_customer(CustomerDraft(values=FIRM), by=command_line(), at=night)
    assert row_of(made["id"])["first_contact_on"] == date(2026, 11, 26)


def test_the_tier_that_shows_dormancy_is_kept_where_it_is_and_never_set(inside: Flask) -> None:
    def refused(operation: Any, *given: Any) -> None:
        with pytest.raises(Refused, match="tier-shows-dormancy"):
            done(operation, *given)

    made = added()["id"]
    refused(do.update_customer, made, {"tier": "dormant"})
    refused(do.create_customer, CustomerDraft(values={**FIRM, "tier": "dormant"}))
    refused(change_many, [made], BulkChange(values={"tier": "dormant"}))
    table = Customer.__table__
    database.session.execute(update(table).values(tier="dormant"))
    database.session.commit()
    assert done(do.update_customer, made, {"tier": "dormant", "region": "York"})
    assert row_of(made)["tier"] == "dormant"


@pytest.mark.parametrize(("code", "minor"), [("JPY", 1_286_001), ("KWD", 1_286_000_500)])
def test_amounts_stay_the_same_figures_in_another_currency(
    inside: Flask, code: str, minor: int
) -> None:
    made = added(annual_amount=128_600_050, signed_amount=None)
    done(do.update_customer, made["id"], {"currency": code})
    row = row_of(made["id"])
    assert (row["annual_amount"], row["signed_amount"]) == (minor, None)
    done(do.update_customer, made["id"], {"currency": "CNY", "annual_amount": 7})
    assert row_of(made["id"])["annual_amount"] == 7
