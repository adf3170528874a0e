"""The big list of naughty strings: whatever is typed anywhere, the rules answer and never fail."""

import json
from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crmlite.rules.conditions import Unreadable, from_json, from_text, read_test, to_json, where
from crmlite.rules.contact_details import email_forms, im_form, masked, phone_forms
from crmlite.rules.fields import Choice, Field
from crmlite.rules.kinds import KINDS
from crmlite.rules.names import check_name, family_name, name_key
from crmlite.rules.numbering import Scheme, check_number, parse
from crmlite.rules.text import clean_int, clean_text, says_nothing
from crmlite.rules.values import Reading, read_value, to_stored
from tests.real_files import naughty_strings

READING = Reading(today=date(2024, 3, 15), zone=ZoneInfo("Asia/Shanghai"))
CHOICES = (Choice("gold", {"en": "Gold", "zh": "金卡"}),)


@pytest.fixture(scope="module")
def naughty():
    """Every string of the list, which lies outside the project, and some that it has not."""
    return naughty_strings("\ud800", "1" * 300 + "@x.example", "(" * 5000)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_field_answers(kind, naughty):
    choices = CHOICES if kind in ("choice", "choices") else ()
    field = Field(name="x", label="X", kind=kind, choices=choices)
    for text in naughty:
        checked = read_value(field, text, READING)
        seen = clean_text(text.strip(",、") if field.multiple else text, max_length=9999).value
        assert checked.value is not None or checked.problems or not seen, repr(text)
        json.dumps(to_stored(field, checked.value), allow_nan=False).encode()


def test_texts_come_in_storable(naughty):
    for text in naughty:
        for lines in (False, True):
            kept = clean_text(text, max_length=1000, lines=lines).value
            assert kept is None or ("\x00" not in kept and kept.encode() is not None)
        clean_int(text, least=0, most=10)
        says_nothing(text)


def test_names_numbers_and_masks_answer(naughty):
    for text in naughty:
        name_key(text)
        family_name(text)
        check_name(text, "company")
        check_name(text, "person")
        check_number(text)
        assert parse(Scheme(), text) is None
        phone_forms(text)
        email_forms(text)
        im_form(text)
        for kind in KINDS:
            masked(kind, text)


def test_conditions_refuse_or_keep(naughty):
    field = Field(name="name", label="Name")
    for text in naughty:
        for data in (text, {text: text}, {"field": text, "operator": text, "values": [text]}):
            with suppress(Unreadable):
                assert to_json(from_json(data)) == data
        with suppress(Unreadable):
            from_text([text, f"name~is~{text}"], {"name": field})
        read_test(field, "contains", [text], READING)
        where(text, text, text)
