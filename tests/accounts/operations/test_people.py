"""Operations on people: what they refuse, what the ledger keeps of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts import operations, queries, sessions
from crmlite.accounts.models import User
from crmlite.accounts.operations import NewUser, UserChange
from crmlite.extensions import database
from crmlite.testing import person_id
from crmlite.work import Actor, Gone, Refused, Stale, undo
from crmlite.work.actors import command_line
from crmlite.work.epoch import epoch
from crmlite.work.ledger import ChangeRow, OperationRow


def by_at():
    """Who does it, and when."""
    return {"by": command_line(), "at": clock.now()}


def new(login="emma", **more):
    """Somebody new."""
    return NewUser(
        **{"login": login, "name": "Emma", "role": "sales", "password_hash": "x", **more}
    )


def diffs(name):
    """What operations of a name changed."""
    change, done = ChangeRow.__table__, OperationRow.__table__
    found = database.session.execute(
        select(change.c.record_type, change.c.diff)
        .join(done, done.c.id == change.c.operation_id)
        .where(done.c.name == name)
        .order_by(change.c.id.desc())
    )
    return [(row.record_type, row.diff) for row in found]


def last_operation():
    """The id of what was done last."""
    return database.session.execute(select(func.max(OperationRow.__table__.c.id))).scalar_one()


def test_somebody_new_is_known_at_once(inside):
    before = epoch()
    user_id = operations.create_user(new(team_ids=[1, 2]), **by_at())
    assert epoch() > before
    assert queries.people()[user_id].name == "Emma"
    assert {team.id for team in queries.teams() if user_id in team.member_ids} == {1, 2}
    kinds = [kind for kind, _diff in diffs("user_created")[:3]]
    assert sorted(kinds) == ["membership", "membership", "user"]


def test_a_password_never_reaches_the_ledger(inside):
    operations.create_user(new(password_hash="secret-hash"), **by_at())
    operations.set_password(person_id("sales"), "secret-hash", **by_at())
    operations.change_own_password(person_id("sales"), "secret-hash", **by_at())
    every = database.session.execute(select(ChangeRow.__table__.c.diff)).scalars().all()
    assert "secret-hash" not in str(every)
    assert [set(diff) for _kind, diff in diffs("password_set")] == [
        {"password_set_at", "must_change_password"}
    ]


def test_a_new_password_is_not_undone_by_halves(inside):
    user_id = person_id("sales")
    operations.set_password(user_id, "other", **by_at())
    with pytest.raises(Refused) as refused:
        undo(last_operation(), **by_at())
    assert refused.value.code == "cannot-be-undone"
    table = User.__table__
    row = database.session.execute(select(table).where(table.c.id == user_id)).one()
    assert row.must_change_password


def test_a_name_that_is_undone_sorts_by_the_earlier_one_again(inside):
    user_id, table = person_id("support"), User.__table__
    before = database.session.execute(select(table).where(table.c.id == user_id)).one()
    operations.update_user(
        user_id, UserChange(login="support", name="阿明", role="support"), **by_at()
    )
    undo(last_operation(), **by_at())
    after = database.session.execute(select(table).where(table.c.id == user_id)).one()
    assert (after.name, after.name_sort) == (before.name, before.name_sort)


def test_what_does_not_fit_is_refused_and_leaves_nothing(inside):
    before = len(database.session.execute(select(OperationRow.__table__.c.id)).all())
    for value, code in ((new("sales"), "login_taken"), (new(role="pope"), "role_unknown")):
        with pytest.raises(Refused) as refusal:
            operations.create_user(value, **by_at())
        assert refusal.value.code == code
    change = UserChange(login="support", name="x", role="sales")
    with pytest.raises(Refused):
        operations.update_user(person_id("sales"), change, **by_at())
    assert len(database.session.execute(select(OperationRow.__table__.c.id)).all()) == before


def test_two_who_take_a_login_at_once_are_not_both_served(app):
    def take(_number):
        with app.app_context():
            try:
                return operations.create_user(new("wanted"), **by_at())
            except Refused as refusal:
                return refusal.code

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(take, range(8)))
    assert answers.count("login_taken") == 7
    with app.app_context():
        found = database.session.execute(select(User.__table__).where(User.login == "wanted"))
        assert len(found.all()) == 1


def test_a_stale_or_vanished_person_is_told_apart(inside):
    change = UserChange(login="sales", name="x", role="sales")
    with pytest.raises(Stale):
        operations.update_user(person_id("sales"), change, version=99, **by_at())
    with pytest.raises(Gone):
        operations.update_user(987654, replace(change, login="ghost"), **by_at())


def test_changing_a_name_ends_no_session_and_changing_the_role_does(inside):
    user_id = person_id("sales")
    set_at = queries.credentials("sales").password_set_at
    token = sessions.start_session(user_id, "", password_set_at=set_at, at=clock.now())
    change = UserChange(login="sales", name="Lin", role="sales", title="Head")
    operations.update_user(user_id, change, **by_at())
    assert sessions.load_reader(token).name == "Lin"
    change = UserChange(login="sales", name="Lin", role="support")
    operations.update_user(user_id, change, **by_at())
    assert sessions.load_reader(token) is None


def test_teams_are_left_alone_unless_they_are_named(inside):
    user_id = person_id("sales")
    before = {team.id for team in queries.teams() if user_id in team.member_ids}
    operations.update_user(user_id, UserChange(login="sales", name="Lin", role="sales"), **by_at())
    assert {team.id for team in queries.teams() if user_id in team.member_ids} == before != set()
    change = UserChange(login="sales", name="Lin", role="sales", team_ids=[])
    operations.update_user(user_id, change, **by_at())
    assert not {team.id for team in queries.teams() if user_id in team.member_ids}


def test_nobody_shuts_out_themselves_or_the_last_in_charge(inside):
    manager = person_id("manager")
    with pytest.raises(Refused) as refusal:
        operations.disable_user(manager, by=Actor("person", "Grace Shen", manager), at=clock.now())
    assert refusal.value.code == "oneself"
    with pytest.raises(Refused) as refusal:
        operations.disable_user(manager, **by_at())
    assert refusal.value.code == "last_in_charge"
    assert queries.people()[manager].active


def test_two_managers_who_shut_out_each_other_do_not_both_succeed(app):
    with app.app_context():
        change = UserChange(login="sales", name="Lin", role="manager")
        operations.update_user(person_id("sales"), change, **by_at())
        ids = (person_id("sales"), person_id("manager"))

    def shut_out(user_id):
        with app.app_context():
            try:
                operations.disable_user(user_id, **by_at())
            except Refused as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = sorted(pool.map(shut_out, ids))
    assert answers == ["done", "last_in_charge"]


def test_the_theme_and_the_profile_are_one_s_own(inside):
    user_id = person_id("sales")
    operations.choose_theme(user_id, "dark", **by_at())
    operations.update_profile(user_id, name="Lin", lang="zh", **by_at())
    row = queries.user_row(user_id)
    assert (row["theme"], row["name"], row["lang"]) == ("dark", "Lin", "zh")
    assert "password_hash" not in row
