"""A part is for htmx alone; whoever goes somewhere, or back, gets the whole page."""

import pytest
from flask import Flask

from crmlite.testing import SignIn

PART = {"HX-Request": "true"}


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("asks", "whole"),
    [
        ({}, True),
        (PART, False),
        (PART | {"HX-Boosted": "true"}, True),
        (PART | {"HX-History-Restore-Request": "true"}, True),
    ],
    ids=["by hand", "a part", "a boosted link", "back in history"],
)
def test_only_what_asks_for_a_part_gets_one(
    app: Flask, sign_in: SignIn, asks: dict[str, str], whole: bool
):
    answer = sign_in("manager").get("/customers", headers=asks)
    assert ("<!doctype html>" in answer.text.lower()) is whole
    assert "HX-Request" in answer.vary, "a browser must not show the one for the other"
