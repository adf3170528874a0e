"""Addresses to go on to lead to this site only."""

from dataclasses import replace

import pytest
from flask import Flask

from crmlite.redirects import came_from, own_address, own_url


@pytest.mark.parametrize("target", ["/", "/today", "/customers/C001?a=1&b=%2F#x", "/客户?q=陈"])
def test_addresses_of_this_site_pass(target):
    assert own_address(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "today", "//x", "///x", "/\\x", "\\x", "/\t/x", "/\n/x", "/\r/x", "/ /x", "/a\\b",
        "/\x00", "/\x7f", "http://x", "https:x", "http:///x", "javascript:x", " /today", "?a", "#a",
        "/" + "x" * 2001,
    ],
)  # fmt: skip
def test_all_others_do_not(target):
    assert own_address(target) is None


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "found"),
    [("crm.example", "/today?a=1"), ("inside:8000", "/today?a=1"), ("x.example", "/"), ("[", "/")],
)
def test_people_came_from_here_by_its_public_name_and_by_the_one_they_asked(
    app: Flask, name: str, found: str
) -> None:
    config = replace(app.extensions["crmlite.config"], public_url="http://crm.example")
    app.extensions["crmlite.config"] = config
    sent = {"Host": "inside:8000", "Referer": f"http://{name}/today?a=1"}
    with app.test_request_context("/", headers=sent):
        assert came_from("/") == found
        assert own_url() == "http://crm.example"
