"""Computed tags on pages: why they are there, what they propose, where their figures are changed."""

import html
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Customer, Dimension, Tag
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.tags.rules import ALL as EVERY_NIGHT
from crmlite.extensions import database
from crmlite.sales.operations import LineDraft, OrderDraft, add_order
from crmlite.settings import local_day
from crmlite.testing import SignIn
from crmlite.work.actors import command_line, job
from tests.applications import Employ
from tests.customers.records import add, form_on, send


def bought(app: Flask, number: str, *days: int, amount: int = 50_000_00) -> None:
    """Orders of a customer, so many days ago; then rules are followed."""
    by, at = command_line(), clock.now()
    with app.app_context():
        table = Customer.__table__
        found = database.session.execute(select(table.c.id).where(table.c.number == number))
        customer_id = found.scalar_one()
        for day in days:
            values = {"ordered_on": local_day(at) - timedelta(days=day), "status": "delivered"}
            lines = [LineDraft(name="Pump", quantity=1000, price=amount)]
            add_order(OrderDraft(customer_id=customer_id, values=values, lines=lines), by=by, at=at)
        follow_rules(by=job(EVERY_NIGHT), at=at)
        database.session.remove()


def whys(page: str) -> Mapping[str, str]:
    """The tags of a page that say why they are there."""
    found = re.findall(
        r'<button class="taglet" type="button" title="([^"]*)" data-when>([^<]*)<', page
    )
    return {html.unescape(text): html.unescape(title) for title, text in found}


def tag_id(app: Flask, dimension: str, key: str) -> int:
    """A shipped tag."""
    with app.app_context():
        tags, dimensions = Tag.__table__, Dimension.__table__
        found = database.session.execute(
            select(tags.c.id)
            .join(dimensions, dimensions.c.id == tags.c.dimension_id)
            .where(dimensions.c.key == dimension, tags.c.key == key)
        )
        return int(found.scalar_one())


def test_each_says_why_it_is_there_with_the_customers_figures(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    bought(app, number, 200, 100, 10)
    said = whys(sign_in("sales").get(f"/customers/{number}?lang=en", follow_redirects=True).text)
    assert said["Buys seldom"] == (
        "Number of orders: 3; Orders in 365 days: 3. Set by the rule: Number of orders at least 1, "
        "and Orders in 365 days less than 4."
    )
    assert said["High spend"].startswith("Bought in 365 days: CN¥150,000. Set by the rule: ")
    assert said["No complaints"] == (
        "Number of complaints: 0. Set by the rule: Number of complaints is 0."
    )
    # Of alternatives it gives the one that holds.
    assert said["Buying"].startswith("Number of orders: 3; Order pause in % of the usual: 10")
    assert "No Usual days" not in said["Buying"]


def test_and_in_chinese(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    bought(app, number, 10)
    page = sign_in("sales").get(f"/customers/{number}?lang=zh", follow_redirects=True).text
    assert whys(page)["低频购买"] == (
        "订单数：1；近 365 天订单数：1。由规则自动设置：订单数不低于1，且近 365 天订单数小于4。"
    )
    assert "响应速度" not in page and "成交1–3次" in page and "无投诉" in page


def test_who_may_not_see_amounts_is_told_none(app: Flask, employ: Employ, sign_in: SignIn) -> None:
    number = add(app, "sales")
    bought(app, number, 200, 100, 10)
    employ("sales", {"customers:see": "own", "customers:edit": "own"})
    page = sign_in("sales").get(f"/customers/{number}?lang=en", follow_redirects=True).text
    assert whys(page)["High spend"] == (
        "Set by a rule that compares amounts, which you may not see."
    )
    assert "150,000" not in page and "100,000" not in page


@pytest.mark.parametrize(
    ("lifecycle", "days", "action"),
    [
        ("active", (200, 170, 140), "Move to “Dormant”"),
        ("active", (40, 10), ""),
        ("dormant", (40, 10), "Move to “Active”"),
        ("dormant", (200, 170, 140), ""),
        ("interested", (40, 10), "Move to “Active”"),
        ("potential", (), ""),
    ],
)
def test_the_buying_state_proposes_a_life_cycle_and_never_sets_it(
    app: Flask, sign_in: SignIn, lifecycle: str, days: tuple[int, ...], action: str
) -> None:
    number = add(app, "sales", lifecycle=lifecycle)
    bought(app, number, *days)
    client = sign_in("sales")
    page = client.get(f"/customers/{number}?lang=en", follow_redirects=True).text
    assert ("By the orders:" in page) is bool(action)
    if action:
        (url,) = re.findall(rf'<a class="link-q" href="([^"]*)" data-drawer>{action}</a>', page)
        form = client.get(html.unescape(url)).text
        wanted = {"Dormant": "dormant", "Active": "active"}[action.split("“")[1].rstrip("”")]
        assert re.search(rf'value="{wanted}"[^>]*checked|checked[^>]*value="{wanted}"', form)
    with app.app_context():
        table = Customer.__table__
        found = database.session.execute(select(table.c.lifecycle).where(table.c.number == number))
        assert found.scalar_one() == lifecycle


def test_who_may_not_change_the_customer_is_proposed_nothing(
    app: Flask, employ: Employ, sign_in: SignIn
) -> None:
    number = add(app, "sales", lifecycle="active")
    bought(app, number, 200, 170, 140)
    employ("support", {"customers:see": "all"})
    page = sign_in("support").get(f"/customers/{number}").text
    assert number in page and "By the orders:" not in page


def test_lists_show_what_says_something_and_filters_know_all(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    bought(app, number, 200, 170, 140, 110)
    client = sign_in("sales")
    page = client.get("/customers?lang=en", follow_redirects=True).text
    assert '<span class="taglet">Buys often</span>' in page
    assert re.search(r'title="High spend, Stopped buying">\+2<', page)
    for quiet in ("More than 3 deals", "No complaints"):
        assert quiet not in page
    filtered = client.get("/customers?w=tags~has_any~deals/many&lang=en", follow_redirects=True)
    assert number in filtered.text and "More than 3 deals" in filtered.text
    assert number not in client.get("/customers?w=tags~has_any~deals/few").text
    assert number not in client.get("/customers?w=tags~empty").text
    found = client.get("/search?q=High+spend").text
    assert number in found
    assert number not in client.get("/search?q=More+than+3+deals").text
    form = client.get(f"/customers/{number}/tags").text
    assert "deals" not in form and "High spend" not in form


def test_what_is_counted_is_shown_filtered_and_sorted(app: Flask, sign_in: SignIn) -> None:
    late, soon = add(app, "sales", name="Late Ltd"), add(app, "sales", name="Soon Ltd")
    bought(app, late, 150, 120, 90, amount=1_000_00)
    bought(app, soon, 60, 30, 15, amount=2_000_00)
    client = sign_in("sales")
    columns = "columns=number,name,order_gap,orders_year,bought_year,complaints,asked,answer_days"
    for sort, order in (("order_gap", [soon, late]), ("-order_gap", [late, soon])):
        page = client.get(f"/customers?{columns},waiting_days&sort={sort}").text
        assert re.findall(r'href="/customers/(C\w+)"', page) == order
    assert ">300<" in page and ">65<" in page and "6,000" in page
    asked = f"/customers?{columns}&w=order_gap~above~200"
    assert late in client.get(asked).text and soon not in client.get(asked).text
    for sort in ("orders_year", "-bought_year", "complaints", "-asked", "answer_days"):
        assert client.get(f"/customers?{columns}&sort={sort}&w=order_gap~filled").status_code == 200
    nobody = client.get("/customers?w=order_gap~empty").text
    assert late not in nobody and soon not in nobody


def editor_of(client: FlaskClient, tag: int) -> str:
    """The address under which the first condition of a rule is changed."""
    page = client.get(f"/settings/tags/{tag}/rule?lang=en", follow_redirects=True).text
    found = re.findall(r'href="(/customers/conditions[^"]*)"', page)
    return next(one for one in map(html.unescape, found) if "place=" in one)


def test_a_condition_with_a_setting_is_shown_in_words_and_kept(app: Flask, sign_in: SignIn) -> None:
    often, client = tag_id(app, "purchase-frequency", "high"), sign_in("manager")
    rule = client.get(f"/settings/tags/{often}/rule?lang=en", follow_redirects=True).text
    assert "Puts the tag on: Orders in 365 days at least 4" in rule
    assert "Compared with settings:" in rule
    assert 'href="/settings/firm#setting_frequent_orders"' in rule
    editor = editor_of(client, often)
    form = client.get(editor).text
    assert "Orders in 365 days at least 4" in form
    assert "The value is the setting “Buys often: orders in 365 days at least”." in form
    assert 'href="/settings/firm#setting_frequent_orders"' in form
    assert 'name="value"' not in form
    kept = client.get(f"{editor}&field=orders_year&operator=at_least&set=1")
    assert kept.status_code == 303
    assert "Orders in 365 days at least 4" in client.get(kept.location).text
    # Another question gets a value of its own.
    other = client.get(f"{editor}&field=orders_year&operator=above").text
    assert 'name="value"' in other
    changed = client.get(f"{editor}&field=orders_year&operator=above&value=9&set=1")
    assert "Orders in 365 days more than 9" in client.get(changed.location).text


def test_the_page_of_the_firm_has_the_figures_where_links_lead(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("manager")
    page = client.get("/settings/firm?lang=en", follow_redirects=True).text
    assert 'id="setting_frequent_orders"' in page and "Computed tags" in page
    assert 'href="/settings/firm#setting_response_fast_days"' in client.get("/settings/tags").text
    data = form_on(client, "/settings/firm")
    answer = send(client, "/settings/firm", {"setting_frequent_orders": "6"})
    assert answer.status_code == 303 and data["setting_frequent_orders"] == "4"
    often = tag_id(app, "purchase-frequency", "high")
    assert "at least 6" in client.get(f"/settings/tags/{often}/rule").text


def test_a_tag_is_shown_in_lists_or_not_as_the_firm_likes(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales")
    bought(app, number, 200, 170, 140, 110)
    many, client = tag_id(app, "deals", "many"), sign_in("manager")
    assert "not in lists" in client.get("/settings/tags?lang=en", follow_redirects=True).text
    here = f"/settings/tags/{many}"
    assert form_on(client, here)["quiet"]
    answer = send(client, here, {"quiet": None}, to=here)
    assert answer.status_code == 303
    assert "More than 3 deals" in client.get("/customers").text


def test_conditions_in_an_address_may_name_settings_and_nothing_wrong(
    app: Flask, sign_in: SignIn
) -> None:
    number = add(app, "sales")
    bought(app, number, 10)
    client = sign_in("sales")
    where = '{{"all":[{{"field":"orders_year","operator":"below","values":[{{"setting":"{}"}}]}}]}}'
    asked = client.get("/customers", query_string={"where": where.format("frequent_orders")})
    assert number in asked.text and "Part of this filter" not in asked.text
    for wrong in ("gone", "timezone", "company_name"):
        asked = client.get("/customers", query_string={"where": where.format(wrong), "lang": "en"})
        asked = client.get("/customers", query_string={"where": where.format(wrong)})
        assert asked.status_code == 200 and "there is no such setting" in asked.text
