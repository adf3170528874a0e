"""Rows about customers that are known change what they say, within the rights of who imports, and
nothing else."""

from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.accounts.queries import reader_of
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.queries import contacts_of
from crmlite.imports.operations import runs
from crmlite.testing import person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.imports.bringing import begun, counts, customers, finished, imported, said, text

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


def test_the_tier_that_only_shows_dormancy_is_never_stored(inside: Flask) -> None:
    add()
    updated("客户编号,客户名称,客户等级", "K1,苏州云杉机械有限公司,休眠")
    assert (customers()["K1"]["tier"], customers()["K1"]["lifecycle"]) == (None, "dormant")


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


def test_what_who_imports_may_not_set_stays(app: Flask, employ: Employ) -> None:
    employ("sales", SEES)
    with app.app_context():
        owner = person_id("sales2")
        add({**FIRM, "owner_id": owner, "signed_amount": 500, "tier": "core"})
        reader = reader_of(person_id("sales"))
        assert reader is not None
        run = updated(
            "客户编号,客户名称,签约金额,客户等级,负责人,地区",
            "K1,苏州云杉机械有限公司,1000,战略,林知夏,苏州",
            by=reader.actor,
        )
        firm = customers()["K1"]
        kept = (firm["signed_amount"], firm["tier"], firm["owner_id"], firm["region"])
        assert kept == (500, "core", owner, "苏州")
        assert sorted(said(run)[2]) == ["import_not_allowed"] * 3


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
    from sqlalchemy import select

    from crmlite.extensions import database
    from crmlite.followups.models import Task

    employ("sales", SEES)
    with app.app_context():
        reader = reader_of(person_id("sales"))
        assert reader is not None
        head = "客户名称,最近跟进日期,跟进人,下次跟进计划"
        import_id = begun(text(head, "甲公司,2026-01-05,Oliver Hartwell,回访"), by=reader.actor)
        runs.start(import_id, by=reader.actor, at=clock.now())
        finished(import_id)
        assigned = database.session.execute(select(Task.assignee_id)).scalar_one()
        assert assigned == person_id("sales")
