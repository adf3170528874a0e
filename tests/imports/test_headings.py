"""Columns are known by their headings, in both languages and as other programs write them."""

import csv

import pytest
from flask import Flask

from crmlite.imports.headings import folded, guess, known, our_columns, row_of_headings, unit_of
from crmlite.imports.opening import guessed
from crmlite.imports.targets import targets
from crmlite.rules.fields import Field
from tests.fields.packs import bring
from tests.real_files import real_file


def of(name: str, *folder: str) -> dict[str, str | None]:
    with real_file(*folder, name).open(encoding="utf-8-sig", newline="") as file:
        headings = next(csv.reader(file))
    return dict(zip(headings, guess(headings), strict=True))


def test_every_column_of_the_sample_sheet_is_known():
    found = of("customers.utf8bom.csv", "customer_sheet")
    assert found == {
        "客户编号": "number",
        "客户名称": "name",
        "联系人": "contact.name",
        "职位": "contact.title",
        "联系方式": "contact.reach",
        "电子邮箱": "contact.email",
        "所属行业": "industry",
        "客户类型": "lifecycle",
        "合作阶段": "stage",
        "签约金额(万元)": "signed_amount",
        "合作起始日期": "cooperation_on",
        "最近跟进日期": "talk.on",
        "跟进内容": "talk.content",
        "跟进人": "talk.by",
        "下次跟进计划": "next.what",
        "备注": "remark",
    }


def test_exports_of_address_books_are_known():
    google = of("gmail.csv", "contacts", "roundcube_csv")
    assert google["E-mail 1 - Value"] == "contact.email"
    assert google["Phone 1 - Value"] == "contact.reach"
    thunderbird = of("tb_plain.csv", "contacts", "roundcube_csv")
    assert thunderbird["Primary Email"] == "contact.email"
    assert thunderbird["Organization"] == "company"
    assert thunderbird["Mobile Number"] == "contact.mobile"


def test_a_target_is_given_once_and_no_heading_means_two_things():
    assert guess(["地址", "详细地址", "nonsense"]) == ["address", None, None]
    assert all(heading == folded(heading) for heading in known())


def test_further_phones_and_mails_have_targets_of_their_own_with_labels(inside: Flask):
    found = guess(["手机", "联系电话", "电话", "移动电话", "邮箱", "email", *["x"] * 3])
    phones, mails = set(found[:4]), set(found[4:6])
    assert phones == {"contact.mobile", "contact.reach", "contact.reach.2", "contact.reach.3"}
    assert mails == {"contact.email", "contact.email.2"}
    offered = {option.value for option in targets()}
    lunar = {"birthday_lunar", "contact.birthday_lunar"}  # come back from our own exports only
    assert (set(known().values()) - lunar) | phones | mails <= offered


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        (["Index", "Customer Id", "Company"], [None, "number", "company"]),
        (["Index", "Name"], [None, "name"]),
        (["编号", "客户编号", "客户名称"], [None, "number", "name"]),
        (["No.", "客户名称"], ["number", "name"]),
        (["Title", "Job Title"], [None, "contact.title"]),
        (["Title"], ["contact.title"]),
        (["Birth Day", "Birth Month", "Birth Year"], ["birth.day", "birth.month", "birth.year"]),
        (["Birthday"], ["contact.birthday"]),
        (["Home City", "Work City"], ["second.city", "address.city"]),
    ],
)
def test_the_plainer_heading_of_two_wins(named, wanted):
    assert guess(named) == wanted


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("签约金额(万元)", 10_000),
        ("签约金额（单位：万元）", 10_000),
        ("金额【万】", 10_000),
        ("金额(元)", 1),
        ("Amount (k)", 1_000),
        ("签约金额", 1),
        ("万元店", 1),
    ],
)
def test_the_unit_of_amounts_stands_in_brackets(heading, unit):
    assert unit_of(heading) == unit


def test_a_title_above_the_headings_is_passed_over():
    rows = [["2024年客户表"], [], ["客户编号", "客户名称"], ["C001", "某公司"]]
    assert row_of_headings(rows) == 2
    assert row_of_headings([["a", "b"], ["1", "2"]]) == 0
    assert row_of_headings([]) is None


@pytest.mark.parametrize("value", ["13900139001", "0519-8888 1234", "chen@example.cn"])
def test_a_first_row_that_holds_a_value_is_no_heading(value: str) -> None:
    assert row_of_headings([["常州恒泰机床", value], ["上海启钧", "021-61234567"]]) is None
    assert row_of_headings([["常州恒泰机床", value], ["客户名称", "电话"]]) == 1


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize("table", ["sample", "cards"])
def test_what_we_call_columns_ourselves_is_known(table: str, language: int) -> None:
    named = {target: both[language] for target, both in our_columns()[table].items()}
    assert guess(list(named.values())) == list(named)


def test_what_a_column_is_about_can_be_chosen_in_pinyin(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        finds = {option.value: option.find for option in targets()}
    assert finds["industry"] == "hangye hy"


def test_an_alias_takes_no_heading_that_our_own_files_write(inside: Flask) -> None:
    aliases = ("客户类别", "等级", "类别")
    field = Field(name="works__sort", label={"en": "Sort", "zh": "分类"}, aliases=aliases)
    bring(inside, "works", customer=[field])
    assert [one.target for one in guessed(aliases)] == ["kind", "tier", "works__sort"]


@pytest.mark.parametrize("heading", ["Prospects", "发展潜力"])
def test_a_field_is_known_by_what_it_is_called_in_either_language(
    inside: Flask, heading: str
) -> None:
    assert [one.target for one in guessed([heading])] == ["prospects"]
