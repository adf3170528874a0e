"""The page on which managers say what is recorded: added, changed, ordered, retired, refused in words."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crmlite import clock, fields
from crmlite.customers.completeness import missing
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.fields.checks import check
from crmlite.fields.drafts import ChoiceDraft, FieldDraft
from crmlite.fields.forms import in_languages
from crmlite.fields.models import FieldRow
from crmlite.fields.operations import add_field, change_field
from crmlite.rules.fields import Choice, Field
from crmlite.testing import SignIn
from crmlite.work import Refused, undo
from crmlite.work.actors import command_line
from crmlite.work.checks import GOOD, WRONG
from crmlite.work.ledger import OperationRow
from tests.customers.records import add, form_on, press, send
from tests.fields.packs import bring, switch
from tests.fields.test_indexes import work

NEW = "/settings/fields/customer/new"
LEVEL = Field(
    name="shop__level",
    label={"en": "Member level", "zh": "会员等级"},
    kind="choice",
    choices=(Choice("gold", {"en": "Gold", "zh": "金卡"}),),
)


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("manager")


def rows(app: Flask) -> dict[str, FieldRow]:
    with app.app_context():
        database.session.rollback()
        found = database.session.execute(select(FieldRow.__table__)).all()
        return {row.name: row for row in found}


def names(app: Flask, kind: str = "customer") -> list[str]:
    with app.app_context():
        database.session.rollback()
        return [field.name for field in fields.fields_of(kind)]


def test_a_field_is_added_typed_in_and_asked_for(app: Flask, manager: FlaskClient):
    number = add(app, "sales")
    assert "No further fields yet" in manager.get("/settings/fields").text
    said = {
        "label_zh": "会员等级",
        "kind": "choice",
        "more": "金卡 / Gold\n银卡",
        "hint_en": "As on the card",
        "group_zh": "会员",
    }
    assert send(manager, NEW, said).status_code == 303
    [name] = names(app)
    assert name == "custom__huiyuandengji"
    page = manager.get("/settings/fields").text
    assert "会员等级" in page and "the firm" in page
    form = f"/customers/{number}/edit"
    page = manager.get(form).text
    assert "会员等级" in page and "As on the card" in page and "Gold" in page and "银卡" in page
    assert send(manager, form, {name: "gold"}).status_code == 303
    assert "Gold" in manager.get(f"/customers/{number}").text
    assert number in manager.get(f"/customers?w={name}~is~gold&columns=number,name,{name}").text


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ({"label_en": "Level of the card!"}, "custom__level_of_the_card"),
        ({"label_en": "3D print"}, "custom__field_3d_print"),
        ({"label_zh": "客户VIP级别"}, "custom__kehuvipjibie"),
        ({"label_en": "x" * 60}, "custom__" + "x" * 33),
        ({"label_en": "★"}, "custom__field"),
    ],
)
def test_the_key_follows_from_the_label(app: Flask, manager: FlaskClient, label, name):
    assert send(manager, NEW, label).status_code == 303
    assert names(app) == [name]
    other = {key: f"{value[:-1]}Ω" for key, value in label.items()}
    assert send(manager, NEW, other).status_code == 303
    assert len(set(names(app))) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"label_en": ""}, "Please give a name in one language at least."),
        ({"label_en": "Member LEVEL"}, "There is a field called “Member LEVEL” already."),
        ({"label_en": "Colour", "kind": "choice"}, "Give at least one choice."),
        ({"label_en": "Colour", "kind": "choice", "more": "Red\nred"}, "stands there twice"),
        ({"label_en": "Colour", "kind": "choice", "more": "x" * 61}, "too long for a choice"),
        ({"label_en": "Parts", "kind": "choices", "more": "螺丝、螺母"}, "read as several"),
        ({"label_en": "Parts", "kind": "choices", "more": "Nuts, bolts"}, "read as several"),
        ({"label_en": "Colour", "more": "Red"}, "Only a field with choices has some."),
        ({"label_en": "Colour", "kind": "colour"}, "not offered any more"),
        ({"label_en": "Colour", "kind": "longtext", "indexed": "1"}, "cannot be sorted"),
        ({"label_en": "Colour", "sensitive": "1", "indexed": "1"}, "What is encrypted"),
        ({"label_en": "Colour", "kind": "phone", "indexed": "1"}, "What is encrypted"),
        ({"label_en": "\x00"}, "Not saved"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    app: Flask, manager: FlaskClient, said, sentence
):
    bring(app, "shop", customer=[LEVEL])
    typed = {"hint_zh": "写在卡上", "aliases": "level, 等级", **said}
    answer = send(manager, NEW, typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "写在卡上" in answer.text and "level, 等级" in answer.text
    assert names(app) == ["shop__level"]


def test_at_most_eight_are_quick(app: Flask, manager: FlaskClient):
    for place in range(8):
        said = {"label_en": f"Number {place}", "kind": "integer", "indexed": "1"}
        assert send(manager, NEW, said).status_code == 303
    answer = send(manager, NEW, {"label_en": "One more", "kind": "integer", "indexed": "1"})
    assert answer.status_code == 422 and "At most 8 fields" in answer.text
    page = manager.get("/settings/fields").text
    assert "is being made quick" in page


def test_a_field_is_changed_and_its_choices_are_kept(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Colour", "kind": "choice", "more": "Red / 红\nBlue"})
    [row] = rows(app).values()
    edit = f"/settings/fields/{row.id}"
    changes = {"choice_0_en": "Crimson", "gone_1": "1", "more": "Green", "required": "1"}
    assert send(manager, edit, changes).status_code == 303
    [row] = rows(app).values()
    assert [(one["key"], one["label"].get("en"), one["retired"]) for one in row.choices] == [
        ("red", "Crimson", False), ("blue", "Blue", True), ("green", "Green", False),
    ]  # fmt: skip
    answer = send(manager, edit, {"gone_0": "1", "gone_2": "1"})
    assert answer.status_code == 422 and "Give at least one choice." in answer.text
    answer = send(manager, edit, {"version": "1", "label_en": "Hue"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("金卡 / Gold", {"zh": "金卡", "en": "Gold"}),
        ("Gold|金卡", {"zh": "金卡", "en": "Gold"}),
        ("24/7 / 全天", {"zh": "全天", "en": "24/7"}),
        ("24 / 7 / 全天", {"zh": "全天", "en": "24 / 7"}),
        ("全天 / 24 / 7", {"zh": "全天", "en": "24 / 7"}),
        ("A/B款 / A/B type", {"zh": "A/B款", "en": "A/B type"}),
        ("24/7", {"en": "24/7"}),
        ("一次性/多次", {"zh": "一次性/多次"}),
        ("金卡 /", {"zh": "金卡"}),
        ("/", {"en": "/"}),
    ],
)
def test_a_slash_parts_a_choice_into_its_languages_and_nothing_else(line, label):
    assert in_languages(line) == label


def test_a_choice_may_be_a_slash(app: Flask, manager: FlaskClient):
    said = {"label_zh": "是否出口", "kind": "choice", "more": "是\n否\n/"}  # it does not apply
    assert send(manager, NEW, said).status_code == 303
    assert manager.get("/customers").status_code == 200
    [row] = rows(app).values()
    assert [one["label"] for one in row.choices] == [{"zh": "是"}, {"zh": "否"}, {"en": "/"}]


@pytest.mark.parametrize("retired", [False, True])
def test_what_is_encrypted_is_not_made_quick_afterwards(
    app: Flask, manager: FlaskClient, retired: bool
):
    send(manager, NEW, {"label_en": "Illness", "sensitive": "1"})
    [row] = rows(app).values()
    edit = f"/settings/fields/{row.id}"
    if retired:
        press(manager, f"{edit}/retirement")
    answer = send(manager, edit, {"indexed": "1"})
    assert answer.status_code == 422 and "What is encrypted" in answer.text
    draft = FieldDraft(label=row.label, indexed=True)
    with app.app_context(), pytest.raises(Refused, match="field-unfit"):
        change_field(row.id, draft, by=command_line(), at=clock.now())
    assert manager.get("/customers").status_code == 200


def test_a_field_that_could_not_work_is_not_added(inside: Flask):
    draft = FieldDraft(label={"en": "Level"}, choices=[ChoiceDraft(label={})])
    with pytest.raises(Refused, match="field-unfit"):
        add_field("customer", "choice", draft, by=command_line(), at=clock.now())
    assert fields.fields_of("customer") == ()


def test_a_choice_keeps_a_comma_that_it_has(app: Flask, manager: FlaskClient):
    draft = FieldDraft(label={"en": "Parts"}, choices=[ChoiceDraft(label={"en": "Nuts, bolts"})])
    with app.app_context():
        add_field("customer", "choices", draft, by=command_line(), at=clock.now())
        database.session.remove()
    edit = f"/settings/fields/{rows(app)['custom__parts'].id}"
    assert send(manager, edit, {"hint_en": "As counted"}).status_code == 303
    assert send(manager, edit, {"choice_0_en": "Nuts; bolts"}).status_code == 422
    said = {"label_en": "Size", "kind": "choice", "more": "Small, for one"}
    assert send(manager, NEW, said).status_code == 303


def test_a_packs_field_is_called_otherwise_and_as_shipped_again(app: Flask, manager: FlaskClient):
    bring(app, "shop", customer=[LEVEL])
    [row] = rows(app).values()
    edit = f"/settings/fields/{row.id}"
    assert "indexed" not in form_on(manager, edit)
    assert send(manager, edit, {"label_en": "Card", "choice_0_en": "Golden"}).status_code == 303
    page = manager.get("/settings/fields").text
    assert "Card" in page and "As shipped" in page and "Shop" in page
    press(manager, f"{edit}/as-shipped")
    [row] = rows(app).values()
    assert (row.label, row.wordings) == (LEVEL.label, None)
    assert "As shipped" not in manager.get("/settings/fields").text


def test_choices_of_a_pack_are_called_so_that_files_tell_them_apart(
    app: Flask, manager: FlaskClient
):
    silver = Choice("silver", {"en": "Silver", "zh": "银卡"})
    some = replace(LEVEL, kind="choices", choices=(*LEVEL.choices, silver))
    bring(app, "shop", customer=[some])
    edit = f"/settings/fields/{rows(app)['shop__level'].id}"
    for words, said in (("Gold, old", "read as several"), ("silver", "stands there twice")):
        answer = send(manager, edit, {"choice_0_en": words})
        assert answer.status_code == 422 and said in answer.text
    assert send(manager, edit, {"choice_0_en": "Golden"}).status_code == 303


def test_a_field_of_people_is_asked_of_people_only(app: Flask, manager: FlaskClient):
    firm, somebody = add(app, "sales"), add(app, "sales", kind="person", name="Ada Byron")
    said = {"label_en": "Nickname", "kind": "text", "only_for": "person", "required": "1"}
    assert send(manager, NEW, said).status_code == 303
    page = manager.get("/settings/fields").text
    assert "People only" in page
    asked = {
        number: "Nickname" in manager.get(f"/customers/{number}/edit").text
        for number in (firm, somebody)
    }
    assert asked == {firm: False, somebody: True}
    assert "Nickname" not in manager.get("/customers/new?kind=company").text
    assert "Nickname" in manager.get("/customers/new?kind=person").text
    with app.app_context():
        lacking = {
            number: "custom__nickname" in missing({"kind": kind, "extra": {}}, ())
            for number, kind in ((firm, "company"), (somebody, "person"))
        }
    assert lacking == {firm: False, somebody: True}


def test_what_stands_in_a_field_of_others_is_shown_and_can_be_changed(
    app: Flask, manager: FlaskClient
):
    firm = add(app, "sales")
    said = {"label_en": "Nickname", "kind": "text"}
    assert send(manager, NEW, said).status_code == 303
    assert (
        send(manager, f"/customers/{firm}/edit", {"custom__nickname": "Big Blue"}).status_code
        == 303
    )
    field_id = rows(app)["custom__nickname"].id
    only = {**said, "only_for": "person"}
    assert send(manager, f"/settings/fields/{field_id}", only).status_code == 303
    assert "Big Blue" in manager.get(f"/customers/{firm}").text
    assert "Big Blue" in manager.get(f"/customers/{firm}/edit").text


def test_fields_are_ordered_retired_and_asked_for_again(app: Flask, manager: FlaskClient):
    for label in ("One", "Two", "Three"):
        send(manager, NEW, {"label_en": label})
    found = rows(app)
    place = f"/settings/fields/{found['custom__three'].id}"
    press(manager, f"{place}/place", {"place": "up"})
    assert names(app) == ["custom__one", "custom__three", "custom__two"]
    assert press(manager, f"{place}/place", {"place": "sideways"}).status_code == 400
    press(manager, f"{place}/retirement")
    assert names(app) == ["custom__one", "custom__two"]
    assert "No longer asked for" in manager.get("/settings/fields").text
    press(manager, f"{place}/revival")
    assert names(app) == ["custom__one", "custom__three", "custom__two"]
    assert press(manager, "/settings/fields/999/retirement").status_code == 404


def test_a_field_that_cannot_work_closes_nobodys_pages(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Colour"})
    send(manager, NEW, {"label_en": "Level", "kind": "choice", "more": "Gold"})
    place = f"/settings/fields/{rows(app)['custom__level'].id}"
    wordless = [{"key": "gold", "label": {}, "retired": False}]
    with app.app_context():
        table = FieldRow.__table__
        named = table.c.name == "custom__level"
        database.session.execute(update(table).where(named).values(choices=wordless))
        database.session.commit()
    press(manager, f"{place}/place", {"place": "up"})  # every process reads them anew
    assert names(app) == ["custom__colour"]
    assert manager.get("/customers").status_code == 200
    assert "Level" in manager.get("/settings/fields").text
    assert levels(app) == [WRONG]
    assert send(manager, place, {"choice_0_en": "Gold"}).status_code == 303
    assert names(app) == ["custom__level", "custom__colour"]
    assert levels(app) == [GOOD]


def levels(app: Flask) -> list[str]:
    """What `crmlite check` thinks of the fields."""
    with app.app_context():
        database.session.rollback()
        return [finding.level for finding in check().run(True)]


def test_a_field_is_moved_past_those_that_are_asked_for(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "One"})
    bring(app, "shop", customer=[Field(name=f"shop__f{n}", label=f"F{n}") for n in range(3)])
    send(manager, NEW, {"label_en": "Two"})
    switch(app, "shop", on=False)
    place = f"/settings/fields/{rows(app)['custom__two'].id}/place"
    press(manager, place, {"place": "up"})
    assert names(app) == ["custom__two", "custom__one"]
    switch(app, "shop", on=True)
    assert names(app) == ["custom__two", "shop__f0", "shop__f1", "shop__f2", "custom__one"]


def test_a_field_that_is_asked_for_again_is_no_double(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Level"})
    place = f"/settings/fields/{rows(app)['custom__level'].id}"
    press(manager, f"{place}/retirement")
    send(manager, NEW, {"label_en": "level"})
    answer = press(manager, f"{place}/revival", follow_redirects=True)
    assert "There is a field called “Level” already." in answer.text
    assert names(app) == ["custom__level_2"]


def test_adding_a_field_is_undone(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Colour"})
    with app.app_context():
        undo(latest("field_added"), by=command_line(), at=clock.now())
    assert names(app) == []


def latest(name: str) -> int:
    """The latest operation of a name."""
    table = OperationRow.__table__
    wanted = select(func.max(table.c.id)).where(table.c.name == name)
    return int(database.session.execute(wanted).scalar_one())


def test_a_choice_that_is_undone_stays_where_records_have_it(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Level", "kind": "choice", "more": "Silver"})
    [row] = rows(app).values()
    send(manager, f"/settings/fields/{row.id}", {"choice_0_en": "Silver card", "more": "Gold"})
    number = add(app, "sales")
    form = f"/customers/{number}/edit"
    assert send(manager, form, {"custom__level": "gold"}).status_code == 303
    with app.app_context():
        undo(latest("field_updated"), by=command_line(), at=clock.now())
    [row] = rows(app).values()
    assert [(one["key"], one["label"]["en"], one["retired"]) for one in row.choices] == [
        ("silver", "Silver", False), ("gold", "Gold", True),
    ]  # fmt: skip
    assert "Gold" in manager.get(f"/customers/{number}").text


def test_edits_of_choices_are_undone_one_after_the_other(app: Flask, manager: FlaskClient):
    send(manager, NEW, {"label_en": "Level", "kind": "choice", "more": "Silver"})
    place = f"/settings/fields/{rows(app)['custom__level'].id}"
    edits = []
    for name in ("Silver card", "Sterling"):
        send(manager, place, {"choice_0_en": name})
        with app.app_context():
            edits.append(latest("field_updated"))
    for edit, left in ((edits[0], "Sterling"), (edits[1], "Silver card"), (edits[0], "Silver")):
        press(manager, f"/operations/{edit}/undo")
        [row] = rows(app).values()
        assert [one["label"]["en"] for one in row.choices] == [left]


def test_nothing_of_a_field_comes_back_that_does_not_go_with_others(
    app: Flask, manager: FlaskClient
):
    send(manager, NEW, {"label_en": "Number 0", "kind": "integer", "indexed": "1"})
    place = f"/settings/fields/{rows(app)['custom__number_0'].id}"
    form = form_on(manager, place)
    del form["indexed"]
    manager.post(place, data=form)
    with app.app_context():
        slower = latest("field_updated")
    for number in range(1, 9):
        send(manager, NEW, {"label_en": f"Number {number}", "kind": "integer", "indexed": "1"})
    answer = press(manager, f"/operations/{slower}/undo", follow_redirects=True)
    assert "no further one can be quick" in answer.text
    press(manager, f"{place}/retirement")
    with app.app_context():
        retired = latest("field_retired")
    send(manager, NEW, {"label_en": "Number 0"})
    answer = press(manager, f"/operations/{retired}/undo", follow_redirects=True)
    assert "another field has its name by now" in answer.text
    found = rows(app)
    assert sum(row.indexed for row in found.values()) == 8
    assert found["custom__number_0"].state == "retired"


def test_what_is_required_makes_customers_incomplete(app: Flask, manager: FlaskClient):
    add(app, "sales")
    send(manager, NEW, {"label_en": "Colour", "required": "1"})
    with app.app_context():
        work(app)
        table = Facts.__table__
        assert database.session.execute(select(table.c.incomplete)).scalar_one()
    [row] = rows(app).values()
    press(manager, f"/settings/fields/{row.id}/retirement")
    with app.app_context():
        work(app)
        assert not database.session.execute(select(table.c.incomplete)).scalar_one()


def test_a_required_yes_or_no_is_answered_either_way(
    app: Flask, sign_in: SignIn, manager: FlaskClient
):
    number = add(app, "sales")
    said = {"label_en": "Exports", "kind": "boolean", "required": "1"}
    assert send(manager, NEW, said).status_code == 303
    assert incomplete(app) == [True]
    fact = f"/customers/{number}/facts/custom__exports"
    assert send(manager, fact, {"custom__exports": "False"}).status_code == 303
    assert incomplete(app) == [False]
    client = sign_in("sales")
    marked = 'for="custom__exports">Exports <span class="muted">(required)</span>'
    assert marked in client.get("/customers/new").text
    form = form_on(client, "/customers/new") | {
        "name": "Alder Tools Ltd",
        "industry": "C35",
        "contact_name": "Ada Alder",
        "contact_mobile": "13912340000",
    }
    assert form["custom__exports"] == ""
    assert client.post("/customers/new", data=form).status_code == 422
    answered = form | {"custom__exports": "False"}
    assert client.post("/customers/new", data=answered).status_code == 303
    assert incomplete(app) == [False, False]


def incomplete(app: Flask) -> list[bool]:
    """Of all customers whether something is missing, once all of them were looked at."""
    work(app)
    with app.app_context():
        table = Facts.__table__
        wanted = select(table.c.incomplete).order_by(table.c.customer_id)
        return list(database.session.execute(wanted).scalars())


@pytest.mark.parametrize("login", ["sales", "support"])
def test_only_managers_open_it(sign_in: SignIn, login: str):
    assert sign_in(login).get("/settings/fields").status_code == 403


def test_other_kinds_of_records_have_their_own(app: Flask, manager: FlaskClient):
    send(manager, "/settings/fields/case/new", {"label_en": "Batch"})
    assert (names(app), names(app, "case")) == ([], ["custom__batch"])
    assert "Batch" in manager.get("/settings/fields?of=case").text
    assert manager.get("/settings/fields?of=tags").status_code == 404
    assert manager.get("/settings/fields/tags/new").status_code == 404


def test_what_was_typed_into_a_field_that_was_retired_meanwhile_is_said(
    app: Flask, sign_in: SignIn, manager: FlaskClient
):
    assert send(manager, NEW, {"label_en": "Shoe size", "kind": "text"}).status_code == 303
    [name] = names(app)
    number = add(app, "sales")
    seller = sign_in("sales")
    form = form_on(seller, f"/customers/{number}/edit") | {name: "forty two", "region": "Leeds"}
    retired = press(manager, f"/settings/fields/{rows(app)[name].id}/retirement")
    assert retired.status_code in (200, 303)
    answer = seller.post(f"/customers/{number}/edit", data=form)
    assert answer.status_code == 422
    assert "“forty two” was not saved" in answer.text and "Leeds" in answer.text
    del form[name]
    assert seller.post(f"/customers/{number}/edit", data=form).status_code == 303
    assert "Leeds" in seller.get(f"/customers/{number}").text
    new = form_on(seller, "/customers/new") | {"name": "Calder Ltd", "incomplete": "1"}
    answer = seller.post("/customers/new", data=new | {name: "forty three"})
    assert answer.status_code == 422
    assert "“forty three” was not saved" in answer.text
    assert seller.post("/customers/new", data=new).status_code == 303
