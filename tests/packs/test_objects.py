"""Records of packs that are really installed."""

import re
from collections.abc import Callable
from html import unescape

from flask import Flask

from crmlite import clock
from crmlite.extensions import database
from crmlite.jobs.worker import Worker
from crmlite.packs import operations, queries
from crmlite.testing import SignIn
from crmlite.work.actors import command_line
from tests.customers.records import add, send
from tests.objects.test_pages import COUPON, missing
from tests.objects.trade import KINDS

MANIFEST = '[pack]\ntitle = "Trade"\ndescription = "For trying out"\n'


def test_what_a_pack_with_a_mistake_says(started: Callable[..., Flask]):
    file = KINDS.replace('parent = "order"', 'parent = "ordr"')
    app = started(trade={"pack.toml": MANIFEST + file})
    with app.app_context():
        found = queries.pack("trade")
        assert found is not None and found.state == "unfit"
        assert "did you mean 'order'?" in found.reason
        database.session.remove()


def test_an_installed_pack_brings_them(started: Callable[..., Flask]):
    app = started(trade={"pack.toml": MANIFEST + KINDS})
    manager = SignIn(app)("manager")
    page = manager.get("/packs/trade").text
    assert "Records of its own" in page and "Coupon" in page
    number = add(app, "sales")
    assert "Coupons" not in manager.get(f"/customers/{number}").text
    with app.app_context():
        operations.enable_pack("trade", by=command_line(), at=clock.now())
        database.session.remove()
    new = f"/records/trade__coupon/new?customer={number}"
    assert send(manager, new, COUPON).status_code == 303
    assert "Coupons" in manager.get("/packs/trade").text  # how many the book holds
    other = started()
    assert missing(SignIn(other)("sales"), "/records/1", "SPRING10", "Hazelnut") == []
    with app.app_context():
        operations.disable_pack("trade", by=command_line(), at=clock.now())
        database.session.remove()
    without = started(packs=False)  # nobody knows the pack any more
    client = SignIn(without)("sales")
    assert missing(client, "/records/1", "SPRING10", "Hazelnut", "From a pack that is off") == []
    assert missing(client, f"/customers/{number}/tabs/from-packs-off", "Coupons", "Open") == []


TAGS = """
[fields.customer.rate_ends_on]
label = ["Rate ends on", "协议到期"]
kind = "date"

[tags.collector]
dimension = "behaviour"
label = ["Collects coupons", "常领券"]
when = ["coupon_count at_least 1", "coupon_latest since 2026-01-01", "rate_ends_on filled"]
"""


def test_a_tag_tells_the_figures_of_records_and_of_further_fields(started: Callable[..., Flask]):
    app = started(trade={"pack.toml": MANIFEST + KINDS + TAGS})
    manager = SignIn(app)("manager")
    with app.app_context():
        operations.enable_pack("trade", by=command_line(), at=clock.now())
        database.session.remove()
    number = add(app, "sales")
    ends = {"trade__rate_ends_on": "2026-12-20"}
    assert send(manager, f"/customers/{number}/edit", ends).status_code == 303
    new = f"/records/trade__coupon/new?customer={number}"
    assert send(manager, new, COUPON).status_code == 303
    worker = Worker(app)
    while worker.step():
        pass
    page = manager.get(f"/customers/{number}?lang=en", follow_redirects=True).text
    why = unescape(re.findall(r'title="([^"]*)" data-when>Collects coupons<', page)[0])
    said, _rule = why.split(". Set by")
    assert said == "Coupons: number: 1; Coupons: latest day: 2 Mar 2026; Rate ends on: 20 Dec 2026"
