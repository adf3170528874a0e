"""What does not fit together about a customer is said in the words of its own lists."""

from flask import Flask

from crmlite.customers.choices import choice_label, choices
from crmlite.customers.doubts import about_values, news
from crmlite.rules.lifecycle import LIFECYCLE, LIKELY_STAGES

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
