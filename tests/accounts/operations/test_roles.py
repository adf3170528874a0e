"""Operations on roles: keys, rights, versions."""

import pytest

from crmlite import clock
from crmlite.access.permissions import UnknownPermission
from crmlite.accounts import operations, queries
from crmlite.accounts.operations import NewRole
from crmlite.work import Gone, Refused, Stale
from crmlite.work.actors import command_line


def by_at():
    """Who does it, and when."""
    return {"by": command_line(), "at": clock.now()}


def test_the_command_line_can_name_a_role_by_its_english_name(inside):
    for label, key in (
        ({"en": "Customer success!"}, "customer_success"),
        ({"en": "Customer success!"}, None),
        ({"zh": "市场"}, None),
        ({"en": "x" * 60}, "x" * 40),
    ):
        role_id = operations.create_role(NewRole(label=label, grants={}), **by_at())
        found = {role.id: role.key for role in queries.roles()}[role_id]
        assert found == key or (key is None and found.startswith("role_") and len(found) <= 40)


def test_a_right_that_nobody_registered_is_an_error(inside):
    sales = queries.role_by_key("sales")
    with pytest.raises(UnknownPermission):
        operations.set_grants({sales.id: {"customers:fly": "all"}}, **by_at())


def test_only_what_is_named_changes(inside):
    sales = queries.role_by_key("sales")
    assert operations.set_grants({sales.id: {"customers:see": "team"}}, **by_at()) == [sales.id]
    after = queries.role_by_key("sales")
    assert after.grants == {**sales.grants, "customers:see": "team"}
    assert after.version == sales.version + 1
    assert operations.set_grants({sales.id: {"customers:see": "team"}}, **by_at()) == []
    assert queries.role_by_key("sales").version == after.version


def test_all_of_it_or_nothing(inside):
    sales, manager = queries.role_by_key("sales"), queries.role_by_key("manager")
    wanted = {sales.id: {"customers:see": "all"}, manager.id: {"people:manage": ""}}
    with pytest.raises(Refused) as refusal:
        operations.set_grants(wanted, **by_at())
    assert refusal.value.params == {"permission": "people:manage"}
    assert queries.role_by_key("sales").grants == sales.grants


def test_stale_and_vanished_roles_are_told_apart(inside):
    sales = queries.role_by_key("sales")
    with pytest.raises(Stale):
        operations.set_grants({sales.id: {}}, versions={sales.id: 9}, **by_at())
    with pytest.raises(Stale):
        operations.update_role(sales.id, {"en": "x"}, version=9, **by_at())
    with pytest.raises(Gone):
        operations.set_grants({9999: {}}, **by_at())


def test_the_right_over_people_may_move_to_another_role(inside):
    sales, manager = queries.role_by_key("sales"), queries.role_by_key("manager")
    wanted = {sales.id: {"people:manage": "all"}, manager.id: {"people:manage": ""}}
    assert operations.set_grants(wanted, **by_at()) == [sales.id, manager.id]
