"""What does not fit together about a customer is said in the words of its own lists."""

from flask import Flask

from crmlite import hookimpl, hooks
from crmlite.customers.choices import choice_label, choices
from crmlite.customers.doubts import about_values, news
from crmlite.customers.fields import list_fields
from crmlite.customers.logic import LogicRule, shipped_rules
from crmlite.rules.conditions import All, validate, where
from crmlite.rules.lifecycle import LIFECYCLE, LIKELY_STAGES
from crmlite.testing import SignIn
from tests.customers.records import add, form_in, send

MILL = {"name": "Mill Ltd", "kind": "company"}


def test_of_each_state_exactly_the_stages_that_are_unlikely_are_doubted(app: Flask) -> None:
    with app.test_request_context():
        for lifecycle in LIFECYCLE:
            for stage in (choice.key for choice in choices("stage")):
                found = about_values({**MILL, "lifecycle": lifecycle, "stage": stage})
                assert [name for name, _sentence in found] == (
                    [] if stage in LIKELY_STAGES[lifecycle] else ["stage"]
                ), (lifecycle, stage)
                for _name, sentence in found:
                    assert choice_label("stage", stage) in sentence
                    assert choice_label("lifecycle", lifecycle) in sentence


def test_only_what_a_change_makes_doubtful_is_news(app: Flask) -> None:
    with app.test_request_context():
        row = {**MILL, "lifecycle": "potential", "stage": "cooperating"}
        assert news(row, region="Leeds") == []
        assert len(news(row, stage="proposal")) == 1


def test_what_is_shipped_can_be_asked(app: Flask) -> None:
    with app.app_context():
        for rule in shipped_rules():
            assert validate(rule.condition, list_fields()) == [], rule.name


def test_a_need_that_the_industry_cannot_have_is_asked_about(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", industry="J66")
    client = sign_in("sales")
    page = f"/customers/{number}/needs/new"
    doubt = "The core need More capacity does not fit the industry J66"
    assert send(client, page, {"core_need": "cost"}).status_code == 303
    asked = send(client, page, {"core_need": "capacity", "urgency": "high"})
    assert asked.status_code == 422 and doubt in asked.text
    assert client.post(page, data=form_in(asked, page)).status_code == 303
    edit = f"/customers/{number}/edit"
    assert send(client, edit, {"region": "York"}).status_code == 303, "stood there before"
    assert send(client, edit, {"industry": "C35"}).status_code == 303
    asked = send(client, f"/customers/{number}/facts/industry", {"industry": "F51"})
    assert asked.status_code == 422 and "does not fit the industry F51" in asked.text


def test_a_need_that_a_person_cannot_have_is_asked_about(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", kind="person", industry=None, name="Claire Harlow", contacts=())
    asked = send(sign_in("sales"), f"/customers/{number}/needs/new", {"core_need": "capacity"})
    assert asked.status_code == 422
    assert "The core need More capacity does not fit a person." in asked.text


class Bakery:
    """A pack that doubts more."""

    @hookimpl
    def register_logic_rules(self) -> list[LogicRule]:
        def rule(name: str, *tests: tuple[str, ...], text: str) -> LogicRule:
            tree = All(tuple(where(*test) for test in tests))
            return LogicRule(name=name, condition=tree, text={"en": text, "zh": text}, at="region")

        return [
            rule(
                "bakery-paused",
                ("stage", "is", "paused"),
                ("region", "is", "leeds"),
                text="Nobody in %(region)s is on %(stage)s.",
            ),
            rule("bakery-amount", ("annual_amount", "filled"), text="They pay."),
        ]


def test_packs_add_rules_and_none_tells_what_is_masked(app: Flask) -> None:
    with app.test_request_context():
        hooks.manager().register(Bakery(), "bakery")
        app.extensions.pop("crmlite.hooks.gathered", None)
        row = {**MILL, "region": "Leeds", "annual_amount": 5, "lifecycle": "interested"}
        assert about_values(row) == []
        assert news(row, stage="paused") == ["Nobody in Leeds is on Paused."]
