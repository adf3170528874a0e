"""A file changes nothing that who brings it could not change by hand, and says what it left out."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from crmlite import clock
from crmlite.access.undoing import may_undo, operation_row
from crmlite.accounts.queries import reader_of
from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.imports import queries, working
from crmlite.imports.operations import runs
from crmlite.testing import person_id
from crmlite.work.actors import command_line
from tests.applications import Employ
from tests.imports.bringing import begun, counts, customers, finished, imported, said, text

FIRM = {"name": "苏州云杉机械有限公司", "kind": "company"}
WANG = {"name": "王伟", "mobile": "13800000001"}
HEAD = "客户编号,客户名称,手机,地区"
ROW = "K1,苏州云杉机械有限公司,13800000001,苏州"
EVERYWHERE = {
    "customers:see": "all",
    "customers:edit": "all",
    "customers:import": "all",
    "interactions:create": "all",
    "tasks:edit": "all",
}
OWN = dict.fromkeys(EVERYWHERE, "own") | {"customers:import": "all"}


def add(owner: str | None = None, number: str = "K1", **more: Any) -> int:
    values = {**FIRM, "owner_id": person_id(owner) if owner else None}
    draft = replace(CustomerDraft(values=values, contacts=[WANG], number=number), **more)
    return int(do.create_customer(draft, by=command_line(), at=clock.now())["id"])


def reader() -> Any:
    found = reader_of(person_id("sales"))
    assert found is not None
    return found


def brought(*lines: str, **options: Any) -> Any:
    """An import by somebody of sales, at its end."""
    actor = reader().actor
    import_id = begun(text(*lines), by=actor, **options)
    runs.start(import_id, by=actor, at=clock.now())
    return finished(import_id)


def updated(*lines: str) -> Any:
    return brought(*lines, on_duplicate="update")


def quoted(run: Any) -> dict[str, tuple[str, str]]:
    """What is said of each column of a file with one row, and what is quoted."""
    (row,) = queries.each_noted(run["id"])
    return {one["heading"]: (one["code"], one["text"]) for one in row["doubts"]}


@pytest.mark.parametrize("state", ["deleted", "merged"])
def test_a_row_that_repeats_another_leaves_alone_who_is_set_aside_since(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(working, "BATCH", 1)
    import_id = begun(
        text(HEAD, ROW, "K1,苏州云杉机械有限公司,13800000001,杭州"), on_duplicate="update"
    )
    runs.start(import_id, by=command_line(), at=clock.now())
    write = working.import_batch

    def and_set_aside(*given: Any, **more: Any) -> Any:
        done = write(*given, **more)
        for firm in customers().values():
            set_state(firm["id"], state)
        return done

    monkeypatch.setattr(working, "import_batch", and_set_aside)
    run = finished(import_id)
    assert counts(run) == (1, 0, 1, 0)
    assert said(run) == {3: [f"import_{state}"]}
    assert customers(state)["K1"]["region"] == "苏州"


def set_state(customer_id: int, state: str) -> None:
    if state == "deleted":
        do.delete_customer(customer_id, by=command_line(), at=clock.now())
        return
    table = Customer.__table__  # nothing merges customers yet
    database.session.execute(update(table).where(table.c.id == customer_id).values(state=state))
    database.session.commit()


def test_a_row_that_repeats_another_leaves_alone_who_is_another_persons(
    app: Flask, employ: Employ
) -> None:
    employ("sales", OWN | {"customers:assign": "all"})
    with app.app_context():
        rows = [f"K1,苏州云杉机械有限公司,13800000001,{place},Oliver Hartwell" for place in "苏杭"]
        run = updated(f"{HEAD},负责人", *rows)
        assert counts(run) == (1, 0, 1, 0)
        assert said(run) == {3: ["import_not_yours"]}
        assert customers()["K1"]["region"] == "苏"


def test_nobody_changes_what_they_do_not_see(app: Flask, employ: Employ) -> None:
    employ("sales", EVERYWHERE | {"customers:see": "own"})
    with app.app_context():
        add("sales2")
        run = updated(HEAD, ROW)
        assert counts(run) == (0, 0, 1, 0)
        assert said(run) == {2: ["import_not_yours"]}
        assert customers()["K1"]["region"] is None


def test_of_several_certain_ones_who_may_be_changed_is_meant(app: Flask, employ: Employ) -> None:
    employ("sales", OWN)
    with app.app_context():
        for number, login in (("K1", "sales2"), ("K2", "sales"), ("K3", "sales2")):
            add(login, number)
        run = updated("客户名称,手机,地区", "苏州云杉机械有限公司,13800000001,苏州")
        assert counts(run) == (0, 1, 0, 0)
        assert {number: row["region"] for number, row in customers().items()} == {
            "K1": None,
            "K2": "苏州",
            "K3": None,
        }


FOLLOW_UP = "客户编号,客户名称,最近跟进日期,跟进内容,下次跟进计划"


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    ("right", "heading", "quote"),
    [("interactions:create", "跟进内容", "聊过"), ("tasks:edit", "下次跟进计划", "寄样品")],
)
def test_follow_ups_ask_for_their_own_rights(
    app: Flask, employ: Employ, right: str, heading: str, quote: str, is_known: bool
) -> None:
    employ("sales", {name: scope for name, scope in EVERYWHERE.items() if name != right})
    with app.app_context():
        if is_known:
            add()
        run = updated(FOLLOW_UP, "K1,苏州云杉机械有限公司,2026-01-05,聊过,寄样品")
        assert counts(run) == (not is_known, is_known, 0, 0)
        assert quoted(run) == {heading: ("import_not_allowed", quote)}
        kept = [
            len(database.session.execute(select(model.__table__.c.id)).all())
            for model in (Interaction, Task)
        ]
        assert kept == ([0, 1] if right == "interactions:create" else [1, 0])


def test_what_is_left_out_is_quoted(app: Flask, employ: Employ) -> None:
    employ("sales", EVERYWHERE)
    with app.app_context():
        head = "客户编号,客户名称,签约金额(万元),客户等级,负责人"
        row = "K1,苏州云杉机械有限公司,50,战略,Oliver Hartwell"
        left_out = {
            "签约金额(万元)": ("import_not_allowed", "50"),
            "客户等级": ("import_not_allowed", "战略"),
            "负责人": ("import_not_allowed", "Oliver Hartwell"),
        }
        assert quoted(updated(head, row)) == left_out  # of a new customer
        (firm,) = customers().values()
        assert firm["owner_id"] == person_id("sales")
        assert quoted(updated(head, row)) == left_out


def test_amounts_of_another_currency_are_quoted(inside: Flask) -> None:
    add(values={**FIRM, "currency": "EUR"})
    run = imported(
        text(
            "客户编号,客户名称,手机,签约金额,币种", "K1,苏州云杉机械有限公司,13800000001,1200,JPY"
        ),
        on_duplicate="update",
    )
    assert quoted(run) == {
        "币种": ("import_other_currency", "JPY"),
        "签约金额": ("import_other_currency", "1200"),
    }


def test_who_may_own_no_customers_becomes_no_owner(app: Flask, employ: Employ) -> None:
    employ("support", {"today:others": "all"})
    with app.app_context():
        head = "客户名称,负责人,最近跟进日期,跟进人,下次跟进计划"
        run = imported(
            text(head, "甲公司,,2026-01-05,周牧,回访", "乙公司,周牧,,,"),
            owner_id=person_id("support"),
        )
        assert {row["owner_id"] for row in customers().values()} == {None}
        assert said(run) == {3: ["import_owner_unable"]}
        assert database.session.execute(select(Task.assignee_id)).scalar_one() is None
        done_by = database.session.execute(select(Interaction.done_by_id)).scalar_one()
        assert done_by == person_id("support")


@pytest.mark.parametrize("owner", ["sales", "sales2"])
def test_an_import_can_be_taken_back_whosever_number_it_took(
    app: Flask, employ: Employ, owner: str
) -> None:
    employ("sales", OWN)
    with app.app_context():
        gone = add(owner)
        do.delete_customer(gone, by=command_line(), at=clock.now())
        run = brought(HEAD, "K1,甲公司,13900000002,")
        is_own = owner == "sales"
        assert said(run) == ({} if is_own else {2: ["import_number_taken"]})
        assert ("K1" in customers()) == is_own
        assert customers("deleted").keys() == {f"K1.{gone}" if is_own else "K1"}
        assert may_undo(reader(), operation_row(run["operation_id"]))


def test_nothing_is_renamed_for_a_number_that_stays_taken(inside: Flask) -> None:
    gone = add()
    add(number="K2", aliases=["K1"])
    do.delete_customer(gone, by=command_line(), at=clock.now())
    run = imported(text(HEAD, "K1,甲公司,13900000002,"))
    assert said(run) == {2: ["import_number_taken"]}
    assert customers("deleted").keys() == {"K1"}
