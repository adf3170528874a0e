"""Orders with what packs and managers have recorded of them: read from files by any of its names, kept,
changed, and written so that it is read again."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.extensions import database
from crmlite.fields.queries import field_of
from crmlite.fields.showing import of_record
from crmlite.imports import queries
from crmlite.imports.operations import runs
from crmlite.rules.fields import Choice, Field
from crmlite.sales.models import Order
from crmlite.testing import person_id
from crmlite.work import Actor
from tests.exports.test_orders import exported
from tests.fields.packs import bring, switch
from tests.imports.bringing import begun, counts, finished, imported, taken_back, text

ORDERS = Order.__table__
CHANNELS = (Choice("shop", {"en": "Web shop", "zh": "网店"}), Choice("store", {"en": "Store"}))
FIELDS = [
    Field(name="works__po", label={"en": "Their order no.", "zh": "客户订单号"}, aliases=("PO",)),
    Field(name="works__channel", label="Sold through", kind="choice", choices=CHANNELS),
    Field(name="works__promised", label="Promised for", kind="date"),
    Field(name="works__freight", label="Freight", kind="amount"),
    Field(name="works__secret", label="Secret", sensitive=True),
]
HEAD = "订单号,下单日期,客户名称,商品名称,数量,单价,po,Sold through,Promised for,Freight,Secret"
PUMPS = "A-1,2024-05-01,苏州云杉机械有限公司,水泵,2,100,77/x,网店,2024-06-01,12.5,Hazelnut"
HOSES = "A-1,2024-05-01,苏州云杉机械有限公司,软管,1,9,,,,,"


@pytest.fixture
def works(inside: Flask) -> Flask:
    bring(inside, "works", order=FIELDS)
    return inside


def kept(number: str = "A-1") -> dict[str, Any]:
    """What an order has in these fields, opened."""
    row = database.session.execute(select(ORDERS).where(ORDERS.c.number == number)).mappings().one()
    found = {}
    for name in row["extra"] or {}:
        field = field_of("order", name)
        assert field is not None
        value = of_record(everything(), ORDERS, field, {**row, "owner_id": None}, None)
        found[name.partition("__")[2]] = getattr(value, "value", value)
    return found


def brought(*rows: str, head: str = HEAD, **options: Any) -> Mapping[str, Any]:
    given = {"unknown_customers": "create", **options}
    return imported(text(head, *rows), "orders.csv", about="orders", **given)


WHOLE = {"po": "77/x", "channel": "shop", "freight": 1250, "secret": "Hazelnut"}


def test_they_are_read_by_any_of_their_names(works: Flask):
    run = brought(PUMPS, HOSES)
    assert counts(run) == (2, 0, 0, 0)
    found = kept()
    assert str(found.pop("promised")) == "2024-06-01"
    assert found == WHOLE
    assert "Hazelnut" not in str(database.session.execute(select(ORDERS.c.extra)).scalar())


def test_a_value_that_cannot_be_read_costs_itself(works: Flask):
    run = brought(PUMPS.replace("网店", "Market").replace("12.5", "lots"))
    assert counts(run) == (1, 0, 0, 0)
    assert kept().keys() == {"po", "promised", "secret"}
    [row] = queries.rows_of(run["id"], limit=5)
    assert [one["heading"] for one in row["doubts"]] == ["Sold through", "Freight"]


def test_a_file_that_comes_again_changes_them_and_an_undo_puts_them_back(works: Flask):
    brought(PUMPS)
    run = brought(PUMPS.replace("77/x", "78").replace("网店", ""), on_duplicate="update")
    assert counts(run) == (0, 1, 0, 0)
    assert (kept()["po"], kept()["channel"]) == ("78", "shop")
    taken_back(run["id"])
    assert kept()["po"] == "77/x"


def test_what_is_written_is_read_again(works: Flask):
    brought(PUMPS, HOSES)
    for lang in ("en", "zh"):
        file = exported("csv", lang)
        first, second = csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
        words = {"en": "Their order no.", "zh": "客户订单号"}
        assert (first[words[lang]], second[words[lang]]) == ("77/x", "")
        run = imported(file, "again.csv", about="orders", on_duplicate="update")
        assert counts(run)[3] == 0
        assert kept()["po"] == "77/x"


def test_who_may_not_see_what_is_sealed_leaves_it_as_it_is(works: Flask):
    brought(PUMPS)
    by = Actor("person", "manager", person_id("manager"))
    content = text(HEAD, PUMPS.replace("77/x", "78").replace("12.5", "99").replace("Haz", "Wal"))
    import_id = begun(content, about="orders", by=by, on_duplicate="update")
    covers = Reader.covers

    def covers_less(reader: Reader, right: str, owner_id: int | None) -> bool:
        return right != "customers:unmask" and covers(reader, right, owner_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "covers", covers_less)
        runs.start(import_id, by=by, at=clock.now())
        run = finished(import_id)
    assert counts(run) == (0, 1, 0, 0)
    found = kept()
    assert (found["po"], found["freight"], found["secret"]) == ("78", 9900, "Hazelnut")
    [row] = queries.rows_of(import_id, limit=5)
    told = [(one["heading"], one["code"]) for one in row["doubts"]]
    assert told == [("Secret", "import_not_allowed")]


def test_a_pack_that_is_off_has_no_columns(works: Flask):
    switch(works, "works", on=False)
    run = brought(PUMPS)
    assert counts(run) == (1, 0, 0, 0)
    extra = database.session.execute(select(ORDERS.c.extra)).scalar()
    assert not extra
    targets = {one["target"] for one in queries.load(run["id"])["columns"]}
    assert not any("works__" in (one or "") for one in targets)
