"""Text fields."""

import pytest

from crmlite.forms import Form, LongText, Password, Text


class Letter(Form):
    subject = Text("Subject", most=10)
    body = LongText("Body", most=40)
    secret = Password("Secret")


def test_text_is_cleaned_and_that_is_mentioned(sent):
    form = sent(Letter, {"subject": " a\x07b\u200bc ", "body": "one\r\ntwo\tthree "})
    assert form.subject.data == "abc"
    assert "Invisible control characters were removed." in form.subject.doubt
    assert form.body.data == "one\ntwo\tthree"
    assert form.body.doubt == ""


def test_composed_characters_stay_whole(sent):
    assert sent(Letter, {"subject": "e\u0301 👩‍👩‍👧 陈"}).subject.data == "é 👩‍👩‍👧 陈"


def test_too_much_is_refused_and_shown_again_as_it_was_typed(sent):
    form = sent(Letter, {"subject": "<b>eleven'\"", "body": "x" * 41})
    assert form.http_status == 422
    assert "At most 10 characters, please; this has 11." in form.subject.errors[0]
    assert "&lt;b&gt;eleven&#39;&#34;" in form.subject()
    assert "x" * 41 in form.body()
    assert form.subject.data == ""


def test_a_password_is_taken_as_it_is_and_never_shown(sent):
    form = sent(Letter, {"secret": " a\x00b  ", "subject": "x" * 11})
    assert form.secret.data == " a\x00b  "
    assert "a\x00b" not in form.secret()
    assert form.secret.shown("x") == ""


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b", "\u3164", "\t\n"])
def test_what_looks_empty_is_empty(sent, blank):
    class Named(Form):
        name = Text("Name", required=True)

    form = sent(Named, {"name": blank})
    assert form.name.errors == ["Please fill this in."]
