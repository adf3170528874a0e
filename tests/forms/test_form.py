"""What all forms share: key, version, errors, conflicts."""

from dataclasses import dataclass

import pytest

from crmlite.forms import Check, Choice, Day, Difference, Form, Integer, LongText, RecordForm, Text

KEY = "k" * 22


@dataclass(frozen=True)
class Pet:
    name: str
    legs: int | None
    kind: str = ""


class PetForm(RecordForm):
    name = Text("Name", required=True, most=20)
    legs = Integer("Legs", most=100)


class Everything(Form):
    name = Text("Name")
    notes = LongText("Notes")
    legs = Integer("Legs")
    born = Day("Born")
    kind = Choice("Kind", options=[("cat", "Cat")])
    tame = Check("Tame")


def test_a_form_yields_a_frozen_value(sent):
    form = sent(PetForm, {"name": " Mimi ", "legs": "4"})
    assert form.taken(Pet) == Pet(name="Mimi", legs=4)
    assert form.taken(Pet, kind="cat") == Pet(name="Mimi", legs=4, kind="cat")
    assert form.http_status == 200


def test_a_form_that_was_not_sent_shows_the_record_and_no_error(sent):
    form = sent(PetForm, data={"name": "Mimi", "legs": None, "version": 3})
    assert form.http_status == 200
    assert 'value="Mimi"' in form.name()
    assert 'value=""' in form.legs()
    assert 'value="3"' in form.version()


def test_a_new_form_has_a_new_key_and_a_form_with_errors_keeps_its_own(sent):
    keys = {sent(PetForm).form_key.data for _ in range(5)}
    assert len(keys) == 5
    form = sent(PetForm, {"name": "", "form_key": KEY})
    assert form.http_status == 422
    assert f'value="{KEY}"' in form.form_key()


@pytest.mark.parametrize("key", ["", "short", "x" * 300, "k" * 21 + "\x00", "k" * 21 + "'"])
def test_a_key_that_is_none_of_ours_is_replaced(sent, key):
    form = sent(PetForm, {"name": "Mimi", "form_key": key})
    assert form.http_status == 200
    assert form.form_key.data != key
    assert len(form.form_key.data) >= 20


def test_the_same_content_is_the_same_thing_and_other_content_is_not(sent):
    first = sent(PetForm, {"name": "Mimi", "form_key": KEY, "csrf_token": "a"}).key
    assert sent(PetForm, {"name": "Mimi", "form_key": KEY, "csrf_token": "b"}).key == first
    assert sent(PetForm, {"name": "Momo", "form_key": KEY, "csrf_token": "a"}).key != first
    assert sent(PetForm, {"name": "Mimi", "form_key": "z" * 22, "csrf_token": "a"}).key != first
    assert len(first) <= 64


@pytest.mark.parametrize(
    ("typed", "seen"), [("7", 7), ("", None), ("-1", None), ("x", None), ("9" * 40, None)]
)
def test_the_version_that_was_seen_comes_back(sent, typed, seen):
    assert sent(PetForm, {"name": "Mimi", "version": typed}).seen == seen


def test_a_version_that_is_none_is_an_error(sent):
    assert sent(PetForm, {"name": "Mimi", "version": "x"}).http_status == 422


def test_blame_goes_to_a_field_or_to_the_form(sent):
    form = sent(PetForm, {"name": "Mimi"})
    form.blame("name", "Taken.")
    form.blame(None, "Not today.")
    assert form.http_status == 422
    assert form.name.errors == ["Taken."]
    assert form.form_errors == ["Not today."]


def test_a_conflict_shows_both_and_takes_the_new_version(sent):
    form = sent(PetForm, {"name": "Mimi", "legs": "4", "version": "1"})
    form.conflict({"name": "Momo", "legs": 4, "version": 5, "other": "x"})
    assert form.http_status == 409
    assert form.differences == [Difference("Name", "Mimi", "Momo")]
    assert form.seen == 5
    assert 'value="5"' in form.version()
    assert 'value="Mimi"' in form.name()


def test_fields_that_were_not_sent_keep_what_the_record_has(sent):
    row = {"name": "Mimi", "notes": "shy", "legs": 4, "kind": "cat", "tame": True}
    form = sent(Everything, {"legs": "3"}, data=row)
    assert (form.name.data, form.notes.data, form.kind.data) == ("Mimi", "shy", "cat")
    assert form.legs.data == 3
    assert form.tame.data is False


def test_nothing_entered_is_empty_text_and_none(sent):
    form = sent(Everything, {"name": "", "notes": " ", "legs": "", "born": "", "kind": ""})
    assert form.http_status == 200
    assert (form.name.data, form.notes.data) == ("", "")
    assert (form.legs.data, form.born.data, form.kind.data) == (None, None, None)


def test_required_fields_say_so_to_readers_not_to_the_browser(sent):
    html = sent(PetForm).name()
    assert 'aria-required="true"' in html
    assert " required" not in html


def test_errors_come_in_the_reader_s_language(sent):
    assert sent(PetForm, {"name": ""}).name.errors == ["Please fill this in."]
    assert sent(PetForm, {"name": ""}, lang="zh").name.errors == ["请填写此项。"]
    assert "20" in sent(PetForm, {"name": "x" * 21}, lang="zh").name.errors[0]


@pytest.mark.parametrize("name", ["name", "notes", "legs", "born", "kind", "tame", "form_key"])
def test_nothing_a_browser_sends_raises(sent, naughty, name):
    for text in naughty:
        form = sent(Everything, {name: text})
        assert form.http_status in (200, 422)
        for field in form:
            str(field()).encode()


def test_a_field_never_hides_what_forms_have():
    for name in ("http_status", "errors", "key"):
        with pytest.raises(TypeError, match=name):
            type("Odd", (Form,), {name: Text("Odd")})
    assert type("Even", (Form,), {"status": Text("Even")})
