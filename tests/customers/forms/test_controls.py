"""Controls made from the declaration of a field alone."""

from typing import Any

import pytest
from flask import Flask

from crmlite.customers.fields import CONTACT, NEED, RECORDED
from crmlite.customers.forms.controls import LONGEST_TEXT, control
from crmlite.forms import Form
from crmlite.rules.fields import Choice, Field
from crmlite.rules.text import unstorable

FIELDS = {field.name: field for field in (*RECORDED, *NEED, *CONTACT)}
NAUGHTY = ["\x00", "\ufffd", "x" * 20_000, "🐉", "<script>", "' OR 1=1 --", "−1", "١٢", "1e999"]


def filled(app: Flask, field: Field, typed: str) -> Any:
    """The field of a form to which this was sent."""
    with app.test_request_context(method="POST", data={field.name: typed}):
        form = type("One", (Form,), {field.name: control(field, currency="CNY")})()
        form.validate()
        found = form[field.name]
        found.errors, found.data, found.doubts  # noqa: B018 - read while the request lasts
        return found


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("annual_amount", "12万", 12_000_000),
        ("annual_amount", "1,200.50", 120_050),
        ("capital", "500万", 5_000_000),
        ("capital", "1亿", 100_000_000),
        ("founded_on", "2001年3月5日", "2001-03-05"),
        ("website", "riverton.example", "https://riverton.example"),
        ("mobile", "138 1234 5678", "13812345678"),
        ("industry", "C38", "C38"),
        ("stage", "paused", "paused"),
        ("age", "42", 42),
    ],
)
def test_reads_what_people_write(app: Flask, name: str, typed: str, kept: Any) -> None:
    field = filled(app, FIELDS[name], typed)
    assert not field.errors
    assert str(field.data) == str(kept)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("mobile", "1385556677"),
        ("email", "m.kowal@eastgate"),
        ("age", "200"),
        ("age", "old"),
        ("founded_on", "31 February"),
        ("stage", "wedding"),
        ("industry", "Z99"),
        ("annual_amount", "$5"),
        ("region", "x" * 121),
    ],
)
def test_refuses_what_cannot_be_kept(app: Flask, name: str, typed: str) -> None:
    assert filled(app, FIELDS[name], typed).errors


def test_no_text_of_a_browser_raises(app: Flask) -> None:
    for name in sorted(FIELDS):
        for typed in NAUGHTY:
            field = filled(app, FIELDS[name], typed)
            assert field.errors or storable(str(field.data)), name


def storable(text: str) -> bool:
    return len(text) <= LONGEST_TEXT and not unstorable(text)


def test_a_field_of_a_pack_needs_no_more_than_its_declaration(inside: Flask) -> None:
    level = Field(
        name="retail__level",
        label={"en": "Level", "zh": "等级"},
        kind="choice",
        choices=(Choice("gold", {"en": "Gold", "zh": "金卡"}),),
    )
    assert filled(inside, level, "gold").data == "gold"
    assert filled(inside, level, "tin").errors
