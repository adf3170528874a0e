"""The lists as shipped."""

from flask import Flask

from crmlite import clock
from crmlite.customers.choices import shipped_lists
from crmlite.settings.operations import add_choice
from crmlite.work.actors import command_line
from tests.customers.operating import added, row_of


def test_no_life_cycle_is_called_like_a_stage():
    lists = {one.name: one for one in shipped_lists()}
    for lang in ("en", "zh"):
        states, stages = (
            {choice.label[lang] for choice in lists[name].shipped}
            for name in ("lifecycle", "stage")
        )
        assert states & stages == set()


def test_a_gender_of_the_firms_own_is_kept_whatever_its_key(inside: Flask) -> None:
    words = {"en": "Prefers not to say which of them", "zh": "不便透露"}
    key = add_choice("gender", words, by=command_line(), at=clock.now())["key"]
    kept = added(kind="person", name="Claire Harlow", gender=key)
    assert row_of(kept["id"])["gender"] == key
