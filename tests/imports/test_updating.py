"""Rows about customers that are known change what they say, within the rights of who imports, and
nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.sensitive import whole_text
from crmlite.accounts.operations import disable_user
from crmlite.accounts.queries import reader_of
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Customer, Remark
from crmlite.customers.queries import contacts_of, needs_of, remarks_of
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.followups.operations import finish_task
from crmlite.imports import queries, working
from crmlite.imports.models import DUPLICATE, UPDATED
from crmlite.imports.operations import runs
from crmlite.rules.fields import Field
from crmlite.testing import person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.fields.packs import bring
from tests.imports.bringing import SHEET, begun, counts, customers, finished, imported, said, text
from tests.real_files import real_file

FIRM = {"name": "苏州云杉机械有限公司", "kind": "company"}
WANG = {"name": "王伟", "mobile": "13800000001"}
SEES = {"customers:see": "all", "customers:edit": "all", "customers:import": "all"}


def add(values: Any = FIRM, contacts: Any = (WANG,), number: str | None = "K1") -> int:
    draft = CustomerDraft(values=values, contacts=contacts, number=number)
    return int(do.create_customer(draft, by=command_line(), at=clock.now())["id"])


def updated(*lines: str, by: Actor | None = None, **options: Any) -> Any:
    """An import that updates, at its end."""
    import_id = begun(text(*lines), by=by, on_duplicate="update", **options)
    runs.start(import_id, by=by or command_line(), at=clock.now())
    return finished(import_id)


def names(customer_id: int) -> list[tuple[str, bool]]:
    return [(row["name"], row["is_self"]) for row in contacts_of(customer_id)]


def test_a_file_without_contacts_renames_none(inside: Flask) -> None:
    firm = add()
    run = updated("客户编号,客户名称,手机", "K1,苏州云杉机械有限公司,13800000001")
    assert counts(run) == (0, 1, 0, 0)
    assert names(firm) == [("王伟", False)]


def test_who_is_the_customer_themselves_stays_so(inside: Flask) -> None:
    person = {"name": "李娜", "kind": "person"}
    nana = add(person, [{"name": "李娜", "mobile": "13800000001", "is_self": True}])
    updated("姓名,手机", "李 娜,13800000001")
    assert names(nana) == [("李娜", True)]
    firm = add(number="K2", contacts=[{"name": "赵敏", "mobile": "13900000002"}])
    updated("客户编号,客户名称,所属行业,手机", "K2,苏州云杉机械有限公司,个人客户,13900000003")
    assert customers()["K2"]["kind"] == "company"
    assert [own for _name, own in names(firm)] == [False, False]


def test_a_row_that_repeats_one_that_updates_is_not_lost(inside: Flask) -> None:
    add()
    head = "客户名称,手机,电子邮箱,地区"
    run = updated(
        head,
        "苏州云杉机械有限公司,13800000001,a@yunshan.example,",
        "苏州云杉机械有限公司,,a@yunshan.example,苏州",
    )
    assert counts(run) == (0, 2, 0, 0)
    assert customers()["K1"]["region"] == "苏州"


@time_machine.travel(datetime(2026, 11, 27, 17, 30, tzinfo=UTC), tick=False)
def test_a_need_is_opened_on_the_day_that_it_is_where_the_firm_is(inside: Flask) -> None:
    firm = add()
    updated("客户编号,客户名称,采购目标", "K1,苏州云杉机械有限公司,降本")
    assert [need["opened_on"] for need in needs_of(firm)] == [date(2026, 11, 28)]


@pytest.mark.parametrize(
    ("kept", "currency", "wanted"),
    [("JPY", "", 500), ("JPY", "JPY", 1000), ("CNY", "JPY", 500), ("CNY", "", 100_000)],
)
def test_amounts_stay_what_they_are_in_another_currency(
    inside: Flask, kept: str, currency: str, wanted: int
) -> None:
    add({**FIRM, "currency": kept, "signed_amount": 500})
    run = updated("客户编号,客户名称,签约金额,币种", f"K1,苏州云杉机械有限公司,1000,{currency}")
    assert (customers()["K1"]["signed_amount"], customers()["K1"]["currency"]) == (wanted, kept)
    refused = wanted == 500
    assert ("import_other_currency" in said(run).get(2, [])) == refused


@pytest.mark.parametrize(
    ("kept", "currency", "wanted"),
    [("JPY", "", 500), ("JPY", "JPY", 1000), ("CNY", "JPY", 500), ("CNY", "", 100_000)],
)
def test_amounts_of_further_fields_do_so_too(
    inside: Flask, kept: str, currency: str, wanted: int
) -> None:
    bring(inside, "shop", customer=[Field(name="shop__deposit", label="Deposit", kind="amount")])
    draft = CustomerDraft(
        values={**FIRM, "currency": kept}, number="K1", extra={"shop__deposit": 500}
    )
    do.create_customer(draft, by=command_line(), at=clock.now())
    run = updated("客户编号,客户名称,Deposit,币种", f"K1,苏州云杉机械有限公司,1000,{currency}")
    assert customers()["K1"]["extra"] == {"shop__deposit": wanted}
    doubts = [
        (one["heading"], one["code"], one["text"])
        for row in queries.each_noted(run["id"])
        for one in row["doubts"]
    ]
    left_out = ("Deposit", "import_other_currency", "1000")
    assert (left_out in doubts) == (wanted == 500)


def test_an_amount_of_a_contact_is_in_the_firms_currency_or_left_out(inside: Flask) -> None:
    bring(inside, "shop", contact=[Field(name="shop__bonus", label="Bonus", kind="amount")])
    run = updated(
        "客户编号,客户名称,联系人,Bonus,币种",
        "K1,苏州云杉机械有限公司,王伟,1000,JPY",
        "K2,杭州云杉机械有限公司,李娜,1000,",
    )
    assert said(run) == {2: ["amount_currency"]}
    kept = database.session.execute(select(Contact.name, Contact.extra)).all()
    assert dict(map(tuple, kept)) == {"王伟": None, "李娜": {"shop__bonus": 100_000}}


def test_the_tier_that_only_shows_dormancy_is_never_stored(inside: Flask) -> None:
    add()
    updated("客户编号,客户名称,客户等级", "K1,苏州云杉机械有限公司,休眠")
    assert (customers()["K1"]["tier"], customers()["K1"]["lifecycle"]) == (None, "dormant")


def test_the_tier_that_was_set_stays_where_dormancy_shows(app: Flask, employ: Employ) -> None:
    employ("sales", SEES)
    with app.app_context():
        reader = reader_of(person_id("sales"))
        assert reader is not None
        add({**FIRM, "tier": "core"})
        run = updated("客户编号,客户名称,客户等级", "K1,苏州云杉机械有限公司,休眠", by=reader.actor)
        assert said(run) == {}
        assert (customers()["K1"]["tier"], customers()["K1"]["lifecycle"]) == ("core", "dormant")


def test_what_an_export_hides_takes_no_values_place(inside: Flask) -> None:
    person = {**WANG, "email": "carol@riverton.example", "im": "lina88"}
    firm = add({**FIRM, "address": "工业园1号", "signed_amount": 500}, [person])
    shown = ("138****0001", "c***@riverton.example", "l***", "••••", "••••", "••••", "••••")
    run = updated(
        "客户编号,客户名称,联系人,手机,电子邮箱,微信,签约金额,地址,备注,生日",
        ",".join(("K1", FIRM["name"], "王伟", *shown)),
    )
    assert said(run) == {2: ["import_hidden"] * len(shown)}
    (row,) = queries.each_noted(run["id"])
    assert [one["text"] for one in row["doubts"]] == list(shown)
    (wang,) = contacts_of(firm)
    kept = [whole_text(way, wang) for way in (Contact.mobile, Contact.email, Contact.im)]
    assert kept == ["13800000001", "carol@riverton.example", "lina88"]
    after = customers()["K1"]
    assert (whole_text(Customer.address, after), after["signed_amount"]) == ("工业园1号", 500)


def test_an_owner_nobody_knows_changes_no_owner(inside: Flask) -> None:
    sales = person_id("sales")
    add({**FIRM, "owner_id": sales})
    run = updated(
        "客户编号,客户名称,负责人",
        "K1,苏州云杉机械有限公司,没有这个人",
        owner_id=person_id("manager"),
    )
    assert customers()["K1"]["owner_id"] == sales
    assert said(run) == {2: ["import_owner_unknown"]}
    updated("客户编号,客户名称,负责人", "K1,苏州云杉机械有限公司,Oliver Hartwell")
    assert customers()["K1"]["owner_id"] == person_id("sales2")


def test_a_file_names_the_dedicated_person(inside: Flask) -> None:
    add(FIRM)
    head = "客户编号,客户名称,专属客服"
    updated(head, "K1,苏州云杉机械有限公司,Oliver Hartwell")
    assert customers()["K1"]["dedicated_id"] == person_id("sales2")
    run = updated(head, "K1,苏州云杉机械有限公司,没有这个人")
    assert said(run) == {2: ["import_owner_unknown"]}
    assert customers()["K1"]["dedicated_id"] == person_id("sales2")


def test_what_who_imports_may_not_set_stays(app: Flask, employ: Employ) -> None:
    employ("sales", SEES)
    with app.app_context():
        owner = person_id("sales2")
        add({**FIRM, "owner_id": owner, "signed_amount": 500, "tier": "core"})
        reader = reader_of(person_id("sales"))
        assert reader is not None
        run = updated(
            "客户编号,客户名称,签约金额,客户等级,负责人,专属客服,地区",
            "K1,苏州云杉机械有限公司,1000,战略,林知夏,林知夏,苏州",
            by=reader.actor,
        )
        firm = customers()["K1"]
        kept = (firm["signed_amount"], firm["tier"], firm["owner_id"], firm["region"])
        assert kept == (500, "core", owner, "苏州") and firm["dedicated_id"] is None
        assert sorted(said(run)[2]) == ["import_not_allowed"] * 4


def test_new_customers_take_the_same_rights(app: Flask, employ: Employ) -> None:
    employ("sales", SEES)
    with app.app_context():
        reader = reader_of(person_id("sales"))
        assert reader is not None
        import_id = begun(text("客户名称,签约金额,客户等级", "甲公司,1000,战略"), by=reader.actor)
        runs.start(import_id, by=reader.actor, at=clock.now())
        assert counts(finished(import_id)) == (1, 0, 0, 0)
        (firm,) = customers().values()
        assert (firm["signed_amount"], firm["tier"]) == (None, None)


def test_an_archived_customer_is_not_changed(inside: Flask) -> None:
    firm = add({**FIRM, "lifecycle": "lost"})
    do.archive_customer(firm, by=command_line(), at=clock.now())
    run = updated("客户编号,客户名称,地区", "K1,苏州云杉机械有限公司,苏州")
    assert counts(run) == (0, 0, 1, 0)
    assert said(run) == {2: ["import_archived"]}
    assert customers("archived")["K1"]["region"] is None


def test_a_retired_tag_is_not_put_on(inside: Flask) -> None:
    imported(text("客户名称,标签", "甲公司,老客户"))
    from crmlite.customers.queries import dimensions_with_tags, tags_of

    (tag,) = [
        t["id"] for _d, tags in dimensions_with_tags() for t in tags if t["label"]["zh"] == "老客户"
    ]
    do.retire_tag(tag, by=command_line(), at=clock.now())
    run = imported(text("客户名称,标签", "乙公司,老客户"))
    assert said(run) == {2: ["import_tag_unknown"]}
    firm = next(row["id"] for row in customers().values() if row["name"] == "乙公司")
    assert tags_of([firm])[firm] == []


def test_a_step_goes_to_nobody_who_could_not_be_given_the_customer(
    app: Flask, employ: Employ
) -> None:
    employ("sales", SEES | {"interactions:create": "all", "tasks:edit": "all"})
    with app.app_context():
        reader = reader_of(person_id("sales"))
        assert reader is not None
        head = "客户名称,最近跟进日期,跟进人,下次跟进计划"
        import_id = begun(text(head, "甲公司,2026-01-05,Oliver Hartwell,回访"), by=reader.actor)
        runs.start(import_id, by=reader.actor, at=clock.now())
        finished(import_id)
        assigned = database.session.execute(select(Task.assignee_id)).scalar_one()
        assert assigned == person_id("sales")


FOLLOW_UP = "客户编号,客户名称,最近跟进日期,跟进内容,下次跟进计划"


def steps_of(customer_id: int) -> list[tuple[str, str]]:
    table = Task.__table__
    wanted = select(table.c.what, table.c.status).where(table.c.customer_id == customer_id)
    return [tuple(row) for row in database.session.execute(wanted.order_by(table.c.id))]


def talks_of(customer_id: int) -> list[str]:
    table = Interaction.__table__
    wanted = select(table.c.content).where(table.c.customer_id == customer_id)
    return list(database.session.execute(wanted).scalars())


def test_two_rows_that_tell_of_the_same_contact_add_it_once(inside: Flask) -> None:
    firm = add()
    row = "K1,苏州云杉机械有限公司,2026-01-05,聊过,寄样品"
    assert counts(updated(FOLLOW_UP, row, row)) == (0, 2, 0, 0)
    assert talks_of(firm) == ["聊过"]
    assert steps_of(firm) == [("寄样品", "open")]


@pytest.mark.parametrize("plan", ["寄样品", "3天内寄样品"])
def test_a_step_without_a_day_is_added_once_whatever_day_it_is(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, plan: str
) -> None:
    firm = add()
    lines = (FOLLOW_UP, f"K1,苏州云杉机械有限公司,,,{plan}")
    updated(*lines)
    (task,) = database.session.execute(select(Task.id)).scalars()
    finish_task(task, by=command_line(), at=clock.now())
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    updated(*lines)
    assert steps_of(firm) == [(plan, "done")]


def test_a_step_of_another_day_is_another_one(inside: Flask) -> None:
    firm = add()
    for day in ("2030-01-05", "2030-02-05", "2030-02-05"):
        updated(f"{FOLLOW_UP},下次跟进日期", f"K1,苏州云杉机械有限公司,,,回访,{day}")
    assert steps_of(firm) == [("回访", "open")] * 2


def test_needs_are_added_when_no_need_says_as_much(inside: Flask) -> None:
    firm = add()
    head = "客户编号,客户名称,采购目标,紧急度,痛点"
    rows = ("K1,苏州云杉机械有限公司,,高,交期长", "K1,苏州云杉机械有限公司,扩产,中,")
    updated(head, *rows, rows[0])
    updated(head, *rows)
    assert sorted(row["urgency"] for row in needs_of(firm)) == ["high", "medium"]
    updated(head, "K1,苏州云杉机械有限公司,,高,价格高")
    assert len(needs_of(firm)) == 3


def test_a_need_that_comes_closed_to_a_known_customer_has_a_closing_day(inside: Flask) -> None:
    firm = add()
    updated("客户编号,客户名称,采购目标,需求状态", "K1,苏州云杉机械有限公司,降本,已落地")
    [need] = needs_of(firm)
    assert (need["status"], need["closed_on"]) == ("landed", need["opened_on"])


def ways_of(customer_id: int) -> list[tuple[str, str, str]]:
    table = Contact.__table__
    found = database.session.execute(
        select(table).where(table.c.customer_id == customer_id).order_by(table.c.id)
    ).mappings()
    return [
        (row["name"], *(whole_text(way, row) for way in (Contact.mobile, Contact.email)))
        for row in found
    ]


@pytest.mark.parametrize("size", [1, 200])
def test_contacts_do_not_depend_on_where_a_batch_ends(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(working, "BATCH", size)
    firm = add()
    updated(
        "客户编号,客户名称,联系人,手机,电子邮箱",
        "K1,苏州云杉机械有限公司,李娜,13800000002,",
        "K1,苏州云杉机械有限公司,李娜,,lina@yunshan.example",
        "K1,苏州云杉机械有限公司,李娜娜,13800000002,",
        "K1,苏州云杉机械有限公司,王伟,13800000003,",
        "K1,苏州云杉机械有限公司,王总,13800000003,",
    )
    assert ways_of(firm) == [
        ("王总", "13800000003", ""),
        ("李娜娜", "13800000002", "lina@yunshan.example"),
    ]


def test_a_number_that_moved_to_the_other_field_is_not_lost(inside: Flask) -> None:
    firm = add()
    head = "客户编号,客户名称,联系人,手机,电话"
    updated(head, "K1,苏州云杉机械有限公司,王伟,13900000009,13800000001")
    (wang,) = contacts_of(firm)
    kept = [whole_text(way, wang) for way in (Contact.mobile, Contact.phone)]
    assert kept == ["13900000009", "13800000001"]


def test_a_contact_on_another_day_or_in_other_words_is_another_one(inside: Flask) -> None:
    firm = add()
    for day, words in (("01-05", "聊过"), ("01-06", "聊过"), ("01-06", "再聊"), ("01-06", "")):
        updated(FOLLOW_UP, f"K1,苏州云杉机械有限公司,2026-{day},{words},")
    assert talks_of(firm) == ["聊过", "聊过", "再聊"]


def test_a_remark_is_added_unless_remarks_say_all_of_it(inside: Flask) -> None:
    firm = add()
    head = "客户编号,客户名称,备注"
    for words in ("甲", "乙", "甲\n乙", "乙\n丙"):
        updated(head, f'K1,苏州云杉机械有限公司,"{words}"')
    assert sorted(whole_text(Remark.text, row) for row in remarks_of(firm)) == [
        "乙",
        "乙\n丙",
        "甲",
    ]


def test_an_owner_who_left_is_not_written_down_as_a_remark(inside: Flask) -> None:
    left = person_id("sales2")
    firm = add({**FIRM, "owner_id": left})
    disable_user(left, by=command_line(), at=clock.now())
    run = updated("客户编号,客户名称,跟进人", "K1,苏州云杉机械有限公司,Oliver Hartwell")
    assert (said(run), list(remarks_of(firm))) == ({}, [])


@pytest.mark.parametrize(
    ("kept", "cells", "wanted", "codes"),
    [
        ("GBP", "3.15万 GBP,", 3_150_000, []),
        ("GBP", "3.15 GBP,", 500, ["amount_currency"]),  # of pounds, or of ten thousands?
        ("GBP", "3.15万 GBP,2万", 500, ["amount_currency", "import_other_currency"]),
        ("EUR", "3.15万 GBP,", 500, ["import_other_currency"]),
        ("CNY", "3.15万 GBP,", 500, ["import_other_currency"]),
        ("CNY", "3.15万 XXQ,", 500, ["amount_currency"]),
    ],
)
def test_an_amount_that_names_its_currency_is_for_who_has_that(
    inside: Flask, kept: str, cells: str, wanted: int, codes: list[str]
) -> None:
    add({**FIRM, "currency": kept, "signed_amount": 500})
    head = "客户编号,客户名称,签约金额(万元),年度金额"
    run = updated(head, f"K1,苏州云杉机械有限公司,{cells}")
    assert (customers()["K1"]["signed_amount"], customers()["K1"]["currency"]) == (wanted, kept)
    assert said(run).get(2, []) == codes


ROWS = "客户编号,客户名称,联系人,手机,合作阶段,地区"


def told_of(run: Any) -> dict[int, tuple[str, int | None]]:
    """What is noted about rows: their fate, and the row that they repeat."""
    return {row["number"]: (row["fate"], row["earlier"]) for row in queries.each_noted(run["id"])}


@pytest.mark.parametrize("size", [1, 200])
@pytest.mark.parametrize("known", [False, True])
def test_a_row_under_another_number_does_not_change_what_an_earlier_row_said(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, size: int, known: bool
) -> None:
    monkeypatch.setattr(working, "BATCH", size)
    if known:
        add()
    lines = (
        ROWS,
        "K1,苏州云杉机械有限公司,王伟,13800000001,方案提交,苏州",
        "K6,云杉机械(苏州)有限公司,张经理,13800000001,初次接触,杭州",
    )
    run = updated(*lines)
    assert counts(run) == ((0, 1, 1, 0) if known else (1, 0, 1, 0))
    assert told_of(run) == {3: (DUPLICATE, 2)}
    (firm,) = customers().values()
    assert (firm["stage"], firm["region"]) == ("proposal", "苏州")
    assert names(firm["id"]) == [("王伟", False)]
    assert counts(updated(*lines)) == (0, 1, 1, 0)


@pytest.mark.parametrize("size", [1, 200])
def test_a_second_row_of_a_customer_that_says_otherwise_counts_and_is_named(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(working, "BATCH", size)
    run = updated(
        ROWS,
        "K1,苏州云杉机械有限公司,王伟,13800000001,方案提交,苏州",
        "K1,苏州云杉机械有限公司,李娜,13800000002,方案提交,",
        "K1,苏州云杉机械有限公司,赵敏,13800000003,合同谈判,",
        ",苏州云杉机械有限公司,赵敏,13800000003,,杭州",
    )
    assert counts(run) == (1, 3, 0, 0)
    assert told_of(run) == {4: (UPDATED, 2)}
    firm = customers()["K1"]
    assert (firm["stage"], firm["region"]) == ("negotiation", "杭州")
    assert sorted(names(firm["id"])) == [("李娜", False), ("王伟", False), ("赵敏", False)]


def test_the_sample_sheet_is_told_the_same_whether_it_updates_or_holds_back(inside: Flask) -> None:
    run = imported(real_file(*SHEET).read_bytes(), on_duplicate="update")
    assert counts(run) == (10, 0, 1, 1)
    assert told_of(run)[7] == (DUPLICATE, 2)
    first = customers()["C001"]
    assert (first["lifecycle"], first["stage"]) == ("interested", "proposal")
