"""What is written is read again by our own import, in both languages, whatever stands in it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmlite.exports.values import dialled
from crmlite.imports.reading import Step
from crmlite.rules.contact_details import check_phone
from crmlite.rules.text import clean_text, says_nothing
from tests.exports.books import CLAIRE, COMPANY, NEED, SAID, add, add_whole, exported, read_back
from tests.figures import counted
from tests.real_files import naughty_strings, real_file

FORMATS = ("csv", "xlsx")
LANGUAGES = ("en", "zh")
PERSON: dict[str, Any] = {
    "kind": "person", "name": "陈白鹭", "lifecycle": "lost", "lost_reason": "price",
    "gender": "female", "birthday": date(1990, 1, 2), "birthday_lunar": True, "age": 36,
    "likes_products": "茶", "likes_colours": "blue", "likes_brands": "b", "interests": "i",
}  # fmt: skip
SIGNED = "苏州云杉精密机械有限公司"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_field_of_the_book_comes_back(inside: Flask, tmp_path: Path, kind: str, lang: str):
    made = add_whole(aliases=["OLD-7"])
    [told] = read_back(exported("all", kind, lang), tmp_path / "scratch")
    assert [doubt for doubt in told.doubts if doubt.problem.level == "error"] == []
    assert told.number == made["number"]
    assert told.values == {**COMPANY, "currency": "CNY"}
    assert told.contact == CLAIRE
    assert told.need == NEED
    assert told.remarks == ["需补充行业案例"]
    assert told.tags == ["贵宾" if lang == "zh" else "VIP"]
    assert (told.owner, told.by) == ("林知夏", "林知夏")
    assert (told.talk.at.date(), told.talk.content) == (date(2026, 6, 14), SAID)
    assert told.step == Step(what="2026-06-20电话确认", due_on=date(2026, 6, 20))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_come_back_as_people(inside: Flask, tmp_path: Path, lang: str):
    add(PERSON, contacts=[{"name": PERSON["name"], "mobile": "13800000001", "is_self": True}])
    for layout in ("all", "sheet"):
        [told] = read_back(exported(layout, "csv", lang), tmp_path / layout)
        assert told.values["kind"] == "person" and told.contact["is_self"]
    [told] = read_back(exported("all", "csv", lang), tmp_path / "all")
    assert {name: told.values[name] for name in PERSON} == PERSON


def test_the_customer_sheet_is_the_one_that_firms_have(inside: Flask):
    head = (
        real_file("customer_sheet", "customers.utf8bom.csv").read_text("utf-8-sig").split("\n")[0]
    )
    file = exported("sheet", "csv", "zh").decode("utf-8-sig")
    assert file.replace('"', "").splitlines() == [head.strip()]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_customer_sheet_comes_back(inside: Flask, tmp_path: Path, lang: str, kind: str):
    made = add_whole()
    [told] = read_back(exported("sheet", kind, lang), tmp_path / "scratch")
    assert [doubt for doubt in told.doubts if doubt.problem.level == "error"] == []
    assert told.number == made["number"]
    kept = ("name", "kind", "industry", "lifecycle", "stage", "signed_amount", "cooperation_on")
    assert told.values == {name: COMPANY[name] for name in kept}
    ways = ("name", "title", "mobile", "phone", "email")
    assert told.contact == {name: CLAIRE[name] for name in ways}
    assert told.talk.content == SAID and told.by == "林知夏"
    assert told.step == Step(what="2026-06-20电话确认", due_on=date(2026, 6, 20))
    assert told.remarks == ["需补充行业案例\n-5 % asked"]


def test_an_amount_of_another_currency_is_never_taken_for_the_firms(inside: Flask, tmp_path: Path):
    add({**COMPANY, "currency": "USD"})
    file = exported("sheet", "csv", "zh")
    assert "66.123456万 USD" in file.decode()
    [told] = read_back(file, tmp_path / "scratch")
    assert "signed_amount" not in told.values


def is_kept(text: str) -> bool:
    """Whether the book keeps a text and a cell can say it: there are words for nothing."""
    return bool(text) and not says_nothing(text)


def test_texts_that_break_things_come_back(inside: Flask, tmp_path: Path):
    cleaned = [clean_text(text, max_length=200).value for text in naughty_strings()]
    texts = [text for text in dict.fromkeys(cleaned) if text and is_kept(text)]
    texts += ["'=1+1", "''=1+1"]
    assert len(texts) > 300
    for text in texts:
        add({"kind": "company", "name": text, "region": text[:120]}, contacts=[], owner=None)
    for kind in FORMATS:
        counted("encodings", texts=len(texts))
        told = read_back(exported("all", kind, "zh"), tmp_path / kind)
        assert [one.values["name"] for one in sorted(told, key=number)] == texts
        assert {one.values["name"]: one.values["region"] for one in told} == {
            text: clean_text(text[:120], max_length=200).value for text in texts
        }


def number(told: Any) -> int:
    return int(told.number.removeprefix("C"))


@given(st.text(max_size=40), st.sampled_from(["86", "44", "1"]))
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_phones_of_any_writing_come_back_and_are_no_formulas(text: str, home: str):
    for typed in (
        text,
        f"13800000001 ext {text}",
        f"+49 40 {text}",
        f"020-8800{text}",
        "+1" + text,
    ):
        kept = check_phone(typed, home=home).value
        if kept:
            written = dialled(kept, home)
            assert check_phone(written, home=home).value == kept
            assert not written.startswith("+") or written[1:].isdigit()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("139 0000 0002", "13900000002"),
        ("020-88000004转801", "02088000004-801"),
        ("+49 40 0000007", "+49400000007"),
        ("+49 40 0000007 ext 12", "0049400000007 ext 12"),
        ("400-123-4567", "4001234567"),
    ],
)
def test_phones_stand_in_files_as_they_are_dialled(typed: str, written: str):
    assert dialled(check_phone(typed).value, "86") == written
