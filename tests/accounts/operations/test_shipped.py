"""What a book starts with, and what an upgrade may add to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from crmlite import clock
from crmlite.access import Permission
from crmlite.access.permissions import permissions
from crmlite.accounts import operations, queries
from crmlite.accounts.models import Team
from crmlite.accounts.operations import TeamChange
from crmlite.accounts.operations.shipped import shipped_scope
from crmlite.extensions import database
from crmlite.work.actors import command_line
from crmlite.work.epoch import epoch
from tests.declaring import declare


def ensure():
    """Run it as an upgrade does."""
    return operations.ensure_shipped(by=command_line(), at=clock.now())


@contextmanager
def new_right(app, **defaults) -> Iterator[str]:
    """A right that a later version brings."""
    right = Permission(name="parrots:feed", label="Feed parrots", group="Birds", defaults=defaults)
    known = tuple(permissions().values())
    declare(app, "register_permissions", (*known, right))
    try:
        yield right.name
    finally:
        declare(app, "register_permissions", known)


def test_every_right_is_given_as_it_says(inside):
    for role in queries.roles():
        for name, right in permissions().items():
            assert role.grants.get(name, "") == shipped_scope(right.defaults, role.key)


def test_a_manager_may_do_everything(inside):
    manager = queries.role_by_key("manager")
    assert set(manager.grants) == set(permissions())
    assert set(manager.grants.values()) == {"all"}


def test_sales_and_support_manage_nothing(inside):
    for key in ("sales", "support"):
        grants = queries.role_by_key(key).grants
        assert not [name for name in grants if name.startswith(("people:", "roles:", "settings:"))]


def test_running_it_again_changes_nothing(inside):
    before = epoch()
    assert ensure() is False
    assert epoch() == before
    assert len(database.session.execute(select(Team.__table__)).all()) == 4


def test_what_a_manager_changed_stays(inside):
    by, at = command_line(), clock.now()
    sales = queries.role_by_key("sales")
    operations.set_grants({sales.id: {"customers:see": ""}}, by=by, at=at)
    for team in queries.teams():
        change = TeamChange(label={"en": f"Renamed {team.id}"})
        operations.update_team(team.id, change, by=by, at=at)
    operations.update_role(sales.id, {"en": "Sellers"}, by=by, at=at)
    assert ensure() is False
    role = queries.role_by_key("sales")
    assert "customers:see" not in role.grants
    assert role.label == {"en": "Sellers"}
    assert all(team.label["en"].startswith("Renamed") for team in queries.teams())


def test_a_right_of_a_later_version_is_given_once(inside):
    with new_right(inside, sales="all") as name:
        assert "parrots:feed" not in queries.role_by_key("manager").grants
        assert ensure() is True
        assert queries.role_by_key("sales").grants[name] == "all"
        assert queries.role_by_key("manager").grants[name] == "all"
        assert name not in queries.role_by_key("support").grants
        sales = queries.role_by_key("sales")
        operations.set_grants({sales.id: {name: ""}}, by=command_line(), at=clock.now())
        assert ensure() is False
        assert name not in queries.role_by_key("sales").grants


@pytest.mark.parametrize(
    ("defaults", "role", "scope"),
    [
        ({}, "manager", "all"),
        ({"manager": "own"}, "manager", "own"),
        ({"manager": ""}, "manager", ""),
        ({"sales": "team"}, "sales", "team"),
        ({"sales": "team"}, "support", ""),
    ],
)
def test_a_manager_has_every_right_that_does_not_say_otherwise(defaults, role, scope):
    assert shipped_scope(defaults, role) == scope
