"""Questions about people that other rooms ask."""

import pytest
from sqlalchemy import event

from crmlite import clock
from crmlite.accounts import operations, queries
from crmlite.extensions import database
from crmlite.testing import person_id
from crmlite.work.actors import command_line

SEE = "customers:see"


def by_at():
    """Who does it, and when."""
    return {"by": command_line(), "at": clock.now()}


def test_everyone_is_listed_by_name_in_pinyin(inside):
    assert [one.name for one in queries.people().values()] == [
        "Grace Shen", "林知夏", "Oliver Hartwell", "周牧",
    ]  # fmt: skip
    operations.disable_user(person_id("sales"), **by_at())
    assert not queries.people()[person_id("sales")].active
    assert queries.person_name(person_id("sales")) == "林知夏"
    assert queries.person_name(None) == queries.person_name(-5) == ""


def test_owners_are_active_people_who_see_customers(inside):
    assert {one.login for one in queries.owners()} == {"manager", "sales", "sales2", "support"}
    support = queries.role_by_key("support")
    operations.set_grants({support.id: {"customers:see": ""}}, **by_at())
    operations.disable_user(person_id("sales2"), **by_at())
    assert {one.login for one in queries.owners()} == {"manager", "sales"}


def test_a_login_is_found_however_it_is_written(inside):
    assert queries.user_by_login(" SALES ").id == person_id("sales")
    assert queries.user_by_login("nobody") is None
    assert queries.credentials("ＳＡＬＥＳ").id == person_id("sales")
    for text in ("", "nobody", "\x00", "sales\x00", "\ud800", "x" * 100_000, "' OR ''='"):
        assert queries.credentials(text) is None


def test_mates_and_members(inside):
    sales, manager = person_id("sales"), person_id("manager")
    assert queries.team_mates(sales) == {sales, manager, person_id("sales2")}
    assert queries.team_mates(-1) == {-1}
    assert queries.member_ids(1) == queries.team_mates(sales)
    assert queries.member_ids(999) == frozenset()


def test_asking_again_costs_no_statement(inside):
    queries.people()
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    for _ in range(20):
        queries.people(), queries.owners(), queries.teams(), queries.roles()
    assert seen == []


@pytest.mark.parametrize(
    ("grants", "limit", "within"),
    [
        ({}, {}, True),
        ({SEE: "own"}, {SEE: "own"}, True),
        ({SEE: "own"}, {SEE: "team"}, True),
        ({SEE: "all"}, {SEE: "team"}, False),
        ({SEE: "own"}, {}, False),
        ({SEE: ""}, {}, True),
        ({SEE: "own", "gone:see": "all"}, {SEE: "own"}, True),
    ],
)
def test_rights_are_compared_by_how_far_they_reach(inside, grants, limit, within):
    assert queries.is_within(grants, limit) is within
