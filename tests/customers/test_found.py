"""The one box finds customers and their contacts by whatever people know of them."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer, create_tag
from crmlite.customers.queries import dimension_id
from crmlite.customers.search_rows import explain
from crmlite.extensions import database
from crmlite.search.queries import find
from crmlite.work.actors import command_line

WORKS = "苏州云杉精密机械有限公司"
CHIPS = "臺灣積體電路製造股份有限公司"
SONS = "Müller & Söhne GmbH"
TRADE = "ＡＢＣ１２３商贸（上海）有限公司"
MIXED = "北京3M中国有限公司"

FINDS: dict[str, Sequence[str]] = {
    WORKS: (
        # one to three characters from anywhere, in either script, whatever stands around them
        "云", "杉", "云杉", "州云", "械有", "精密机", "苏州云", WORKS, "雲", "蘇州", "精密機",
        " 云杉 ", "“云杉”", "云 精密", "精密，云杉",
        # pinyin and initials from any character on, whole or begun
        "suzhouyunshan", "su zhou", "yunshan", "yunsh", "jingmi", "mijixie", "szys", "ysjm", "jmjx",
        # numbers, those of now and before, with and without letters and zeros
        "C001", "c001", "001", "1", "OLD-77", "old77", "77",
        # phones whole, however they are written, and their last four figures
        "13800001391", "138 0000 1391", "+86 138-0000-1391", "008613800001391", "１３８００００１３９１",
        "1391", "020-88000007", "02088000007", "(020) 8800 0007", "020-88000007转801", "0007",
        # mail addresses whole, by their local part and by their domain; accounts
        "ouyang.nana@yunshan-jm.example", "OUYANG.NANA@Yunshan-JM.example", "ouyang.nana",
        "ouyang.nana@", "yunshan-jm.example", "@yunshan-jm.example", "ouyang_w",
        # contacts
        "欧阳娜娜", "欧阳", "阳娜", "娜", "歐陽", "ouyang", "oynn", "nana", "重庆", "chongqing",
        # tags, in both languages, and the region
        "重点", "点项", "重点项目", "重點", "zdxm", "zhongdian", "Key account", "account", "江苏",
    ),
    CHIPS: ("台湾", "臺灣", "台", "积体电", "積體", "张忠谋", "張", "zhangzhongmou", "zzm", "tw",
            "taiwan", "+886 912 345 678", "5678", "zhang@tsmc.example", "tsmc.example"),
    SONS: ("muller", "müller", "MÜLLER", "Söhne", "sohne", "ller", "gmbh", "müller söhne", "anna",
           "chmi", "+49400000017", "0049 40 0000017", "0017", "mail.nordlicht.example"),
    TRADE: ("abc", "ABC123", "ａｂｃ", "１２３", "123", "bc1", "商贸", "（上海）", "上海"),
    MIXED: ("3m", "3M中国", "北京3", "３Ｍ"),
}  # fmt: skip
CONTACTS = {
    WORKS: [
        {
            "name": "欧阳娜娜",
            "mobile": "13800001391",
            "email": "ouyang.nana@yunshan-jm.example",
            "im": "ouyang_w",
        },
        {"name": "重庆", "phone": "020-88000007-801"},
    ],
    CHIPS: [{"name": "張忠謀", "mobile": "+886 912 345 678", "email": "Zhang@TSMC.example"}],
    SONS: [
        {"name": "Anna Schmidt", "phone": "+49 40 0000017", "email": "anna@mail.nordlicht.example"}
    ],
}


@pytest.fixture
def book(inside: Flask) -> dict[str, int]:
    """The customers by name, among others."""
    by, at = command_line(), clock.now()
    label = {"en": "Key account", "zh": "重点项目"}
    tag = create_tag(dimension_id("free"), "key", label, by=by, at=at)

    def add(name: str, **more: Any) -> int:
        values = {"kind": "company", "name": name, "region": "江苏" if name == WORKS else None}
        return int(create_customer(CustomerDraft(values=values, **more), by=by, at=at)["id"])

    made = {}
    for name in FINDS:
        own = {"tags": [tag], "aliases": ["OLD-77"]} if name == WORKS else {}
        made[name] = add(name, contacts=CONTACTS.get(name, []), **own)
    for n in range(40):
        add(f"填充{n}号客户", contacts=[{"name": f"赵{n}", "mobile": f"1391222{n:04d}"}])
    return made


def test_each_clause_finds_it_among_the_first(book: dict[str, int]):
    reader = everything()
    missed = [
        (name, typed)
        for name, texts in FINDS.items()
        for typed in texts
        if book[name] not in [hit.record_id for hit in find(reader, typed, limit=8)]
    ]
    assert missed == []


def test_every_last_four_figures_find_their_phone(inside: Flask):
    by, at, reader = command_line(), clock.now(), everything()
    tails = [f"{n:04d}" for n in (*range(0, 10_000, 487), 1, 86, 861, 1391, 1512, 8613, 9999)]
    for tail in tails:
        phone = [{"name": "Ada", "mobile": f"1390000{tail}"}]
        made = create_customer(
            CustomerDraft(values={"kind": "company", "name": "Firm"}, contacts=phone), by=by, at=at
        )
        assert made["id"] in [hit.record_id for hit in find(reader, tail)], tail
    database.session.rollback()


def test_what_was_not_in_the_name_is_said(book: dict[str, int]):
    for typed, why in (
        ("1391", "Phone: 欧阳娜娜"),
        ("0007", "Phone: 重庆"),
        ("yunshan-jm.example", "E-mail: 欧阳娜娜"),
        ("重点", "Tag: 重点项目"),
        ("oynn", "Contact: 欧阳娜娜"),
        ("old77", "Earlier number: OLD-77"),
    ):
        assert explain(typed, [book[WORKS]])[book[WORKS]] == why, typed
