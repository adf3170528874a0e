"""A box to tick."""

import pytest

from crmlite.forms import Check, Form


class Terms(Form):
    agreed = Check("Agreed")
    must = Check("Must", required=True)


@pytest.mark.parametrize(
    ("typed", "data"), [("1", True), ("on", True), ("y", True), ("0", False), ("", False)]
)
def test_a_ticked_box_is_true(sent, typed, data):
    assert sent(Terms, {"agreed": typed}).agreed.data is data


def test_a_box_that_is_not_sent_is_not_ticked_whatever_stood_there(sent):
    assert sent(Terms, {"must": "1"}, data={"agreed": True}).agreed.data is False


def test_a_box_shows_what_stands_in_the_record(sent):
    assert " checked" in sent(Terms, data={"agreed": True}).agreed()
    assert " checked" not in sent(Terms, data={"agreed": None}).agreed()
    assert sent(Terms).agreed.shown(True) == "yes"


def test_a_box_that_must_be_ticked_says_so(sent):
    assert sent(Terms, {"agreed": "1"}).must.errors == ["Please fill this in."]
