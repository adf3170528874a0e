"""Whom in the book a record may be that is about to be written."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from crmlite.customers import operations as do
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.duplicates import Match, Probe, find_matches
from crmlite.work import undo
from tests.customers.operating import done
from tests.customers.records import counted

NAME, PHONE, EMAIL = "上海天成新能源科技有限公司", "13812345678", "c.harlow@riverton.example"


def known(name: str = NAME, *, number: str | None = None, **more: Any) -> int:
    """A customer of the book: `mobile`, `email` and `im` are those of its contact."""
    ways = {way: more.pop(way) for way in ("mobile", "email", "im") if way in more}
    values = {"kind": "company", **more, "name": name}
    person = {"is_self": True} if values["kind"] == "person" else {}
    contacts = [{"name": name, **ways, **person}] if ways or person else []
    draft = CustomerDraft(values=values, contacts=contacts, number=number)
    return int(done(do.create_customer, draft)["id"])


def only(probe: Probe) -> Match:
    """The one match of a record."""
    (matches,) = find_matches([probe])
    (match,) = matches
    return match


def test_the_same_name_with_number_phone_or_email_is_certain(inside: Flask):
    made = known(number="A-17", mobile=PHONE, email=EMAIL)
    for more in (
        {"number": "A-17"},
        {"phones": ("+86 138 1234 5678",)},
        {"emails": (EMAIL.upper(),)},
    ):
        match = only(Probe(name="上海天成新能源科技（集团）股份有限公司", **more))
        assert (match.customer_id, match.certain) == (made, True)
        assert {"name", *(name.removesuffix("s") for name in more)} == set(match.reasons)


def test_a_switchboard_that_many_share_still_makes_one_name_certain(inside: Flask):
    names = [
        f"第{place}分厂机械有限公司" for place in "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑"
    ]
    made = [known(name, mobile=PHONE) for name in names]
    found = find_matches([Probe(name=name, phones=(PHONE,)) for name in names])
    assert [[m.customer_id for m in some if m.certain] for some in found] == [[i] for i in made]


def test_a_number_of_an_older_file_counts(inside: Flask):
    draft = CustomerDraft(values={"kind": "company", "name": NAME}, aliases=["OLD/9"])
    made = done(do.create_customer, draft)["id"]
    assert only(Probe(name=NAME, number="OLD/9")) == Match(made, True, 20, ("number", "name"))


@pytest.mark.parametrize(
    ("probe", "reasons"),
    [
        (Probe(name=NAME), ("name",)),
        (Probe(name="天成新能源科技"), ("name",)),
        (Probe(name="上海天诚新能源科技有限公司"), ("pinyin",)),
        (Probe(name="蓝海物流有限公司", phones=(PHONE,)), ("phone",)),
        (Probe(name="蓝海物流有限公司", emails=(EMAIL,)), ("email",)),
        (Probe(name="天成新能源", ims=("Harlow_88",)), ("im", "near_name")),
        (Probe(name="", phones=(PHONE,)), ("phone",)),
    ],
)
def test_what_is_only_likely(inside: Flask, probe: Probe, reasons: tuple[str, ...]):
    made = known(mobile=PHONE, email=EMAIL, im="harlow_88")
    match = only(probe)
    assert (match.customer_id, match.certain) == (made, False)
    assert sorted(match.reasons) == sorted(reasons)


@pytest.mark.parametrize(
    "probe",
    [
        Probe(name="蓝海物流有限公司", number="A-17"),
        Probe(
            name="天地新能源科技有限公司", phones=("13812345679",), emails=("x@riverton.example",)
        ),
        Probe(name=""),
        Probe(name="　", phones=("-",), emails=("@",), ims=("",), number=""),
    ],
)
def test_what_is_somebody_else(inside: Flask, probe: Probe):
    known(number="A-17", mobile=PHONE, email=EMAIL)
    assert find_matches([probe]) == [[]]


def test_people_are_told_apart_by_their_birthday(inside: Flask):
    born = date(1990, 5, 1)
    made = known("Anna Weber", kind="person", birthday=born)
    for name, day in (
        ("Weber, Anna", born),
        ("Anna Webber", born),
        ("Anna Weber", date(1990, 1, 5)),
        ("Anna Weber", None),
    ):
        match = only(Probe(name=name, kind="person", birthday=day))
        assert (match.customer_id, match.certain) == (made, False)
    for name, day in (("Anna Weber", date(1971, 3, 12)), ("Jon Lindqvist", born)):
        assert find_matches([Probe(name=name, kind="person", birthday=day)]) == [[]]


def test_addresses_speak_for_and_against(inside: Flask):
    phone = "021-55667788"
    made = known("Palace Court Ltd", mobile=phone, address="上海市浦东新区张江路88号")
    elsewhere = Probe(name="Cafe Roma Ltd", phones=(phone,), address="广州市天河区体育西路5号")
    assert find_matches([elsewhere]) == [[]]
    near = Probe(name="Palace Cort Ltd", phones=(phone,), address="浦东新区张江路88号")
    assert only(near) == Match(made, False, 19, ("near_name", "phone", "address"))


def test_the_best_comes_first_and_who_is_left_out_does_not_come(inside: Flask):
    alike, sure = known("天成新能源科技公司"), known(mobile=PHONE)
    (found,) = find_matches([Probe(name=NAME, phones=(PHONE,))])
    assert [match.customer_id for match in found] == [sure, alike]
    (rest,) = find_matches([Probe(name=NAME, phones=(PHONE,))], besides=[sure])
    assert [match.customer_id for match in rest] == [alike]


def test_archived_ones_count_and_those_in_the_bin_do_not(inside: Flask):
    made = known(lifecycle="dormant", mobile=PHONE)
    done(do.archive_customer, made)
    probe = Probe(name=NAME, phones=(PHONE,))
    assert only(probe).certain
    deleted = done(do.delete_customer, made)
    assert find_matches([probe]) == [[]]
    done(undo, deleted)
    assert only(probe).certain


def test_many_in_the_bin_hide_nobody(inside: Flask):
    sure = known(mobile=PHONE)
    for _ in range(25):
        done(do.delete_customer, known(mobile=PHONE))
    assert only(Probe(name=NAME, phones=(PHONE,))).customer_id == sure
    assert only(Probe(name="蓝海物流有限公司", phones=(PHONE,))).customer_id == sure


def test_a_name_that_many_bear_hides_nobody(inside: Flask):
    sure = known("Test Ltd", number="T-1", mobile=PHONE)
    drafts = [CustomerDraft(values={"kind": "company", "name": "Test Ltd"}) for _ in range(40)]
    for draft in drafts:
        done(do.create_customer, draft)
    other = known("Riverton Ltd")
    found = find_matches(
        [
            Probe(name="Test Ltd", phones=(PHONE,)),
            Probe(name="Test Ltd", number="T-1"),
            Probe(name="Riverton GmbH"),
        ]
    )
    assert [(some[0].customer_id, some[0].certain) for some in found] == [
        (sure, True),
        (sure, True),
        (other, False),
    ]
    assert len(found[0]) < 30


def test_many_records_take_no_more_statements_than_one(inside: Flask):
    for number in range(30):
        known(f"Riverton {number} Ltd", mobile=f"138{number:08}", email=f"a{number}@r.example")

    def asked(count: int) -> int:
        probes = [
            Probe(
                name=f"Riverton {number} Ltd",
                number=f"N-{number}",
                phones=(f"138{number:08}",),
                emails=(f"a{number}@r.example",),
                ims=(f"im{number}",),
            )
            for number in range(count)
        ]
        with counted(inside) as statements:
            found = find_matches(probes)
        assert all(some[0].certain for some in found)
        return len(statements.own)

    assert asked(30) == asked(1) <= 10
