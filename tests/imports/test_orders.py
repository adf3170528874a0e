"""Orders out of files: a row for each line or each order, known ones, returns, whole books of them."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.imports import queries, working
from crmlite.imports.operations import runs
from crmlite.imports.trying import try_out
from crmlite.sales.models import Order, OrderLine, OrderReturn, Product
from crmlite.sales.operations import OrderDraft, ReturnDraft, add_order, add_return, update_order
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.followups.conftest import add_customer
from tests.imports.bringing import (
    begun,
    counts,
    customers,
    finished,
    imported,
    said,
    taken_back,
    text,
)
from tests.imports.test_going_on import killed
from tests.real_files import real_file

HEAD = "订单号,下单日期,客户编号,客户名称,商品编码,商品名称,数量,单位,单价,金额"
FIRM = "苏州云杉精密机械有限公司"
PUMPS = f"A-1,2024-05-01,K1,{FIRM},P1,水泵,2,台,100,200"
HOSES = f"A-1,2024-05-01,K1,{FIRM},P2,软管,3.5,米,3.33,11.66"
LATER = f"A-2,2024-05-03,K1,{FIRM},P1,水泵,1,台,90,90"
BACK = f"R-9,2024-06-01,K1,{FIRM},P1,水泵,-1,台,100,-100"


def brought(*lines: str, head: str = HEAD, name: str = "orders.csv", **options: Any) -> Any:
    """An import of orders at its end."""
    given = {"unknown_customers": "create", **options}
    return imported(text(head, *lines), name, about="orders", **given)


def orders() -> dict[str, Mapping[str, Any]]:
    """The orders of the book by number."""
    table = Order.__table__
    rows = database.session.execute(select(table).where(table.c.state == "active")).mappings()
    return {row["number"]: row for row in rows}


def lines(number: str) -> list[tuple[str, int, int, int]]:
    """The lines of an order: name, quantity, price, amount."""
    table = OrderLine.__table__
    wanted = select(table.c.name, table.c.quantity, table.c.price, table.c.amount).where(
        table.c.order_id == orders()[number]["id"], table.c.state == "active"
    )
    found = database.session.execute(wanted.order_by(table.c.position, table.c.id))
    return [(row.name, row.quantity, row.price, row.amount) for row in found]


def back() -> list[tuple[str, int]]:
    """What came back: the number of the return and what was paid."""
    table = OrderReturn.__table__
    wanted = select(table.c.number, table.c.amount).where(table.c.state == "active")
    return [
        (row.number, row.amount) for row in database.session.execute(wanted.order_by(table.c.id))
    ]


def facts() -> tuple[int, int, date | None, date | None]:
    """What is kept of the only customer: orders, bought, first and last day."""
    table, customer = Facts.__table__, Customer.__table__
    wanted = select(table).join(customer, customer.c.id == table.c.customer_id)
    row = database.session.execute(wanted.where(customer.c.state == "active")).mappings().one()
    return row["orders"], row["bought"], row["first_order_on"], row["last_order_on"]


def products(state: str = "active") -> dict[str, Any]:
    """The products by code."""
    table = Product.__table__
    rows = database.session.execute(select(table).where(table.c.state == state)).mappings()
    return {row["code"]: row for row in rows}


def test_rows_with_one_number_are_one_order(inside: Flask) -> None:
    run = brought(PUMPS, HOSES, LATER)
    assert (said(run), counts(run)) == ({}, (3, 0, 0, 0))
    assert lines("A-1") == [("水泵", 2000, 10_000, 20_000), ("软管", 3500, 333, 1166)]
    found = orders()["A-1"]
    day = date(2024, 5, 1)
    assert (found["ordered_on"], found["status"], found["total"]) == (day, "closed", 21_166)
    assert list(customers()) == ["K1"]
    assert facts() == (2, 30_166, day, date(2024, 5, 3))
    pump = products()["P1"]
    assert (pump["name"], pump["unit"], pump["price"]) == ("水泵", "unit", 10_000)


def test_rows_that_stand_apart_are_one_order_also_over_batches(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.imports.working.SIZES", {"orders": 1})
    run = brought(PUMPS, LATER, HOSES)
    assert counts(run) == (3, 0, 0, 0)
    assert [line[0] for line in lines("A-1")] == ["水泵", "软管"]
    assert facts()[:2] == (2, 30_166)


def test_rows_below_merged_cells_belong_to_the_row_above(inside: Flask) -> None:
    run = brought(PUMPS, ",,,,P2,软管,1,米,3,3", ",,,,P3,阀门,1,台,5,5", LATER)
    assert counts(run) == (4, 0, 0, 0)
    assert [line[0] for line in lines("A-1")] == ["水泵", "软管", "阀门"]


def test_an_order_without_lines_has_one_with_its_total(inside: Flask) -> None:
    run = brought(f"A-1,2024-05-01,{FIRM},66万", head="订单号,日期,客户,订单金额")
    assert said(run) == {}
    assert lines("A-1") == [("As imported", 1000, 66_000_000, 66_000_000)]


def test_amounts_follow_the_unit_of_their_heading(inside: Flask) -> None:
    brought(f"A-1,2024-05-01,{FIRM},1.5", head="订单号,日期,客户,订单金额(万元)")
    assert orders()["A-1"]["total"] == 1_500_000


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        pytest.param("3,,3.33,10.00", (3000, 334, 1000), id="rounded in the shop"),
        pytest.param("2,,100,180", (2000, 10_000, 18_000), id="less than the price"),
        pytest.param("1000,,0.0185,", (1_000_000, 2, 1850), id="parts of a fen"),
        pytest.param("4,,,100", (4000, 2500, 10_000), id="no price"),
        pytest.param(",,,99", (1000, 9900, 9900), id="an amount alone"),
        pytest.param("2,10%,100,", (2000, 10_000, 18_000), id="a rate off"),
        pytest.param("2,-20,100,", (2000, 10_000, 18_000), id="an amount off, below zero"),
        pytest.param("2件,9折,100,180", (2000, 10_000, 18_000), id="with its unit"),
    ],
)
def test_what_is_paid_is_what_the_file_says(
    inside: Flask, figures: str, line: tuple[int, int, int]
) -> None:
    head = "订单号,日期,客户,产品,数量,折扣,单价,金额"
    run = brought(f"A-1,2024-05-01,{FIRM},水泵,{figures}", head=head)
    assert counts(run) == (1, 0, 0, 0)
    assert [found[1:] for found in lines("A-1")] == [line]


def test_the_total_of_the_order_counts(inside: Flask) -> None:
    head = "订单号,日期,客户,产品,数量,单价,实付金额"
    run = brought(
        f"A-1,2024-05-01,{FIRM},水泵,2,100,190",
        f"A-1,2024-05-01,{FIRM},软管,1,10,190",
        f"A-2,2024-05-01,{FIRM},水泵,1,100,112",
        head=head,
    )
    assert said(run) == {2: ["order_total_counts"], 4: ["order_total_counts"]}
    first, second = orders()["A-1"], orders()["A-2"]
    assert (first["subtotal"], first["total"]) == (21_000, 19_000)
    assert (second["total"], lines("A-2")[1]) == (11_200, ("Further charges", 1000, 1200, 1200))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"A-1,,K1,{FIRM},P1,水泵,2,台,100,200", "order_day_missing"),
        (f"A-1,31 July,K1,{FIRM},P1,水泵,0,台,100,200", "quantity_nothing"),
        (f"A-1,2024-02-31,K1,{FIRM},P1,水泵,2,台,100,200", "date_impossible"),
        ("A-1,2024-05-01,,,P1,水泵,2,台,100,200", "order_customer_missing"),
        (f"A-1,2024-05-01,K1,{FIRM},P1,水泵,2,台,free,200", "amount_unreadable"),
        (f"A-1,2024-05-01,K1,{FIRM},P1,水泵,2,台,••••,••••", "order_price_missing"),
        (f"A-1,2024-05-01,K1,{FIRM},P1,水泵,2,台,,", "order_price_missing"),
    ],
)
def test_a_figure_that_cannot_be_read_costs_the_order(inside: Flask, row: str, code: str) -> None:
    run = brought(row, LATER)
    assert counts(run) == (1, 0, 0, 1)
    assert code in said(run)[2]
    assert list(orders()) == ["A-2"]


def test_an_order_of_which_a_row_cannot_be_is_left_out_whole(inside: Flask) -> None:
    run = brought(PUMPS.replace(",100,200", ",free,"), HOSES, LATER)
    assert counts(run) == (1, 0, 0, 2)
    assert said(run) == {2: ["amount_unreadable"], 3: ["order_row_failed"]}


def test_other_values_cost_themselves(inside: Flask) -> None:
    head = "订单号,日期,客户,产品,单位,数量,单价,订单状态,销售人员,预计交货日期"
    run = brought(f"#1001,2024-05-01,{FIRM},水泵,大桶,1,5,在路上,nobody,soon", head=head)
    assert counts(run) == (1, 0, 0, 0)
    assert set(said(run)[2]) == {
        "order_number_written",
        "order_status_unknown",
        "order_unit_unknown",
        "order_seller_unknown",
        "date_unreadable",
    }
    assert orders()["1001"]["total"] == 500


def test_states_and_people_are_read_as_they_are_called(inside: Flask) -> None:
    head = "订单号,日期,客户,产品,数量,单价,订单状态,业务员"
    brought(
        f"A-1,2024-05-01,{FIRM},水泵,1,5,已发货,sales",
        f"A-2,2024-05-01,{FIRM},水泵,1,5,Draft,sales",
        f"A-3,2024-05-01,{FIRM},水泵,1,5,交易关闭,sales",
        head=head,
    )
    found = orders()
    assert [found[n]["status"] for n in ("A-1", "A-2", "A-3")] == [
        "delivered",
        "draft",
        "cancelled",
    ]
    assert {order["seller_id"] for order in found.values()} == {person_id("sales")}
    assert facts()[:2] == (1, 500)


def test_what_lies_ahead_is_only_confirmed(inside: Flask) -> None:
    brought(f"A-1,2199-05-01,K1,{FIRM},P1,水泵,2,台,100,200")
    assert orders()["A-1"]["status"] == "confirmed"


def test_an_order_may_be_in_another_currency(inside: Flask) -> None:
    head = "订单号,日期,客户,产品,数量,单价,币种"
    run = brought(
        f"A-1,2024-05-01,{FIRM},Pump,1,5,EUR",
        f"A-2,2024-05-01,{FIRM},Pump,1,5,XYZ",
        f"A-3,2024-05-01,{FIRM},Pump,1,5,EUR",
        f"A-3,2024-05-01,{FIRM},Hose,1,5,USD",
        head=head,
    )
    assert counts(run) == (1, 0, 0, 3)
    assert orders()["A-1"]["currency"] == "EUR"
    assert said(run)[4] == ["order_two_currencies"]


class TestCustomers:
    """Whose orders are."""

    head = "订单号,日期,客户编号,客户,电话,订单金额"

    def row(self, number: str, customer: str) -> str:
        """An order of somebody: number, name, phone."""
        return f"{number},2024-05-01,{customer},100"

    def run(self, *whose: str, **options: Any) -> Any:
        """An order of each of these."""
        rows = (self.row(f"A-{place}", one) for place, one in enumerate(whose, 1))
        return brought(*rows, head=self.head, **options)

    def test_they_are_found_by_number_name_and_phone(self, inside: Flask) -> None:
        first = self.run(f"K1,{FIRM},13800000001", "K2,王伟,13800000002", "K3,王伟,13800000003")
        assert counts(first) == (3, 0, 0, 0)
        found = {number: row["id"] for number, row in customers().items()}
        again = imported(
            text(
                self.head,
                self.row("B-1", "K1,,"),
                self.row("B-2", f",{FIRM},"),
                self.row("B-3", ",王伟,138 0000 0003"),
                self.row("B-4", ",王伟,"),
                self.row("B-5", "K1,王伟,"),
                self.row("B-6", "K9,,"),
            ),
            about="orders",
        )
        whose = {number: order["customer_id"] for number, order in orders().items()}
        assert (whose["B-1"], whose["B-2"], whose["B-3"]) == (found["K1"], found["K1"], found["K3"])
        notes = said(again)
        assert notes[5] == ["order_customer_several"]
        assert notes[6] == ["order_customer_other_name"]
        assert notes[7] == ["order_customer_unknown"]
        assert counts(again) == (3, 0, 0, 3)

    def test_new_ones_are_called_by_their_number_where_there_is_no_name(
        self, inside: Flask
    ) -> None:
        run = self.run("17850.0,,", "17850.0,,")
        assert said(run) == {2: ["order_customer_named"]}
        assert customers()["17850"]["name"] == "17850"
        assert len(customers()) == 1

    def test_a_person_is_one_and_has_the_phone(self, inside: Flask) -> None:
        self.run(",王伟,13800000002")
        [row] = customers().values()
        assert row["kind"] == "person"

    def test_of_those_in_the_recycle_bin_the_number_is_free(self, inside: Flask) -> None:
        taken_back(self.run(f"K1,{FIRM},")["id"])
        run = self.run(f"K1,{FIRM},")
        assert (said(run), list(customers()), list(orders())) == ({}, ["K1"], ["A-1"])


class TestProducts:
    """What orders are about."""

    def test_words_are_kept_where_none_is_added(self, inside: Flask) -> None:
        brought(PUMPS, unknown_products="words")
        assert products() == {}
        assert lines("A-1")[0][0] == "水泵"

    def test_those_that_are_not_in_the_list_are_refused(self, inside: Flask) -> None:
        brought(PUMPS)
        run = brought(LATER, f"A-3,2024-05-01,K1,{FIRM},P9,泵,1,台,1,1", unknown_products="refuse")
        assert counts(run) == (1, 0, 0, 1)
        assert said(run)[3] == ["order_product_unknown"]

    def test_the_list_gives_name_unit_and_price(self, inside: Flask) -> None:
        brought(PUMPS)
        brought("B-1,2024-05-04,K1,P1,3", head="订单号,日期,客户编号,货号,数量")
        assert lines("B-1") == [("水泵", 3000, 10_000, 30_000)]

    def test_what_others_ordered_since_is_only_retired(self, inside: Flask) -> None:
        run = brought(PUMPS)
        brought("B-1,2024-05-04,K2,成都锐拓自动化有限公司,P1,水泵,1,台,100,100")
        taken_back(run["id"])
        assert list(products("retired")) == ["P1"]


class TestKnown:
    """Orders that the book has."""

    def test_they_are_held_back(self, inside: Flask) -> None:
        brought(PUMPS, HOSES)
        run = brought(PUMPS, HOSES, LATER)
        assert counts(run) == (1, 0, 2, 0)
        assert said(run)[2] == ["order_known"]

    def test_nothing_changes_where_the_file_says_the_same(self, inside: Flask) -> None:
        brought(PUMPS, HOSES, LATER)
        before = orders()
        run = brought(PUMPS, HOSES, LATER, on_duplicate="update")
        assert counts(run) == (0, 3, 0, 0)
        assert orders() == before
        assert run["operation_id"] is None

    def test_lines_change_until_the_order_is_delivered(self, inside: Flask) -> None:
        head = HEAD + ",订单状态"
        brought(f"{PUMPS},已确认", f"{HOSES},已确认", f"{LATER},已发货", head=head)
        run = brought(
            f"A-1,2024-05-02,K1,{FIRM},P1,水泵,5,台,100,500,已确认",
            f"A-1,2024-05-02,K1,{FIRM},P3,阀门,1,台,7,7,已确认",
            f"A-2,2024-05-03,K1,{FIRM},P1,水泵,2,台,90,180,已发货",
            head=head,
            on_duplicate="update",
        )
        assert counts(run) == (0, 2, 1, 0)
        assert said(run)[4] == ["order_lines_fixed"]
        assert [line[:2] for line in lines("A-1")] == [
            ("水泵", 5000),
            ("软管", 3500),
            ("阀门", 1000),
        ]
        assert orders()["A-1"]["ordered_on"] == date(2024, 5, 2)
        taken_back(run["id"])
        assert [line[:2] for line in lines("A-1")] == [("水泵", 2000), ("软管", 3500)]
        assert orders()["A-1"]["ordered_on"] == date(2024, 5, 1)

    def test_added_again_they_get_numbers_of_their_own(self, inside: Flask) -> None:
        brought(PUMPS, HOSES)
        run = brought(PUMPS, LATER, HOSES, on_duplicate="create")
        assert counts(run) == (3, 0, 0, 0)
        assert said(run) == {2: ["order_number_taken"]}
        assert sorted(orders()) == ["A-1", "A-2", "SO0001"]
        assert [line[0] for line in lines("SO0001")] == ["水泵", "软管"]
        assert len(lines("A-1")) == 2

    def test_an_order_of_another_customer_is_named(self, inside: Flask) -> None:
        brought(PUMPS)
        run = brought("A-1,2024-05-01,K2,成都锐拓自动化有限公司,P1,水泵,1,台,100,100")
        assert said(run)[2] == ["order_of_another"]

    def test_without_numbers_day_and_lines_tell(self, inside: Flask) -> None:
        head = "日期,客户,产品,数量,单价"
        rows = [f"2024-05-01,{FIRM},水泵,1,5", f"2024-05-01,{FIRM},水泵,1,5"]
        assert counts(brought(*rows, head=head)) == (2, 0, 0, 0)
        run = brought(*rows, f"2024-05-01,{FIRM},水泵,1,5", head=head)
        assert counts(run) == (1, 0, 2, 0)
        assert len(orders()) == 3


class TestReturns:
    """What came back."""

    def test_it_is_found_among_what_was_sold_the_latest_first(self, inside: Flask) -> None:
        run = brought(PUMPS, LATER, f"R-9,2024-06-01,K1,{FIRM},P1,水泵,-2,台,95,-190")
        assert said(run) == {}
        found = orders()
        assert (found["A-2"]["refunded"], found["A-1"]["refunded"]) == (9000, 10_000)
        assert back()[0][0] == "R-9"
        assert facts()[:2] == (2, 29_000 - 19_000)

    def test_a_cancelled_invoice_takes_its_own_order_back(self, inside: Flask) -> None:
        brought(PUMPS.replace("A-1", "536365"), LATER)
        brought(PUMPS.replace("A-1", "C536365").replace(",2,台,100,200", ",-2,台,100,-200"))
        assert orders()["536365"]["refunded"] == 20_000
        assert back() == [("C536365", 20_000)]

    def test_it_may_name_the_order_alone(self, inside: Flask) -> None:
        run = brought(PUMPS.replace("A-1", "536365"), "C536365,2024-06-01,,,P1,水泵,-1,台,100,-100")
        assert counts(run) == (2, 0, 0, 0)
        assert orders()["536365"]["refunded"] == 10_000

    def test_it_may_stand_among_the_rows_of_its_order(self, inside: Flask) -> None:
        run = brought(PUMPS, f"A-1,2024-06-01,K1,{FIRM},P1,水泵,-1,台,100,-100")
        assert counts(run) == (2, 0, 0, 0)
        assert orders()["A-1"]["refunded"] == 10_000

    def test_what_nobody_bought_is_named(self, inside: Flask) -> None:
        run = brought(PUMPS, BACK.replace("-1,台", "-3,台"), BACK.replace("P1", "P7"))
        assert counts(run) == (1, 0, 0, 2)
        assert said(run)[3] == ["order_return_unmatched"]

    def test_the_same_return_comes_once(self, inside: Flask) -> None:
        brought(PUMPS, BACK)
        run = brought(PUMPS, BACK)
        assert counts(run) == (0, 0, 2, 0)
        assert len(back()) == 1

    def test_to_an_order_of_before_it_is_a_change(self, inside: Flask) -> None:
        brought(PUMPS)
        run = brought(BACK)
        assert counts(run) == (0, 1, 0, 0)
        taken_back(run["id"])
        assert (back(), orders()["A-1"]["refunded"], facts()[1]) == ([], 0, 20_000)

    def test_no_more_is_paid_back_than_was_paid(self, inside: Flask) -> None:
        run = brought(PUMPS, BACK.replace("100,-100", "900,-900"))
        assert said(run)[3] == ["order_return_capped"]
        assert orders()["A-1"]["refunded"] == 20_000

    def test_what_is_left_to_pay_back_is_known_after_one_of_unknown_worth(
        self, inside: Flask
    ) -> None:
        unknown = f"R-8,2024-06-01,K1,{FIRM},P1,水泵,-1,台,,"
        run = brought(PUMPS, unknown, BACK.replace("100,-100", "150,-150"))
        assert counts(run) == (3, 0, 0, 0)
        assert said(run)[4] == ["order_return_capped"]
        assert dict(back()) == {"R-8": 10_000, "R-9": 10_000}


def test_no_file_cancels_what_came_back_or_completes_what_is_empty(inside: Flask) -> None:
    brought(PUMPS)
    pumps = orders()["A-1"]
    by, at = command_line(), clock.now()
    line = database.session.execute(select(OrderLine.id)).scalar_one()
    draft = ReturnDraft(
        quantities={line: 1000}, returned_on=date(2024, 5, 2), settlement="exchange"
    )
    add_return(pumps["id"], draft, by=by, at=at)
    empty = OrderDraft(
        customer_id=pumps["customer_id"],
        values={"ordered_on": date(2024, 5, 3), "status": "draft"},
        number="D-1",
    )
    add_order(empty, by=by, at=at)
    rows = f"{PUMPS},已取消", f"D-1,2024-05-03,K1,{FIRM},,,,,,,已完成"
    run = brought(*rows, head=f"{HEAD},订单状态", on_duplicate="update")
    assert counts(run) == (0, 0, 2, 0)
    assert said(run) == {2: ["order_has_returns"], 3: ["order_empty"]}
    assert [orders()[one]["status"] for one in ("A-1", "D-1")] == [pumps["status"], "draft"]


def test_a_dry_run_foretells_what_becomes_of_each_row(inside: Flask) -> None:
    rows = (PUMPS, HOSES, LATER, BACK, BACK.replace("P1", "P8"), ",2024-05-01,,,P1,水泵,2,台,1,2")
    import_id = begun(text(HEAD, *rows), about="orders", unknown_customers="create")
    runs.check(import_id, by=command_line(), at=clock.now())
    foretold = fates(finished(import_id))
    assert orders() == {}
    runs.start(import_id, by=command_line(), at=clock.now())
    assert fates(finished(import_id)) == foretold
    assert [*foretold.values()] == [*["created"] * 4, *["failed"] * 2]


def test_a_trial_on_the_command_line_foretells_it_by_the_same_batches(
    inside: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.imports.working.SIZES", {"orders": 2})
    known = HOSES.replace("A-1", "A-0"), PUMPS.replace("A-1", "A-3").replace("K1", "K2")
    between = HOSES.replace("A-1", "A-4")
    file = tmp_path / "orders.csv"
    file.write_bytes(text(HEAD, *known, BACK, between, PUMPS))
    options = runs.Options(unknown_customers="create", unknown_products="create")
    foretold, _held = try_out(file, options, about="orders")
    import_id = begun(file.read_bytes(), about="orders", unknown_customers="create")
    runs.start(import_id, by=command_line(), at=clock.now())
    assert counts(finished(import_id)) == (4, 0, 0, 1)
    assert (foretold["created"], foretold["failed"]) == (4, 1)


def test_a_trial_lists_as_many_mistakes_as_an_import(
    inside: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.imports.trying.MOST_ERRORS", 2)
    monkeypatch.setattr("crmlite.imports.wording.MOST_ERRORS", 2)
    file = tmp_path / "orders.csv"
    # Of two rows something else is to be said: their customers are called by their numbers.
    named = [f"A-{number},2024-05-01,K{number},,P1,水泵,1,台,90,90" for number in (5, 6)]
    wrong = [BACK.replace("P1", "P8"), BACK.replace("P1", "P9"), BACK.replace("P1", "P7")]
    file.write_bytes(text(HEAD, PUMPS, *named, *wrong))
    options = runs.Options(unknown_customers="create", unknown_products="create")
    foretold, _held = try_out(file, options, about="orders")
    assert [one["row"] for one in foretold["errors"]] == [5, 6]


def fates(run: Mapping[str, Any]) -> dict[int, str]:
    """What became of each row."""
    return {row["number"]: row["fate"] for row in queries.rows_of(run["id"], limit=100)}


def test_all_of_it_can_be_taken_back_but_for_what_somebody_worked_on(inside: Flask) -> None:
    brought(LATER.replace("A-2", "A-0"))
    run = brought(PUMPS, HOSES, LATER, BACK)
    manager = Actor("person", "manager", person_id("manager"))
    update_order(orders()["A-2"]["id"], {"remark": "Urgent"}, by=manager, at=clock.now())
    undone = taken_back(run["id"])
    assert sorted(orders()) == ["A-0", "A-2"]
    assert lines("A-2") == [("水泵", 1000, 9000, 9000)]
    assert facts()[:2] == (2, 9000)  # what came back of it stays, too
    assert undone["kept"] == [orders()["A-2"]["id"]]


def test_an_import_that_was_cut_short_goes_on_where_it_was(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.imports.working.SIZES", {"orders": 1})
    import_id = begun(text(HEAD, PUMPS, LATER, HOSES), about="orders", unknown_customers="create")
    runs.start(import_id, by=command_line(), at=clock.now())
    assert killed(working.carry_out, import_id, 2)["position"] == 2
    assert counts(finished(import_id)) == (3, 0, 0, 0)
    assert [line[0] for line in lines("A-1")] == ["水泵", "软管"]


def test_what_columns_are_about_is_remembered_for_orders_alone(inside: Flask) -> None:
    brought(PUMPS)
    fresh = begun(text(HEAD, LATER), about="customers")
    targets = [column["target"] for column in queries.load(fresh)["columns"]]
    assert "line.code" not in targets
    assert targets[3] == "name"


def test_orders_come_for_customers_that_the_importer_may_write_orders_for(inside: Flask) -> None:
    mine = add_customer("sales", "Calder Bearings Ltd")
    theirs = add_customer("sales2", "Harrow Looms Ltd")
    by = Actor("person", "sales", person_id("sales"))
    rows = [f"A-1,2024-05-01,{mine['number']},100", f"A-2,2024-05-01,{theirs['number']},100"]
    content = text("订单号,日期,客户编号,订单金额", *rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crmlite.access.readers.Reader.may", lambda *_: True)
        import_id = begun(content, about="orders", by=by)
        runs.start(import_id, by=by, at=clock.now())
        run = finished(import_id)
    assert counts(run) == (1, 0, 0, 1)
    assert said(run)[3] == ["order_not_yours"]


class TestRealFiles:
    """Files as shops export them."""

    def test_online_retail_comes_to_what_it_came_to(self, inside: Flask) -> None:
        content = real_file("retail", "uci_online_retail", "2010-12-01.csv").read_bytes()
        run = imported(content, about="orders", unknown_customers="create")
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        of_somebody = [row for row in rows if row["CustomerID"]]
        sold = [row for row in of_somebody if not row["Quantity"].startswith("-")]
        worth = sum(round(float(row["Quantity"]) * float(row["UnitPrice"]) * 100) for row in sold)
        assert sum(order["total"] for order in orders().values()) == worth
        assert len(orders()) == len({row["InvoiceNo"] for row in sold})
        assert len(customers()) >= len({row["CustomerID"] for row in sold})
        missing = [codes for codes in said(run).values() if codes == ["order_customer_missing"]]
        assert len(missing) == len(rows) - len(of_somebody)
        assert taken_back(run["id"])["kept"] is None
        assert (orders(), customers(), products()) == ({}, {}, {})

    def test_purchase_orders_have_no_lines(self, inside: Flask) -> None:
        file = real_file("crm_samples", "adventureworks", "Purchasing_PurchaseOrderHeader.csv")
        content = b"\n".join(file.read_bytes().splitlines()[:200])
        run = imported(content, about="orders", unknown_customers="create")
        assert run["created"] == 199
        order = orders()["28"]
        assert (order["ordered_on"], order["total"]) == (date(2011, 12, 15), 4_848_569)
        assert len(customers()) == len({row["customer_id"] for row in orders().values()})

    def test_of_a_till_only_what_is_somebodys_comes_in(self, inside: Flask) -> None:
        file = real_file("retail", "supermarket_sales.csv").read_bytes()
        lacking = begun(file, about="orders")
        columns = queries.load(lacking)["columns"]
        found = {column["heading"]: column["target"] for column in columns}
        assert found["Invoice ID"] == "number"
        assert found["Product line"] == "line.name"
        assert (found["Quantity"], found["Total"]) == ("line.quantity", "total")
        assert (found["Unit price"], found["Date"]) == ("line.price", "ordered_on")


class TestPages:
    """The wizard."""

    def test_orders_come_by_the_wizard_as_customers_do(self, app: Flask, sign_in: Any) -> None:
        client = sign_in("manager")
        assert "Ordered on" in client.get("/imports/sample.csv?about=orders").text
        token = csrf_token(client, "/imports?about=orders")
        page = client.get("/imports?about=orders").text
        assert 'value="orders"' in page
        form = {"csrf_token": token, "about": "orders"}
        file = (io.BytesIO(text(HEAD, PUMPS, HOSES)), "orders.csv")
        sent = client.post("/imports", data={**form, "file": file})
        assert sent.status_code == 303
        here = sent.headers["Location"]
        page = client.get(here).text
        assert "line.quantity" in page
        assert "unknown_customers" in page
        columns = {f"column_{place}": key for place, key in enumerate(KEYS)}
        answer = client.post(
            f"{here}/columns",
            data={
                "csrf_token": token,
                **columns,
                **dict.fromkeys(("unit_8", "unit_9"), "1"),
                "on_duplicate": "hold",
                "unknown_customers": "create",
                "unknown_products": "create",
            },
        )
        assert answer.status_code == 303, answer.text
        self.work_off(app, here)
        page = client.get(here).text
        assert "Import 2 rows" in page
        client.post(f"{here}/start", data={"csrf_token": token})
        self.work_off(app, here)
        assert "/orders/A-1" in client.get(f"{here}?fate=created").text
        assert client.get("/orders/A-1").status_code == 200

    @staticmethod
    def work_off(app: Flask, here: str) -> None:
        """Do what an import waits for."""
        with app.app_context():
            finished(int(here.rsplit("/", 1)[1]))
            database.session.remove()


KEYS = (
    "number", "ordered_on", "customer.number", "customer.name", "line.code", "line.name",
    "line.quantity", "line.unit", "line.price", "line.amount",
)  # fmt: skip
