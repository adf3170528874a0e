"""Conditions ask the database what an oracle in Python answers, on both engines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite.access.readers import Reader, everything
from crmlite.accounts.operations import TeamChange, create_team
from crmlite.customers.conditions.catalogue import catalogue
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.extensions import database
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.rules.conditions import (
    All,
    FromToday,
    Node,
    Not,
    Onlooker,
    Test,
    holds,
    validate,
    where,
)
from crmlite.rules.conditions import Any as Either
from crmlite.testing import person_id
from crmlite.work.actors import command_line
from tests.customers.lists_book import TODAY, fill, tier_of
from tests.customers.operating import added, done

Row = dict[str, Any]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def asked(tree: Node, reader: Reader) -> set[int]:
    fields = catalogue(reader)
    assert validate(tree, fields) == []
    statement = (
        select(CUSTOMER.c.id)
        .select_from(CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id))
        .where(condition(tree, fields, asking(reader, TODAY)))
    )
    return set(database.session.execute(statement).scalars())


CASES: list[tuple[str, Test, Callable[[Row], bool]]] = [
    (
        "a choice",
        where("tier", "is", "core", "strategic"),
        lambda r: tier_of(r) in ("core", "strategic"),
    ),
    (
        "not a choice takes the empty ones",
        where("tier", "is_not", "core"),
        lambda r: tier_of(r) != "core",
    ),
    ("no choice", where("tier", "empty"), lambda r: tier_of(r) is None),
    ("some choice", where("tier", "filled"), lambda r: tier_of(r) is not None),
    ("who rests", where("tier", "is", "dormant"), lambda r: r["lifecycle"] == "dormant"),
    (
        "who does not rest",
        where("tier", "is_not", "dormant", "core"),
        lambda r: tier_of(r) not in ("dormant", "core"),
    ),
    (
        "part of a name, whatever its case",
        where("name", "contains", "CALDER"),
        lambda r: "Calder" in r["name"],
    ),
    (
        "a letter outside of ASCII, whatever its case",
        where("name", "contains", "éCLAIR"),
        lambda r: "Éclair" in r["name"],
    ),
    (
        "such a letter at the beginning",
        where("name", "starts", "éclair"),
        lambda r: r["name"].startswith("Éclair"),
    ),
    ("Chinese in a name", where("name", "contains", "恒泰"), lambda r: "恒泰" in r["name"]),
    ("wildcards are letters", where("name", "contains", "%_"), lambda r: "%_" in r["name"]),
    ("an underscore is a letter", where("name", "contains", "_数"), lambda r: "_数" in r["name"]),
    ("without a part", where("name", "lacks", "Zebra"), lambda r: "Zebra" not in r["name"]),
    ("a beginning", where("name", "starts", "王"), lambda r: r["name"].startswith("王")),
    ("a text that is empty or missing", where("region", "empty"), lambda r: not r["region"]),
    (
        "a section of industries",
        where("industry", "is", "C"),
        lambda r: (r["industry"] or "").startswith("C"),
    ),
    (
        "a division with its deeper codes",
        where("industry", "is", "C35"),
        lambda r: (r["industry"] or "").startswith("C35"),
    ),
    (
        "another industry",
        where("industry", "is_not", "C35"),
        lambda r: not (r["industry"] or "").startswith("C35"),
    ),
    (
        "an amount at least",
        where("annual_amount", "at_least", 900_00),
        lambda r: (r["annual_amount"] or -1) >= 900_00,
    ),
    (
        "an amount between",
        where("annual_amount", "between", 500_00, 900_00),
        lambda r: 500_00 <= (r["annual_amount"] or -1) <= 900_00,
    ),
    (
        "a day before",
        where("contract_ends_on", "before", FromToday(0, "d")),
        lambda r: r["contract_ends_on"] is not None and r["contract_ends_on"] < TODAY,
    ),
    (
        "a day since",
        where("contract_ends_on", "since", TODAY),
        lambda r: r["contract_ends_on"] is not None and r["contract_ends_on"] >= TODAY,
    ),
    ("no talk", where("last_contact", "empty"), lambda r: r["last_contact"] is None),
    (
        "one of the tags",
        where("tags", "has_any", "free/vip", "free/risky"),
        lambda r: bool(r["tags"]),
    ),
    (
        "all of the tags",
        where("tags", "has_all", "free/vip", "free/risky"),
        lambda r: len(r["tags"]) == 2,
    ),
    (
        "none of the tags",
        where("tags", "has_none", "free/vip"),
        lambda r: "free/vip" not in r["tags"],
    ),
    ("no tags", where("tags", "empty"), lambda r: not r["tags"]),
    (
        "a whole phone number",
        where("phone", "is", "139 1234 0005"),
        lambda r: r["mobile"] == "13912340005",
    ),
    (
        "the end of a phone number",
        where("phone", "ends", "0007"),
        lambda r: r["mobile"].endswith("0007"),
    ),
    ("no phone", where("phone", "empty"), lambda r: not r["mobile"]),
    ("no owner", where("owner", "empty"), lambda r: r["owner_id"] is None),
    ("a flag", where("incomplete", "is", True), lambda r: True),
]


@pytest.fixture
def book(inside: Flask) -> list[Row]:
    return fill()


@pytest.fixture
def reader(inside: Flask) -> Reader:
    return everything()


@pytest.fixture
def page(inside: Flask):
    with inside.test_request_context("/"):
        yield


def test_every_question_is_answered_as_the_oracle_does(page, book: list[Row], reader: Reader):
    wrong = {}
    for what, test, oracle in CASES:
        if what == "a flag":
            continue
        expected = {row["id"] for row in book if oracle(row)}
        if (found := asked(test, reader)) != expected:
            wrong[what] = (sorted(found - expected), sorted(expected - found))
    assert wrong == {}


def test_groups_and_negation_follow_logic(page, book: list[Row], reader: Reader):
    by_name = {what: (test, oracle) for what, test, oracle in CASES}
    core, core_oracle = by_name["a choice"]
    tags, tags_oracle = by_name["one of the tags"]
    day, day_oracle = by_name["a day before"]
    tree = All((Either((core, tags)), Not(day)))
    expected = {
        row["id"] for row in book if (core_oracle(row) or tags_oracle(row)) and not day_oracle(row)
    }
    assert asked(tree, reader) == expected


def test_a_test_of_a_missing_value_does_not_hold_and_so_its_negation_does(
    page, book: list[Row], reader: Reader
):
    everybody = {row["id"] for row in book}
    wrong = [
        what
        for what, test, _ in CASES
        if asked(Not(test), reader) != everybody - asked(test, reader)
    ]
    assert wrong == []
    within = Not(Either((where("tier", "is", "core"), where("region", "is", "Leeds"))))
    assert asked(within, reader) == {
        row["id"] for row in book if tier_of(row) != "core" and row["region"] != "Leeds"
    }


@pytest.mark.parametrize(
    ("test", "all_of_them"),
    [
        (where("owner", "is", 2**63 - 1), False),
        (where("team", "is", 2**63 - 1), False),
        (where("age", "is", 3_000_000_000), False),
        (where("interactions", "at_least", 3_000_000_000), False),
        (where("risks", "below", 3_000_000_000), True),
        (where("contacts", "between", 0, 3_000_000_000), True),
    ],
)
def test_a_number_may_be_longer_than_its_column(
    page, book: list[Row], reader: Reader, test: Test, all_of_them: bool
):
    assert asked(test, reader) == ({row["id"] for row in book} if all_of_them else set())


def test_me_and_teams_are_those_of_the_reader(page, book: list[Row]):
    from crmlite.rules.conditions import ME

    sales = person_id("sales")
    reader = Reader(user_id=sales, login="sales", name="s", grants=everything().grants)
    assert asked(where("owner", "is", ME), reader) == {
        row["id"] for row in book if row["owner_id"] == sales
    }


def test_who_leads_a_team_belongs_to_it(page, book: list[Row], reader: Reader):
    lead = person_id("sales")
    team = create_team(
        TeamChange(label={"en": "North"}, lead_id=lead, member_ids=()), by=command_line(), at=NOW
    )
    led = {row["id"] for row in book if row["owner_id"] == lead}
    assert led and asked(where("team", "is", team), reader) == led
    assert led <= asked(where("team", "filled"), reader)


def test_amounts_out_of_sight_are_not_found(page, book: list[Row]):
    sales = person_id("sales")
    grants = {**everything().grants, "customers:amounts": "own"}
    reader = Reader(user_id=sales, login="sales", name="s", grants=grants)
    found = asked(where("annual_amount", "at_least", 0), reader)
    assert found == {
        row["id"] for row in book if row["owner_id"] == sales and row["annual_amount"] is not None
    }


def test_who_sees_no_amounts_cannot_ask_about_them(page, book: list[Row]):
    grants = {**everything().grants, "customers:amounts": ""}
    reader = Reader(user_id=1, login="x", name="x", grants=grants)
    assert "annual_amount" not in catalogue(reader)


def test_a_moment_belongs_to_the_day_of_the_firm(page, reader: Reader):
    midnight = datetime(2026, 6, 14, 16, tzinfo=UTC)  # with it TODAY begins in Shanghai
    late, early = (added(name=name)["id"] for name in ("Late", "Early"))
    for customer_id, minutes in ((late, -1), (early, 1)):
        draft = InteractionDraft(
            customer_id=customer_id,
            kind="phone",
            content="Called",
            occurred_at=midnight + timedelta(minutes=minutes),
        )
        done(log_interaction, draft)
    assert asked(where("last_contact", "since", TODAY), reader) == {early}
    assert asked(where("last_contact", "before", TODAY), reader) == {late}


def test_one_record_is_asked_in_python_as_the_book_is_by_the_database(
    book: list[Row], reader: Reader
):
    fields = catalogue(reader)
    onlooker = Onlooker(today=TODAY, user_id=reader.user_id, team_ids=reader.team_ids)
    wrong = []
    for what, test, _oracle in CASES:
        if what == "a flag":
            continue
        for tree in (test, Not(test), All((test, where("name", "filled"))), Either((test,))):
            found = {row["id"] for row in book if holds(tree, values_of(row), fields, onlooker)}
            if found != asked(tree, reader):
                wrong.append((what, tree))
    assert wrong == []


def values_of(row: Row) -> Row:
    """A customer of the book by the names of fields."""
    more = {"owner": row["owner_id"], "tier": tier_of(row), "phone": row["mobile"]}
    return {**row, **more}
