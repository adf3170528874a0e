"""A trade with records of its own, declared as a pack does in its file, and work with them."""

import tomllib
from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.extensions import database
from crmlite.objects import operations
from crmlite.objects.kinds import kind_called
from crmlite.objects.models import Object
from crmlite.objects.operations import ObjectDraft
from crmlite.packs.loading import sections_known
from crmlite.work.actors import command_line
from tests.fields.packs import switch, take_in

__all__ = ["KINDS", "added", "bring", "record", "stored", "switch"]

KINDS = """
[objects.coupon]
label = ["Coupon", "优惠券"]
many = ["Coupons", "优惠券"]
icon = "tag"
title = "code"
day = "given_on"
listed = true
[objects.coupon.fields]
code = {label = ["Code", "券码"]}
state = {label = ["State", "状态"], kind = "choice", choices = [["open", "Open", "未使用"], ["used", "Used", "已使用"]]}
given_on = {label = ["Given on", "发放日期"], kind = "date"}
worth = {label = ["Worth", "面额"], kind = "amount"}
pin = {label = ["PIN", "密码"], sensitive = true}
note = {label = ["Note", "备注"], kind = "longtext"}

[objects.lesson]
label = ["Lesson", "课程"]
many = ["Lessons", "课程"]
parent = "contact"
title = "subject"
fields.subject = {label = ["Subject", "科目"], kind = "choice", choices = [["maths", "Maths", "数学"], ["art", "Art", "美术"]]}
fields.score = {label = ["Score", "成绩"], kind = "integer"}

[objects.progress]
label = ["Progress", "进度"]
parent = "order"
title = "step"
day = "on"
fields.step = {label = ["Step", "工序"]}
fields.on = {label = ["On", "日期"], kind = "date"}

[objects.check]
label = ["Check", "检验"]
parent = "case"
title = "what"
fields.what = {label = ["What", "检验项目"]}
"""  # noqa: E501 - as it is written in a file


def declared(text: str, name: str = "trade") -> dict[str, tuple[Any, ...]]:
    """What a pack declares with such a file."""
    raw, found = tomllib.loads(text), {}
    for section in sorted(sections_known(), key=lambda one: one.weight):
        if section.name in raw:
            made = section.read(name, raw[section.name], found)
            found |= {hook: tuple(things) for hook, things in made.items()}
    return found


def bring(app: Flask, text: str = KINDS, name: str = "trade") -> None:
    """Install a pack and switch it on, or a further version of it."""
    with app.app_context():
        made = declared(text, name)
    take_in(app, name, made)


def added(
    key: str, customer_id: int, parent_id: int | None = None, **values: Any
) -> dict[str, int]:
    """Add a record, its fields given by their keys; belongs inside an application context."""
    of = kind_called(f"trade__{key}")
    assert of is not None
    draft = ObjectDraft(
        type_id=of.id,
        customer_id=customer_id,
        extra={f"{of.name}_{name}": value for name, value in values.items()},
        parent_id=parent_id,
    )
    return operations.add_object(draft, by=command_line(), at=clock.now())


def record(object_id: int) -> Mapping[str, Any]:
    """A record as it is stored."""
    table = Object.__table__
    wanted = select(table).where(table.c.id == object_id)
    return database.session.execute(wanted).mappings().one()


def stored(object_id: int) -> dict[str, Any]:
    """What is kept of its fields, by their keys, but for what is sealed."""
    extra = record(object_id)["extra"] or {}
    plain = {name.split("_", 3)[3]: value for name, value in extra.items()}
    return {key: value for key, value in plain.items() if key != "pin"}
