"""Rows become customers, are held back or lost, and all of it can be taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from crmlite import clock
from crmlite.access.sensitive import whole_text
from crmlite.customers import operations as do
from crmlite.customers.models import Alias, Contact, Customer, Facts, Remark
from crmlite.customers.queries import dimensions_with_tags, tags_of
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.imports import queries, uploads, working
from crmlite.imports.judging import Earlier
from crmlite.imports.models import BROKEN, IMPORTING, UNDONE, Import
from crmlite.imports.operations import batches, runs, undoing
from crmlite.jobs.operations import request_run
from crmlite.jobs.queue import LeaseLost
from crmlite.testing import person_id
from crmlite.work import Refused
from crmlite.work.actors import command_line
from crmlite.work.ledger import OperationRow
from tests.imports.bringing import (
    SHEET,
    begun,
    counts,
    customers,
    finished,
    imported,
    said,
    taken_back,
    text,
    work_off,
)
from tests.real_files import real_file

HEAD = "客户编号,客户名称,联系人,联系方式,电子邮箱,客户类型,备注"


@pytest.fixture
def sheet() -> bytes:
    return real_file(*SHEET).read_bytes()


def contacts(customer_id: int) -> list[dict[str, str]]:
    table = Contact.__table__
    rows = database.session.execute(
        select(table).where(table.c.customer_id == customer_id, table.c.state == "active")
    ).mappings()
    return [
        {"name": row["name"]}
        | {way.key: whole_text(way, row) for way in (Contact.mobile, Contact.phone, Contact.email)}
        for row in rows
    ]


def remarks(customer_id: int) -> list[str]:
    table = Remark.__table__
    rows = database.session.execute(select(table).where(table.c.customer_id == customer_id))
    return [whole_text(Remark.text, row) for row in rows.mappings()]


def talks(customer_id: int) -> list[tuple[datetime, str, str | None]]:
    table = Interaction.__table__
    found = select(table.c.occurred_at, table.c.content, table.c.done_by_name).where(
        table.c.customer_id == customer_id, table.c.state == "active"
    )
    return [tuple(row) for row in database.session.execute(found)]


def test_the_sample_sheet_becomes_what_it_says(inside: Flask, sheet: bytes) -> None:
    run = imported(sheet)
    assert counts(run) == (10, 0, 1, 1)
    book = customers()
    assert {"C001", "C002", "C003", "C004", "C005", "C007", "C008", "C009", "C012"} < set(book)
    assert "C006" not in book
    assert "C011" not in book
    first, freight = book["C001"], book["C008"]
    assert first["signed_amount"] == 50_000_000
    assert freight["signed_amount"] == 66_000_000
    assert contacts(first["id"])[0]["mobile"] == "13800000001"
    assert remarks(freight["id"]) == ["=1+1"]
    noon = datetime(2023, 10, 15, 4, tzinfo=UTC)
    assert talks(first["id"]) == [(noon, "客户对方案A交付周期有疑问", "*主管")]
    facts = database.session.get_one(Facts, first["id"])
    assert facts.next_step == "2023-10-20电话确认"
    assert facts.last_contact_at == noon
    assert database.session.get_one(Facts, book["C012"]["id"]).incomplete
    assert said(run)[13] == [
        "amount_unreadable",
        "date_impossible",
        "phone_mobile_digits",
        "email_no_at",
        "import_by_kept",
    ]
    assert remarks(book["C012"]["id"]) == ["电话、邮箱、金额、日期均有误", "跟进人: 李助理"]


def test_what_comes_from_a_file_was_not_late(inside: Flask, sheet: bytes) -> None:
    imported(sheet)
    marks = database.session.execute(select(Interaction.imported)).scalars().all()
    assert len(marks) == 9
    assert all(marks)


def test_who_follows_up_and_signs_in_is_the_owner(inside: Flask) -> None:
    head = "客户名称,最近跟进日期,跟进内容,跟进人,下次跟进计划"
    imported(text(head, "甲公司,2024-03-01,聊过,林知夏,3天内回访"))
    (firm,) = customers().values()
    sales = person_id("sales")
    assert firm["owner_id"] == sales
    assert database.session.execute(select(Interaction.done_by_id)).scalar() == sales
    task = database.session.execute(select(Task.assignee_id, Task.due_on)).one()
    assert task.assignee_id == sales
    assert task.due_on.isoformat() == "2024-03-04"


def test_the_same_file_again_is_held_back(inside: Flask, sheet: bytes) -> None:
    imported(sheet)
    before = customers()
    assert counts(imported(sheet)) == (0, 0, 11, 1)
    assert customers() == before


def test_the_same_file_again_may_update_and_then_changes_nothing(
    inside: Flask, sheet: bytes
) -> None:
    imported(sheet)
    before = customers()
    run = imported(sheet, on_duplicate="update")
    assert counts(run) == (0, 10, 1, 1)
    after = customers()
    assert {n: row["name"] for n, row in after.items()} == {
        n: row["name"] for n, row in before.items()
    }
    assert len(contacts(before["C008"]["id"])) == 1
    assert len(talks(before["C008"]["id"])) == 1
    assert after == before
    # C006 is C001 with another contact, and is held back as the first time.
    assert [one["name"] for one in contacts(before["C001"]["id"])] == ["*经理"]


def test_the_same_file_again_may_be_added_again(inside: Flask, sheet: bytes) -> None:
    imported(sheet)
    run = imported(sheet, on_duplicate="create")
    assert counts(run) == (11, 0, 0, 1)
    assert len(customers()) == 21


def test_an_update_takes_what_the_file_gives_and_leaves_the_rest(inside: Flask) -> None:
    imported(text(HEAD, "K1,甲公司,王芳,13800000001,,意向客户,首次"))
    run = imported(
        text(HEAD, "K1,甲公司,王芳,13900000002,w@jia.example,,再次"), on_duplicate="update"
    )
    assert counts(run) == (0, 1, 0, 0)
    (firm,) = customers().values()
    assert firm["lifecycle"] == "interested"
    assert contacts(firm["id"]) == [
        {"name": "王芳", "mobile": "13900000002", "phone": "", "email": "w@jia.example"}
    ]
    assert remarks(firm["id"]) == ["首次", "再次"]


def test_an_update_is_taken_back_to_the_value_before(inside: Flask) -> None:
    imported(text(HEAD, "K1,甲公司,王芳,13800000001,,意向客户,首次"))
    run = imported(text(HEAD, "K1,甲公司,王芳,13900000002,,流失客户,"), on_duplicate="update")
    assert customers()["K1"]["lifecycle"] == "lost"
    undone = taken_back(run["id"])
    assert (undone["state"], undone["kept"]) == (UNDONE, None)
    assert customers()["K1"]["lifecycle"] == "interested"
    assert contacts(customers()["K1"]["id"])[0]["mobile"] == "13800000001"


def test_an_import_is_taken_back_whole_and_can_come_again(inside: Flask, sheet: bytes) -> None:
    first = imported(sheet)
    numbers = set(customers())
    assert taken_back(first["id"])["state"] == UNDONE
    assert customers() == {}
    again = imported(sheet)
    assert counts(again) == counts(first)
    kept = {number for number in numbers if number in customers()}
    assert kept == numbers - {"C013"}  # the one that had no number in the file
    second = taken_back(again["id"])
    assert (second["state"], second["kept"]) == (UNDONE, None)


def test_what_was_worked_on_since_is_kept_and_listed(inside: Flask, sheet: bytes) -> None:
    run = imported(sheet)
    worked = customers()["C004"]["id"]
    do.update_customer(worked, {"region": "广州"}, by=command_line(), at=clock.now())
    undone = taken_back(run["id"])
    assert undone["kept"] == [worked]
    assert set(customers()) == {"C004"}


def test_a_taken_number_gives_way_and_stays_findable(inside: Flask) -> None:
    imported(text(HEAD, "C005,甲公司,王芳,13800000001,,,"))
    run = imported(text(HEAD, "C005,乙公司,李娜,13900000002,,,"))
    assert said(run) == {2: ["import_number_taken"]}
    other = next(row for row in customers().values() if row["name"] == "乙公司")
    assert other["number"] == "C006"
    alias = database.session.execute(select(Alias.number, Alias.customer_id)).one()
    assert tuple(alias) == ("C005", other["id"])


def test_likely_ones_are_added_and_listed(inside: Flask) -> None:
    imported(text(HEAD, ",甲机械有限公司,王芳,13800000001,,,"))
    run = imported(text(HEAD, ",乙食品有限公司,王芳,13800000001,,,"))
    assert counts(run) == (1, 0, 0, 0)
    (row,) = queries.each_noted(run["id"])
    (first,) = [one["id"] for one in customers().values() if one["name"].startswith("甲")]
    assert row["likely"] == [first]
    assert run["likely"] == 1


def test_it_goes_on_where_it_was(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "BATCH", 3)
    rows = [f",第{place}号客户有限公司,王芳,1380000{place:04d},,," for place in range(10)]
    import_id = begun(text(HEAD, *rows))
    runs.start(import_id, by=command_line(), at=clock.now())

    class Dying:
        left = 3  # once before the first batch

        def renew(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise LeaseLost("gone")

    by, at = command_line(), clock.now()
    with pytest.raises(LeaseLost):
        working.carry_out({"import": import_id}, by=by, at=at, lease=Dying())
    stands = queries.load(import_id)
    assert (stands["state"], stands["position"], len(customers())) == (IMPORTING, 7, 6)
    run = finished(import_id)
    assert counts(run) == (10, 0, 0, 0)
    assert len(customers()) == 10
    assert taken_back(import_id)["kept"] is None
    assert customers() == {}


def test_two_workers_never_write_a_row_twice(inside: Flask) -> None:
    import_id = begun(text(HEAD, ",甲公司,王芳,13800000001,,,"))
    runs.start(import_id, by=command_line(), at=clock.now())
    stale = queries.load(import_id)
    finished(import_id)
    judge = working.judge_of(stale, Earlier())
    told = [working.opening.row_reader(stale).read(2, ["", "甲公司"])]
    batch = working.Batch(import_id, IMPORTING, stale["position"], told, lambda: None)
    with pytest.raises(LeaseLost):
        working.import_batch(batch, judge, by=command_line(), at=clock.now())
    assert len(customers()) == 1


def test_a_check_writes_no_customer_and_foretells(inside: Flask, sheet: bytes) -> None:
    import_id = begun(sheet)
    runs.check(import_id, by=command_line(), at=clock.now())
    run = finished(import_id)
    assert counts(run) == (10, 0, 1, 1)
    assert customers() == {}
    runs.start(import_id, by=command_line(), at=clock.now())
    assert counts(finished(import_id)) == (10, 0, 1, 1)


def test_columns_are_remembered_for_the_next_file(inside: Flask) -> None:
    head = "店名,联络手机"
    first = begun(text(head, "甲公司,13800000001"))
    assert [column["target"] for column in queries.load(first)["columns"]] == [None, None]
    with pytest.raises(Refused, match="import-no-name"):
        runs.start(first, by=command_line(), at=clock.now())
    columns = [
        working.opening.Column(heading="店名", target="name"),
        working.opening.Column(heading="联络手机", target="contact.mobile"),
    ]
    options = runs.Options()
    runs.set_columns(first, columns, options, by=command_line(), at=clock.now())
    runs.start(first, by=command_line(), at=clock.now())
    finished(first)
    assert counts(imported(text(head, "乙公司,13900000002"))) == (1, 0, 0, 0)


def test_a_file_that_breaks_off_says_so_and_keeps_what_was_read(inside: Flask) -> None:
    rows = [f",第{place}号客户有限公司,王芳,,,," for place in range(40)]
    cut = text(HEAD, *rows, f",{'长' * 200_000},,,,,")
    run = imported(cut)
    assert (run["state"], run["problem"]["code"]) == (BROKEN, "cell_too_long")
    assert taken_back(run["id"])["state"] == UNDONE
    assert customers() == {}


def test_the_file_lies_sealed_and_goes_after_a_month(inside: Flask, sheet: bytes) -> None:
    run = imported(sheet)
    (lying,) = [path for path in uploads.folder().iterdir() if path.name == run["uid"]]
    assert "云杉".encode() not in lying.read_bytes()
    assert b"13800000001" not in lying.read_bytes()
    database.session.execute(update(Import).values(file_until=datetime(2020, 1, 1, tzinfo=UTC)))
    database.session.commit()
    work_off(request_run("tidy-imports", by=command_line(), at=clock.now()))
    assert run["uid"] not in queries.uids()
    assert list(queries.each_noted(run["id"])) == []


def test_nothing_that_the_file_says_lies_in_the_clear(inside: Flask, sheet: bytes) -> None:
    run = imported(sheet)
    table = working.queries.NOTES
    told = database.session.execute(select(table.c.told)).scalars().all()
    assert told
    assert all(text.startswith("v1.") for text in told)
    assert said(run)[13]


def test_the_change_record_names_who_imported(inside: Flask, sheet: bytes) -> None:
    run = imported(sheet)
    row = database.session.get_one(OperationRow, run["operation_id"])
    assert (row.name, row.source) == ("customers_imported", "import")


def test_a_deleted_customer_gives_its_number_to_the_file(inside: Flask) -> None:
    imported(text(HEAD, "C001,甲公司,王芳,13800000001,,,"))
    gone = customers()["C001"]["id"]
    do.delete_customer(gone, by=command_line(), at=clock.now())
    imported(text(HEAD, "C001,甲公司,王芳,13800000001,,,"))
    assert customers()["C001"]["id"] != gone
    assert database.session.get_one(Customer, gone).number == f"C001.{gone}"


def test_tags_are_found_by_name_and_made_where_there_are_none(inside: Flask) -> None:
    head = "客户名称,标签"
    run = imported(text(head, "甲公司,老客户、VIP", "乙公司,vip", "丙公司,"))
    assert counts(run) == (3, 0, 0, 0)
    assert said(run) == {}
    tags = {tag["label"]["zh"]: tag["id"] for _one, some in dimensions_with_tags() for tag in some}
    firms = {row["name"]: row["id"] for row in customers().values()}
    have = tags_of(list(firms.values()))
    assert have[firms["甲公司"]] == sorted([tags["老客户"], tags["VIP"]])
    assert have[firms["乙公司"]] == [tags["VIP"]]
    taken_back(run["id"])
    assert customers() == {}


def test_hundreds_of_different_tags_are_no_tags(inside: Flask) -> None:
    rows = [f"第{place}号客户,说明{place}" for place in range(130)]
    run = imported(text("客户名称,标签", *rows))
    assert counts(run) == (130, 0, 0, 0)
    assert sum(codes == ["import_tag_unknown"] for codes in said(run).values()) == 30


def test_a_batch_that_is_tried_again_does_not_meet_itself(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, left = batches.note, [1]

    def hindered(*given: Any) -> Any:
        answer = note(*given)
        if left and left.pop():
            raise OperationalError("x", {}, InTheWay("database is locked"))
        return answer

    class InTheWay(Exception):
        sqlite_errorcode, sqlite_errorname, sqlstate = 5, "SQLITE_BUSY", "40001"

    monkeypatch.setattr(batches, "note", hindered)
    monkeypatch.setattr("crmlite.work.operations.is_busy", lambda error: True)
    head = "客户名称,联系方式,跟进人"
    run = imported(text(head, "甲公司,13800000001,王专员", "乙公司,13900000002,"))
    assert left == []
    assert counts(run) == (2, 0, 0, 0)
    assert said(run) == {2: ["import_by_kept"]}
    firm = next(row["id"] for row in customers().values() if row["name"] == "甲公司")
    assert remarks(firm) == ["跟进人: 王专员"]


def test_what_is_taken_back_meanwhile_goes_no_further(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "BATCH", 2)
    rows = [f",第{place}号客户有限公司,王芳,1380000{place:04d},,," for place in range(10)]
    import_id = begun(text(HEAD, *rows))
    runs.start(import_id, by=command_line(), at=clock.now())

    def stopped(run: Any) -> None:
        if run["position"] == 5:
            undoing.take_back(import_id, by=command_line(), at=clock.now())

    by, at = command_line(), clock.now()
    with pytest.raises(LeaseLost):
        working.carry_out({"import": import_id}, by=by, at=at, lease=Lasting(), told=stopped)
    assert len(customers()) == 4
    assert finished(import_id)["state"] == UNDONE
    assert customers() == {}


def test_an_import_that_fails_for_good_says_so(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_more: Any) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(working, "import_batch", broken)
    import_id = begun(text(HEAD, ",甲公司,王芳,13800000001,,,"))
    runs.start(import_id, by=command_line(), at=clock.now())
    for last, state in ((False, IMPORTING), (True, BROKEN)):
        lease = Lasting()
        lease.is_last = last
        with pytest.raises(ValueError, match="a fault of ours"):
            working.carry_out({"import": import_id}, by=command_line(), at=clock.now(), lease=lease)
        assert queries.load(import_id)["state"] == state
    assert queries.load(import_id)["problem"]["code"] == "import_failed"
    runs.discard(import_id, by=command_line(), at=clock.now())


class Lasting:
    """A hold that nobody else wants."""

    is_last = False

    def renew(self) -> None:
        """It is held anyway."""
