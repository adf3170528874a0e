"""The file of what a pack left tells nobody more than they see anyhow."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from crmlite import clock
from crmlite.accounts.operations import set_grants
from crmlite.accounts.queries import role_by_key
from crmlite.extensions import database
from crmlite.objects.models import Object
from crmlite.packs import operations, queries
from crmlite.testing import SignIn, csrf_token
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from tests.customers.records import add, send
from tests.objects.test_pages import COUPON
from tests.objects.trade import KINDS

TRADE = f"""
[pack]
title = "Trade"
description = "For trying out"
[tags.loyal]
label = "Loyal"
dimension = "behaviour"
{KINDS}
"""


def left(app: Flask, login: str) -> str:
    """The file, for somebody."""
    client = SignIn(app)(login)
    token = csrf_token(client, "/packs/trade")
    file = client.post("/packs/trade/left.json", data={"csrf_token": token})
    assert file.status_code == 200
    return file.text


def test_who_manages_packs_and_sees_little_is_told_little(started: Callable[..., Flask]):
    app = started(trade={"pack.toml": TRADE})
    with app.app_context():
        operations.enable_pack("trade", by=command_line(), at=clock.now())
        database.session.remove()
    for owner, pin in (("sales", "Hazelnut"), ("sales2", "Walnut")):
        number = add(app, owner)
        given = COUPON | {"trade__coupon_pin": pin, "trade__coupon_code": f"CODE-{owner}"}
        new = f"/records/trade__coupon/new?customer={number}"
        assert send(SignIn(app)("manager"), new, given).status_code == 303
    whole = left(app, "manager")
    with app.app_context():
        table = OperationRow.__table__
        taken = database.session.execute(
            select(table.c.name).where(table.c.name == "pack_data_taken")
        )
        assert taken.scalars().all() == ["pack_data_taken"]
        database.session.remove()
    assert [word in whole for word in ("Hazelnut", "Walnut", "CODE-sales2")] == [True] * 3
    with app.app_context():
        sales = role_by_key("sales")
        assert sales is not None
        rights = {"packs:manage": "all", "customers:unmask": "", "customers:amounts": ""}
        set_grants({sales.id: rights}, by=command_line(), at=clock.now())
        database.session.remove()
    told = left(app, "sales")
    assert "CODE-sales" in told and '"left_out": 1' in told
    assert [word for word in ("Hazelnut", "Walnut", "CODE-sales2", "1250") if word in told] == []


def test_it_goes_in_batches_and_goes_on_where_it_was_cut_short(
    started: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("crmlite.objects.pack_parts.AT_ONCE", 2)
    app = started(trade={"pack.toml": TRADE})
    manager = SignIn(app)("manager")
    told = {"by": command_line(), "at": clock.now()}
    with app.app_context():
        operations.enable_pack("trade", **told)
        database.session.remove()
    number = add(app, "sales")
    for place in range(5):
        given = COUPON | {"trade__coupon_code": f"CODE-{place}"}
        new = f"/records/trade__coupon/new?customer={number}"
        assert send(manager, new, given).status_code == 303
    with app.app_context():
        operations.disable_pack("trade", **told)
        breaths = iter(range(9))

        def breathe(_seconds: float) -> None:
            if next(breaths) == 1:
                raise InterruptedError

        monkeypatch.setattr(operations.time, "sleep", breathe)
        with pytest.raises(InterruptedError):
            operations.purge_pack("trade", **told)
        assert left_of(Object) == 1
        assert operations.purge_pack("trade", **told)["objects"] == 1
        assert left_of(Object) == 0
        assert queries.held("trade") == []
        table = OperationRow.__table__
        purges = (
            select(table.c.part_of_id).where(table.c.name == "pack_purged").order_by(table.c.id)
        )
        first, second, third, last = database.session.execute(purges).scalars()
        assert (first, third) == (None, None)
        assert second is not None and last is not None
        database.session.remove()


def left_of(model: type) -> int:
    found = select(func.count()).select_from(model.__table__)
    return database.session.execute(found).scalar_one()
