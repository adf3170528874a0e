"""Rows become customers: every spelling is read, and what cannot be kept is named, not lost."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from crmlite.imports import headings, reading
from crmlite.imports.reading import Column, Incoming, RowReader, Step, day_in
from crmlite.imports.vocabulary import industry_code, vocabulary
from crmlite.rules.messages import MESSAGES
from crmlite.rules.values import Reading
from tests.real_files import real_file

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Nothing here asks a database; the fields of packs need an application."""
    return str(request.param)


@pytest.fixture
def reader(inside: Flask):
    """Reads rows below these headings, on a day of 2024 at a firm in Shanghai."""

    def of(*named: str) -> RowReader:
        columns = [
            Column(heading=heading, target=target, unit=headings.unit_of(heading))
            for heading, target in zip(named, headings.guess(named), strict=True)
        ]
        words = vocabulary(Reading(today=date(2024, 4, 1), zone=SHANGHAI))
        return RowReader(columns, words)

    return of


def codes(told: Incoming) -> list[tuple[str, str]]:
    return [(doubt.heading, doubt.problem.code) for doubt in told.doubts]


def errors(told: Incoming) -> set[str]:
    return {doubt.heading for doubt in told.doubts if doubt.problem.level == "error"}


@pytest.fixture
def sheet(reader) -> list[Incoming]:
    path = real_file("customer_sheet", "customers.utf8bom.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        named, *rows = csv.reader(file)
    read = reader(*named)
    return [read.read(number, cells) for number, cells in enumerate(rows, 2)]


def test_the_sample_sheet_is_read_to_the_last_cell(sheet):
    first, trade, studio = sheet[:3]
    assert first.number == "C001" and first.values == {
        "name": "苏州云杉精密机械有限公司",
        "kind": "company",
        "industry": "C35",
        "lifecycle": "interested",
        "stage": "proposal",
        "signed_amount": 50_000_000,
        "cooperation_on": date(2023, 1, 1),
    }
    assert first.contact == {
        "name": "*经理",
        "title": "采购总监",
        "mobile": "13800000001",
        "email": "purchase@yunshan-jm.example",
    }
    assert first.talk.at == datetime(2023, 10, 15, 4, tzinfo=UTC)
    assert (first.talk.content, first.by) == ("客户对方案A交付周期有疑问", "*主管")
    assert first.step == Step(what="2023-10-20电话确认", due_on=date(2023, 10, 20))
    assert first.remarks == ["需补充行业案例"]
    assert trade.values["industry"] == "F52" and trade.contact["mobile"] == "13900000002"
    assert studio.values["kind"] == "person" and "signed_amount" not in studio.values
    assert studio.talk.at.astimezone(SHANGHAI).date() == date(2023, 9, 25)


def test_every_spelling_of_the_sample_sheet_is_read(sheet):
    by_number = {told.number: told for told in sheet}
    assert by_number["C004"].contact["phone"] == "020-88000004-801"
    assert by_number["C005"].step.due_on == date(2024, 1, 27)
    assert by_number["C005"].values["industry"] == "P83"
    assert by_number["C007"].contact["phone"] == "+49400000007"
    assert by_number["C007"].values["lifecycle"] == "lost"
    assert by_number["C008"].values["signed_amount"] == 66_000_000
    assert by_number["C008"].step.due_on == date(2024, 3, 8)
    assert by_number["C008"].remarks == ["=1+1"]
    assert by_number["C009"].values["stage"] == "negotiation"
    assert by_number["C006"].talk is None and by_number["C006"].by == "*主管"


def test_what_is_wrong_in_the_sample_sheet_is_named(sheet):
    failed = [told for told in sheet if told.failed]
    assert [(told.row, codes(told)) for told in failed] == [
        (12, [("客户名称", "import_name_missing")])
    ]
    last = sheet[-1]
    assert last.values["name"] == "青岛海蓝渔具厂" and not last.failed
    assert errors(last) == {"联系方式", "电子邮箱", "签约金额(万元)", "合作起始日期"}
    assert last.contact == {"name": "孙厂长", "title": "厂长"}
    others = [told for told in sheet if not told.failed and told is not last]
    assert [errors(told) for told in others] == [set()] * 10


def test_every_doubt_can_be_worded(sheet):
    found = {doubt.problem.code for told in sheet for doubt in told.doubts}
    assert found <= set(MESSAGES) | set(reading.MESSAGES)


def test_people_of_an_address_book_are_customers_with_their_company(reader):
    read = reader(
        "First Name", "Last Name", "Company", "Job Title", "E-mail Address", "Mobile Phone"
    )
    clerk = read.read(
        2, ["Anna", "Schmidt", "Nordlicht AG", "Buyer", "a@n.example", "+49 171 3920011"]
    )
    assert (clerk.values["name"], clerk.values["kind"]) == ("Nordlicht AG", "company")
    assert clerk.contact["name"] == "Anna Schmidt"
    alone = read.read(3, ["Anna", "Schmidt", "", "", "a@n.example", ""])
    assert (alone.values["name"], alone.values["kind"]) == ("Anna Schmidt", "person")
    assert alone.contact["is_self"]
    nameless = read.read(4, ["", "", "", "", "only@mail.example", ""])
    assert nameless.values["name"] == "only@mail.example"


def test_a_chinese_name_in_two_columns_is_one_without_a_blank(reader):
    read = reader("姓", "名", "手机")
    assert read.read(2, ["欧阳", "娜娜", "13800000001"]).values["name"] == "欧阳娜娜"


def test_several_numbers_in_one_cell_have_their_places(reader):
    read = reader("客户名称", "联系方式")
    told = read.read(2, ["甲公司", "020-88000004 / 13800000001"])
    assert (told.contact["mobile"], told.contact["phone"]) == ("13800000001", "020-88000004")


@pytest.mark.parametrize(
    ("cell", "mobile", "phone", "left"),
    [
        ("139 1111 2222/13900003333", "13911112222", "13900003333", []),
        ("13911110000;13911110001、13911110002", "13911110000", "13911110001", ["13911110002"]),
        ("13911110000 13911110001", "13911110000", "13911110001", []),
        ("手机 13911110000，座机 020-88000004", "13911110000", "020-88000004", []),
        ("13911110000/13911110000", "13911110000", None, []),
    ],
)
def test_a_number_has_a_place_or_is_named(reader, cell, mobile, phone, left):
    told = reader("客户名称", "联系方式").read(2, ["甲公司", cell])
    assert (told.contact.get("mobile"), told.contact.get("phone")) == (mobile, phone)
    assert [doubt.text for doubt in told.doubts if doubt.problem.level == "error"] == left
    assert set(codes(told)) <= {("联系方式", "import_no_place_phone")}


def test_numbers_of_several_columns_share_the_two_places(reader):
    read = reader("客户名称", "手机", "座机", "联系电话")
    told = read.read(2, ["甲公司", "13911110000，13911110001", "", "020-88000004/13911110002"])
    assert (told.contact["mobile"], told.contact["phone"]) == ("13911110000", "020-88000004")
    assert [doubt.text for doubt in told.doubts] == ["13911110001", "13911110002"]
    wrong = reader("客户名称", "联系方式").read(2, ["甲公司", "1391111000/13911110001"])
    assert wrong.contact["mobile"] == "13911110001"
    assert [doubt.text for doubt in wrong.doubts] == ["1391111000"]


@pytest.mark.parametrize("sign", ["; ", " / ", "、", "\n", " "])
def test_a_second_address_is_named(reader, sign):
    told = reader("客户名称", "邮箱").read(2, ["甲公司", f"a@x.example{sign}b@x.example"])
    assert told.contact["email"] == "a@x.example"
    assert codes(told) == [("邮箱", "import_no_place_email")]
    assert told.doubts[0].text == "b@x.example"


def test_a_text_that_was_shielded_from_formulas_is_itself_again(reader):
    read = reader("客户名称", "备注")
    assert read.read(2, ["甲", "'=1+1"]).remarks == ["=1+1"]
    assert read.read(2, ["甲", "'twas so"]).remarks == ["'twas so"]
    assert read.read(2, ["甲", "a '=b"]).remarks == ["a '=b"]


def test_a_talk_without_a_day_is_kept_as_a_remark(reader):
    read = reader("客户名称", "跟进内容")
    told = read.read(2, ["甲", "聊了新项目"])
    assert told.talk is None and told.remarks == ["聊了新项目"]
    assert codes(told) == [("跟进内容", "import_talk_undated")]


def test_parts_of_an_address_are_put_together(reader):
    read = reader("Name", "Business Street", "Business City", "Business Postal Code", "Country")
    told = read.read(2, ["Calder", "4 Mill Lane", "Leeds", "LS1 4AP", "UK"])
    assert told.values["address"] == "UK, Leeds, 4 Mill Lane, LS1 4AP"


def test_rows_that_are_too_short_or_empty_say_so(reader):
    read = reader("客户编号", "客户名称", "备注")
    assert read.read(2, ["C1", "甲"]).values["name"] == "甲"
    assert codes(read.read(3, [])) == [("", "import_row_unreadable")]
    assert read.read(4, ["C 1", "甲"]).number is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-10-20电话确认", date(2023, 10, 20)),
        ("2024年2月8日 面谈", date(2024, 2, 8)),
        ("1月27日回访", date(2024, 1, 27)),
        ("6月1日寄样品", date(2024, 6, 1)),
        ("3天内回访", date(2023, 10, 18)),
        ("尽快联系", None),
    ],
)
def test_the_day_of_a_plan_is_found_in_its_words(text, day):
    assert day_in(text, date(2023, 10, 15)) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C35专用设备制造业", "C35"),
        ("C3511", "C3511"),
        ("零售贸易", "F52"),
        ("批发", "F51"),
        ("专用设备制造业", "C35"),
        ("装卸搬运和仓储业", "G59"),
        ("个人客户", None),
        ("别的什么", None),
    ],
)
def test_an_industry_is_known_by_code_by_name_and_by_what_people_say(text, code):
    assert industry_code(text) == code


def test_whatever_stands_in_a_cell_breaks_nothing(reader):
    named: Sequence[str] = [
        "客户编号", "客户名称", "联系人", "联系方式", "电子邮箱", "所属行业", "客户类型",
        "签约金额(万元)", "合作起始日期", "最近跟进日期", "跟进内容", "下次跟进计划", "备注", "标签",
    ]  # fmt: skip
    read = reader(*named)
    path = real_file("naughty", "blns.txt")
    for line in path.read_text("utf-8").split("\n"):
        told = read.read(2, [line] * len(named))
        assert told.failed or told.values["name"]


def test_amounts_are_in_the_currency_of_their_row(reader):
    read = reader("客户名称", "签约金额", "币种")
    assert read.read(2, ["甲", "1,200", "JPY"]).values["signed_amount"] == 1200
    assert read.read(3, ["甲", "1,200", "usd"]).values["signed_amount"] == 120_000
    assert read.read(4, ["甲", "1,200", ""]).values["signed_amount"] == 120_000
    odd = read.read(5, ["甲", "1,200", "Taler"])
    assert codes(odd) == [("币种", "import_currency_unknown")]
    assert odd.doubts[0].text == "Taler"


def test_a_status_of_the_list_is_kept_by_its_key(reader):
    from crmlite import settings

    known = settings.choices("status")[0]
    read = reader("客户名称", "当前状态")
    for words in known.label.values():
        assert read.read(2, ["甲", words]).values["status"] == known.key
    assert read.read(2, ["甲", "等总部回复"]).values["status"] == "等总部回复"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("heading", ["合作日期", "最近跟进日期", "下次跟进日期", "生日"])
def test_a_date_that_could_be_two_is_left_out_and_named(inside: Flask, heading, language):
    columns = [Column(heading="客户名称", target="name")]
    columns.append(Column(heading=heading, target=headings.known()[heading]))
    told = {}
    for first in (None, True, False):
        asked = Reading(today=date(2024, 4, 1), zone=SHANGHAI, lang=language, day_first=first)
        read = RowReader(columns, vocabulary(asked))
        told[first] = read.read(2, ["甲", "03/04/2024"])
        assert codes(read.read(3, ["甲", "13/04/2024"])) == []
    assert codes(told[None]) == [(heading, "import_date_ambiguous")]
    assert (told[None].doubts[0].text, errors(told[None])) == ("03/04/2024", {heading})
    assert codes(told[True]) == codes(told[False]) == []
    days = [days_of(told[first]) for first in (None, True, False)]
    assert days == [[], [date(2024, 4, 3)], [date(2024, 3, 4)]]


def days_of(told: Incoming) -> list[date | None]:
    """The days that a row tells of."""
    found = [*told.values.values(), *told.contact.values()]
    days: list[date | None] = [value for value in found if isinstance(value, date)]
    days += [told.talk.at.astimezone(SHANGHAI).date()] if told.talk else []
    return days + ([told.step.due_on] if told.step else [])


def test_a_department_is_noted_about_the_contact_and_is_not_the_company(reader):
    read = reader("Company", "Department", "Job Title", "Notes")
    told = read.read(2, ["测试集团", "销售部", "经理", "爱喝茶"])
    assert told.values["name"] == "测试集团"
    assert told.contact["title"] == "经理"
    assert told.contact["note"] == "爱喝茶\nDepartment: 销售部"


ADDRESSES = (
    "Name", "Work Street", "Work City", "Work Country", "Home Street", "Home City", "Home Country",
)  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "address", "left"),
    [
        (["", "Leeds", "UK", "Hof 3", "Bonn", "DE"], "UK, Leeds", ["DE, Bonn, Hof 3"]),
        (["", "", "", "Hof 3", "Bonn", ""], "Bonn, Hof 3", []),
        (["", "Leeds", "", "", "Leeds", ""], "Leeds", []),
    ],
)
def test_one_address_is_kept_whole_that_of_work_first(reader, cells, address, left):
    named = [heading.replace("Work Street", "Business Street") for heading in ADDRESSES]
    told = reader(*named).read(2, ["甲", *cells])
    assert told.values["address"] == address
    assert [doubt.text for doubt in told.doubts] == left
    assert {code for _heading, code in codes(told)} <= {"import_no_place_address"}


def test_a_birthday_in_three_columns_is_one(reader):
    read = reader("Name", "Birth Year", "Birth Month", "Birth Day")
    assert read.read(2, ["甲", "1970", "11", "5"]).contact["birthday"] == date(1970, 11, 5)
    half = read.read(3, ["甲", "", "11", "15"])
    assert codes(half) == [("Birth Month", "import_birthday_partial")]
    assert half.doubts[0].text == "11-15"


def test_every_phone_and_mail_of_an_address_book_is_kept_or_named(reader):
    read = reader(
        "Display Name", "Email Home", "Email Work", "Secondary Email", "Home Phone", "Work Phone",
        "Mobile Number",
    )  # fmt: skip
    told = read.read(
        2,
        ["Anna", "h@x.example", "w@x.example", "s@x.example", "021-61234567", "010-61234567",
         "13911110000"],
    )  # fmt: skip
    assert told.contact["email"] == "w@x.example"
    assert (told.contact["mobile"], told.contact["phone"]) == ("13911110000", "010-61234567")
    left = {"h@x.example", "s@x.example", "021-61234567"}
    assert {doubt.text for doubt in told.doubts} == left


@pytest.mark.parametrize(
    ("country", "phone", "kept"),
    [
        ("Nepal", "163-627-2565", "+9771636272565"),
        ("尼泊尔", "163-627-2565x12", "+9771636272565 ext 12"),
        ("USA", "1-860-555-1234", "+18605551234"),
        ("Bosnia and Herzegovina", "033 123 456", "+38733123456"),
        ("Côte d’Ivoire", "07 12 34 56 78", "+2250712345678"),
        ("英国", "020 7946 0000", "+442079460000"),
        ("China", "021-61234567", "021-61234567"),
        ("Nepal", "+86 13900003333", "13900003333"),
        ("Atlantis", "021-61234567", "021-61234567"),
        ("Nepal", "110", "110"),
    ],
)
def test_the_country_of_a_row_settles_how_its_phones_are_read(reader, country, phone, kept):
    told = reader("客户名称", "国家", "电话").read(2, ["甲", country, phone])
    assert kept in (told.contact.get("mobile"), told.contact.get("phone"))
    assert errors(told) == set()


def test_what_is_said_of_a_name_is_said_once(reader):
    read = reader("客户名称", "备注")
    assert codes(read.read(2, ["甲\x01公司", ""])) == [("客户名称", "text_cleaned")]
    long = read.read(3, ["x" * 201, ""])
    assert long.failed and codes(long) == [("客户名称", "text_too_long")]
    assert long.doubts[0].text == "x" * 201
