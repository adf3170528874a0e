"""The table of `pack.toml` with records of the pack's own.

[objects.coupon]
label = ["Coupon", "优惠券"]
many = ["Coupons", "优惠券"]
parent = "customer"
title = "code"
day = "given_on"
fields.code = {label = ["Code", "券码"]}
fields.given_on = {label = ["Given on", "发放日期"], kind = "date"}

The record is `retail__coupon`, its fields are `retail__coupon_code` and `retail__coupon_given_on`.
"""

from collections.abc import Mapping
from typing import Any

from crmlite.declarations import Declared, Section, full_name, of_kind, only, words
from crmlite.fields.object_kinds import PARENTS, ObjectKind, refuse_twins
from crmlite.fields.sections import read_fields

OF_KIND = ("label", "many", "parent", "fields", "title", "day", "icon", "in_timeline", "listed")


def sections() -> list[Section]:
    """The table."""
    return [Section(name="objects", read=_read, weight=10)]


def _read(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    found = [_kind(pack, key, raw, declared) for key, raw in table.items()]
    refuse_twins(found)
    return {"register_object_kinds": found}


def _kind(pack: str, key: str, raw: Any, declared: Declared) -> ObjectKind:
    where = f"[objects.{key}]"
    given = only(raw, OF_KIND, where)
    name = full_name(pack, key)
    parent = of_kind(given, "parent", str, "customer", where)
    only({parent: None}, PARENTS, f"{where} parent")
    label = words(given.get("label"), f"{where} label")
    return ObjectKind(
        name=name,
        label=label,
        many=words(given["many"], f"{where} many") if "many" in given else label,
        parent=parent,
        fields=read_fields(f"{name}_", given.get("fields"), f"objects.{key}.fields", declared),
        title=_one_of_them(given, "title", name, where),
        day=_one_of_them(given, "day", name, where),
        icon=of_kind(given, "icon", str, "file-text", where),
        in_timeline=of_kind(given, "in_timeline", bool, True, where),
        listed=of_kind(given, "listed", bool, False, where),
    )


def _one_of_them(given: Mapping[str, Any], role: str, name: str, where: str) -> str:
    """The name of the field that plays a role; empty for none."""
    key = of_kind(given, role, str, "", where)
    if not key:
        return ""
    only({key: None}, given["fields"], f"{where} {role}")
    return f"{name}_{key}"
