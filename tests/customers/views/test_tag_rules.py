"""Managers give tags rules, see whom they take, and switch them off."""

import html
import json
import re

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Tag
from crmlite.customers.operations import create_tag, set_rule
from crmlite.customers.operations.tag_rules import follow_rules
from crmlite.customers.queries import dimension_id
from crmlite.customers.tags.rules import ALL as EVERY_NIGHT
from crmlite.extensions import database
from crmlite.rules.conditions import All, to_json, where
from crmlite.testing import SignIn, csrf_token
from crmlite.work.actors import command_line, job
from tests.applications import Employ
from tests.customers.records import add, form_on, press, send

LEEDS = All((where("region", "is", "Leeds"),))


def tag_in(app: Flask, tree: All | None = None) -> int:
    """A free tag, with a rule if there is one."""
    by, at = command_line(), clock.now()
    with app.app_context():
        made = int(create_tag(dimension_id("free"), "x", {"en": "Near", "zh": "近"}, by=by, at=at))
        if tree is not None:
            set_rule(made, tree, by=by, at=at)
            follow_rules(by=job(EVERY_NIGHT), at=at)
    return made


def rule_of(app: Flask, tag_id: int) -> tuple[object, bool]:
    table = Tag.__table__
    with app.app_context():
        wanted = select(table.c.rule, table.c.rule_on).where(table.c.id == tag_id)
        return tuple(database.session.execute(wanted).one())  # type: ignore[return-value]


def numbers(page: str) -> list[str]:
    return re.findall(r"<dd>(\d+|–)</dd>", page)


def test_a_rule_is_made_with_the_conditions_of_the_list(app: Flask, sign_in: SignIn) -> None:
    add(app, "manager", region="Leeds")
    add(app, "manager", region="York")
    near = tag_in(app)
    client, here = sign_in("manager"), f"/settings/tags/{near}/rule"
    assert "Set by a rule" in client.get("/settings/tags").text
    first = client.get(here).text
    editor = html.unescape(re.findall(r'href="(/customers/conditions[^"]*)"', first)[-1])
    asked = client.get(f"{editor}&field=region&operator=is&value=Leeds&set=1")
    assert asked.status_code == 303 and asked.location.startswith(here)
    tried = client.get(asked.location).text
    assert numbers(tried) == ["0", "1"] and "Leeds" in tried
    assert rule_of(app, near) == (None, False)
    saved = send(client, asked.location, to=here)
    assert saved.status_code == 303
    assert rule_of(app, near) == (to_json(LEEDS), True)
    assert "Leeds" in client.get("/settings/tags").text
    old = f"{here}?edited=1&version=1&w=region~is~York"
    assert send(client, old, to=here).status_code == 409
    assert send(client, f"{here}?edited=1&version=2", to=here).status_code == 422


def test_it_is_switched_off_and_on_and_taken_away(app: Flask, sign_in: SignIn) -> None:
    near = tag_in(app, LEEDS)
    client, here = sign_in("manager"), f"/settings/tags/{near}/rule"
    press(client, f"{here}/rest")
    assert rule_of(app, near) == (to_json(LEEDS), False)
    assert "switched off" in client.get("/settings/tags").text
    press(client, f"{here}/work")
    assert rule_of(app, near) == (to_json(LEEDS), True)
    press(client, f"{here}/removal")
    assert rule_of(app, near) == (None, False)


def test_only_those_who_manage_tags_come_there(app: Flask, sign_in: SignIn) -> None:
    near = tag_in(app, LEEDS)
    client = sign_in("sales")
    assert client.get(f"/settings/tags/{near}/rule").status_code == 403
    page = client.get(f"/customers/conditions?rule={near}&version=1").text
    assert "/settings/tags" not in page


def test_the_customer_says_why_and_offers_no_such_tag(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "manager", region="Leeds")
    near = tag_in(app, LEEDS)
    client = sign_in("manager")
    why = "Region: Leeds. Set by the rule: Region is Leeds."
    assert why in client.get(f"/customers/{number}").text
    page = f"/customers/{number}/tags"
    assert "Near" not in client.get(page).text.split("tags-form")[1].split("</form>")[0]
    assert send(client, page).status_code == 303
    assert why in client.get(f"/customers/{number}").text
    typed = send(client, page, {"fresh": "Near"})
    assert typed.status_code == 303 or "by its rule" in typed.text
    bulk = {**form_on(client, "/customers/new"), "value": str(near), "pick": "1"}
    assert client.post("/customers/bulk/untag", data=bulk).status_code == 422


def test_why_says_no_amount_to_those_who_may_not_see_it(app: Flask, sign_in: SignIn) -> None:
    number = add(app, "sales", annual_amount=9_000_000)
    tag_in(app, All((where("annual_amount", "above", 5_000_000),)))
    page = sign_in("support").get(f"/customers/{number}")
    if page.status_code == 200:
        assert "which you may not see" in page.text and "50,000" not in page.text
    seen = sign_in("manager").get(f"/customers/{number}").text
    assert "Annual amount: CN¥90,000. Set by the rule: Annual amount more than CN¥50,000." in seen


def test_who_may_not_ask_all_of_a_rule_sees_it_and_changes_nothing(
    app: Flask, sign_in: SignIn, employ: Employ
) -> None:
    whole = All((*LEEDS.parts, where("annual_amount", "above", 5_000_000)))
    near = tag_in(app, whole)
    employ("sales", {"customers:see": "all", "tags:manage": "all"})
    client, here = sign_in("sales"), f"/settings/tags/{near}/rule"
    page = client.get(here).text
    assert "You may not change this rule." in page and "This rule rests." not in page
    assert "Annual amount more than CN¥50,000" in page and "rule-form" not in page
    less = {"csrf_token": csrf_token(client, here), "where": json.dumps(to_json(LEEDS))}
    assert client.post(here, data={**less, "version": "2"}).status_code == 403
    assert rule_of(app, near) == (to_json(whole), True)
    assert "rule-form" in sign_in("manager").get(here).text


def test_a_rule_that_cannot_be_asked_any_more_is_shown_with_a_way_to_mend(
    app: Flask, sign_in: SignIn
) -> None:
    near = tag_in(app, LEEDS)
    gone = to_json(All((where("bakery__flour", "is", "rye"), where("region", "is", "Leeds"))))
    table = Tag.__table__
    with app.app_context():
        database.session.execute(table.update().where(table.c.id == near).values(rule=gone))
        database.session.commit()
    client, here = sign_in("manager"), f"/settings/tags/{near}/rule"
    assert "Mend the rule" in client.get("/settings/tags").text
    page = client.get(here).text
    assert "This rule rests." in page and "cannot be asked here" in page
    assert send(client, here).status_code == 303
    assert rule_of(app, near) == (to_json(LEEDS), True)
