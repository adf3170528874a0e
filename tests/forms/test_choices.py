"""Fields with a list to choose from."""

from dataclasses import dataclass

import pytest

from crmlite.forms import Choice, Choices, Form, Option, Person, Segments

STAGES = [("new", {"en": "New", "zh": "新"}), ("won", {"en": "Won", "zh": "赢单"})]


@dataclass(frozen=True)
class Somebody:
    id: int
    name: str


@dataclass(frozen=True)
class Listed:
    key: str
    label: dict


PEOPLE = [Somebody(7, "Emma"), Somebody(9, "陈晓雯")]


class Order(Form):
    stage = Choice("Stage", options=STAGES, named=lambda key: f"old {key}")
    must = Choice("Must", options=STAGES, required=True)
    size = Segments(
        "Size", options=lambda: [Listed("s", {"en": "Small"}), Listed("l", {"en": "Large"})]
    )
    owner = Person("Owner", people=lambda: PEOPLE, none="Nobody", named=lambda key: f"person {key}")
    tags = Choices("Tags", options=STAGES, named=lambda key: f"old {key}")
    teams = Choices("Teams", options=[("1", "One"), ("2", "Two")], numbers=True)
    trade = Choice("Trade", options=[Option("C35", "Machines", "Industry", "c35 zhuanyong")])


WHOLE = {"must": "new"}


def test_what_is_offered_can_be_chosen(sent):
    typed = {
        **WHOLE, "stage": "won", "size": "l", "owner": "9", "tags": ["won", "new", "won"],
        "teams": ["2"], "trade": "C35",
    }  # fmt: skip
    form = sent(Order, typed)
    assert form.http_status == 200
    assert (form.stage.data, form.size.data, form.owner.data) == ("won", "l", 9)
    assert (form.tags.data, form.teams.data, form.trade.data) == (["won", "new"], [2], "C35")


def test_nothing_chosen_is_none(sent):
    form = sent(Order, {**WHOLE, "stage": "", "owner": "", "size": ""})
    assert form.http_status == 200
    assert (form.stage.data, form.owner.data, form.size.data) == (None, None, None)
    assert (form.tags.data, form.teams.data) == ([], [])


def test_a_required_choice_must_be_made(sent):
    for typed in ({"must": ""}, {"x": "1"}):
        assert sent(Order, typed).must.errors == ["Please choose one."]


@pytest.mark.parametrize("name", ["stage", "size", "owner", "tags", "teams", "trade", "must"])
@pytest.mark.parametrize("typed", ["other", "\x00", "7 ", "9" * 40, "None", "' OR 1=1", "x" * 9999])
def test_what_was_never_offered_is_refused(sent, name, typed):
    form = sent(Order, {**WHOLE, name: typed})
    assert form.http_status == 422
    assert form[name].errors == ["This is not offered any more. Please choose again."]
    str(form[name]())


def test_labels_speak_the_reader_s_language(sent):
    assert "赢单" in sent(Order, lang="zh").stage()
    assert "Won" in sent(Order).stage()


def test_what_stands_in_the_record_stays_though_it_is_offered_no_more(sent):
    row = {"stage": "retired", "owner": 44, "tags": ["retired"], "must": "new"}
    form = sent(Order, data=row)
    assert '<option selected value="retired">old retired</option>' in form.stage()
    assert '<option selected value="44">person 44</option>' in form.owner()
    again = {"stage": "retired", "owner": "44", "tags": ["retired", "new"], "must": "new"}
    saved = sent(Order, again, data=row)
    assert saved.http_status == 200
    assert (saved.stage.data, saved.owner.data, saved.tags.data) == (
        "retired",
        44,
        ["retired", "new"],
    )
    assert sent(Order, again).http_status == 422


def test_headings_and_search_words_are_drawn(sent):
    html = sent(Order).trade()
    assert '<optgroup label="Industry">' in html
    assert 'data-find="c35 zhuanyong"' in html


def test_an_empty_choice_is_there_unless_one_must_be_made(sent):
    assert ">Nobody</option>" in sent(Order).owner()
    assert 'value=""' in sent(Order).must()
    assert 'value=""' not in sent(Order, data={"must": "won"}).must()
    assert [option.data for option in sent(Order).size] == ["s", "l"]


def test_choices_are_said_in_words_in_a_conflict(sent):
    form = sent(Order)
    assert form.stage.shown("won") == "Won"
    assert form.stage.shown("retired") == "old retired"
    assert form.stage.shown(None) == ""
    assert form.tags.shown(["won", "retired"]) == "Won, old retired"
    assert form.owner.shown(9) == "陈晓雯"


def test_templates_know_which_control_each_is(sent):
    form = sent(Order)
    kinds = (form.stage.type, form.size.type, form.owner.type, form.tags.type)
    assert kinds == ("SelectField", "RadioField", "SelectField", "SelectMultipleField")
