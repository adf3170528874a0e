"""The table of `pack.toml` with strategies.

    [strategies.win_back]
    label = ["Win back", "唤回"]
    goal = ["Have them buy again", "促成复购"]
    serves = ["last_order_on before -60d", "bought at_least 50000"]
    touches = [{name = "call", every = "month", channel = "phone", about = ["New arrivals", "新品"]}]

A touch has `every`, how often, or `when`, around which day: `1 day before birthday`, `3 days after
quotation_sent`. `by_need = {upgrade = ["Cases", "案例"]}` says by the core need what it is about,
`prefers` has it go by the way of contact that a customer prefers, `message` is a text to send. Long
ones stand in tables of their own, `[[strategies.win_back.touches]]`.
"""

import re
from collections.abc import Mapping
from typing import Any

from crmlite import hooks
from crmlite.customers.conditions.written import pack_catalogue, read_condition
from crmlite.declarations import Declared, Section, full_name, of_kind, only, words
from crmlite.rules.conditions import Catalogue
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import EVENTS, OWNER, UNITS, Around, Cadence, Every, Strategy, Touch
from crmlite.rules.wording import Label

STRATEGY = ("label", "goal", "serves", "touches", "priority", "on_top", "scheme")
TOUCH = ("name", "label", "every", "when", "channel", "about", "questions", "points", "executor",
         "purpose", "sends", "prefers", "by_need", "message")  # fmt: skip
EVERY = re.compile(rf"(?:(\d{{1,4}}) )?({'|'.join(UNITS)})s?")
WHEN = re.compile(r"(?:(\d{1,4}) days? (before|after)|on) (\w+)")
DATES = ("date", "moment")


def sections() -> list[Section]:
    """The table."""
    return [Section(name="strategies", read=_strategies, weight=40)]


def _strategies(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    return {
        "register_strategies": [strategy_of(pack, key, raw, declared) for key, raw in table.items()]
    }


def strategy_of(pack: str, key: str, raw: Any, declared: Declared) -> Strategy:
    """One strategy as it is written; that of crmlite itself where `pack` is empty. Raises
    BadDeclaration."""
    where = f"[strategies.{key}]"
    given = only(raw, STRATEGY, where)
    catalogue = pack_catalogue(pack, declared)
    touches = of_kind(given, "touches", list, [], where)
    return Strategy(
        name=full_name(pack, key) if pack else key,
        label=words(given.get("label"), f"{where} label"),
        goal=words(given.get("goal"), f"{where} goal"),
        serves=read_condition(given.get("serves"), f"{where} serves", pack, declared),
        touches=tuple(_touch(pack, one, where, catalogue) for one in touches),
        priority=of_kind(given, "priority", int, 50, where),
        on_top=of_kind(given, "on_top", bool, False, where),
        scheme=of_kind(given, "scheme", str, "", where),
    )


def _touch(pack: str, raw: Any, above: str, catalogue: Catalogue) -> Touch:
    given = only(raw, TOUCH, f"{above} touches")
    name = of_kind(given, "name", str, "", f"{above} touches")
    where = f"{above} touch {name!r}"
    about = words(given.get("about"), f"{where} about")
    return Touch(
        name=name,
        label=words(given["label"], f"{where} label") if "label" in given else about,
        cadence=_cadence(pack, given, where, catalogue),
        channel=of_kind(given, "channel", str, "", where),
        content=about,
        questions=_talk(given, "questions", where),
        points=_talk(given, "points", where),
        executor=of_kind(given, "executor", str, OWNER, where),
        purpose=of_kind(given, "purpose", str, "", where),
        sends=of_kind(given, "sends", bool, False, where),
        prefers=of_kind(given, "prefers", bool, False, where),
        contents={
            need: words(text, f"{where} by_need {need}")
            for need, text in of_kind(given, "by_need", dict, {}, where).items()
        },
        message=words(given["message"], f"{where} message") if "message" in given else "",
    )


def _talk(given: Mapping[str, Any], name: str, where: str) -> tuple[Label, ...]:
    return tuple(words(one, f"{where} {name}") for one in of_kind(given, name, list, [], where))


def _cadence(pack: str, given: Mapping[str, Any], where: str, catalogue: Catalogue) -> Cadence:
    """`every = "2 weeks"`, or `when = "3 days after quotation_sent"`."""
    if ("every" in given) == ("when" in given):
        raise BadDeclaration(f"{where}: give one of every and when")
    if "every" in given:
        text = of_kind(given, "every", str, "", where)
        found = EVERY.fullmatch(text)
        if found is None:
            raise BadDeclaration(f"{where}: every is like 'month' or '2 weeks', not {text!r}")
        return Every(int(found[1] or 1), found[2])
    text = of_kind(given, "when", str, "", where)
    found = WHEN.fullmatch(text)
    if found is None:
        raise BadDeclaration(
            f"{where}: when is like '3 days after quotation_sent' or 'on birthday', not {text!r}"
        )
    days = int(found[1] or 0) * (-1 if found[2] == "before" else 1)
    return _around(pack, days, found[3], where, catalogue)


def _around(pack: str, days: int, anchor: str, where: str, catalogue: Catalogue) -> Around:
    """Dated by a field that is a day, else by an event."""
    field = catalogue.get(anchor)
    if field is not None and field.kind in DATES:
        return Around(days, field=field.name)
    if anchor in EVENTS or anchor.startswith(f"{pack}__"):
        return Around(days, event=anchor)
    dates = {name for name, one in catalogue.items() if one.kind in DATES}
    raise BadDeclaration(f"{where}: the date or event {unknown(anchor, {*dates, *EVENTS})}")


def channels() -> set[str]:
    """The ways of contact that crmlite brings."""
    lists = hooks.declared("register_choice_lists")
    return {value.key for one in lists if one.name == "channel" for value in one.shipped}
