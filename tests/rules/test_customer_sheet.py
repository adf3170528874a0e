"""The sheet that small firms keep, as it comes: what is good in it is read, the rest is named."""

import csv
from datetime import date

import pytest

from crmlite.rules.fields import Field
from crmlite.rules.names import name_key
from crmlite.rules.text import says_nothing
from crmlite.rules.values import Reading, read_value
from tests.real_files import real_file

READING = Reading(today=date(2024, 3, 15), unit=10_000)
COLUMNS = {
    "联系方式": Field(name="phone", label="Phone", kind="phone"),
    "电子邮箱": Field(name="email", label="E-mail", kind="email"),
    "签约金额(万元)": Field(name="signed", label="Signed amount", kind="amount"),
    "合作起始日期": Field(name="since", label="Since", kind="date"),
    "最近跟进日期": Field(name="last", label="Last contact", kind="date"),
}


@pytest.fixture(scope="module")
def rows():
    """The rows of the sheet by customer number; it lies outside the project."""
    sheet = real_file("customer_sheet", "customers.utf8bom.csv")
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        return {row["客户编号"]: row for row in csv.DictReader(lines)}


def read(row, column):
    """What a cell means; None for one that says nothing."""
    return None if says_nothing(row[column]) else read_value(COLUMNS[column], row[column], READING)


def test_only_the_bad_row_has_errors(rows):
    wrong = {
        (number, column)
        for number, row in rows.items()
        for column in COLUMNS
        if (cell := read(row, column)) and not cell.ok
    }
    assert wrong == {("C012", column) for column in COLUMNS if column != "最近跟进日期"}


def test_amounts_are_in_ten_thousands_whether_the_cell_says_so_or_not(rows):
    signed = {number: read(row, "签约金额(万元)") for number, row in rows.items()}
    assert signed["C001"].value == 50_000_000
    assert signed["C004"].value == 128_500_000
    assert signed["C008"].value == 66_000_000
    assert signed["C003"] is None


def test_dates_are_read_in_every_spelling(rows):
    last = {number: read(row, "最近跟进日期") for number, row in rows.items()}
    assert last["C002"].value == date(2023, 10, 10)
    assert last["C003"].value == date(2023, 9, 25)
    assert last["C005"].value == date(2024, 1, 20)


def test_the_likely_duplicate_shows_by_name_and_phone(rows):
    first, second = rows["C001"], rows["C006"]
    assert name_key(first["客户名称"]) == name_key(second["客户名称"])
    assert read(first, "联系方式") == read(second, "联系方式")
