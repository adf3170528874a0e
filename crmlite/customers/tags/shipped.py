"""The dimensions of tags that every book has, the tags that rules put on, and how they get there.

Six dimensions are computed: their tags follow from what is recorded, by rules whose thresholds are
settings. The names of the numbers of deals say those numbers, so they stand in the rules themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Any as AnyRow

from sqlalchemy import select

from crmlite import hooks
from crmlite.customers.models import Dimension, Tag
from crmlite.customers.tags.declaring import ShippedTag, TagDimension
from crmlite.extensions import database
from crmlite.rules.conditions import (
    AGO,
    All,
    Any,
    FromSetting,
    FromToday,
    Node,
    to_json,
    where,
)
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_
from crmlite.work.shipped import Shipment

BEHAVIOUR, FREE = "behaviour", "free"
SPEED, DEALS, COMPLAINTS = "response-speed", "deals", "complaint-record"
FREQUENCY, SPEND, BUYING = "purchase-frequency", "spend", "buying-state"
STOPPED, STILL_BUYING = "stopped", "buying"
BEHIND = 100
COMPUTED = N_("Computed tags")

FAST = FromSetting("response_fast_days")
SLOW = FromSetting("response_slow_days")
OFTEN = FromSetting("frequent_orders")
HIGH = FromSetting("high_spend")


def dimensions() -> list[TagDimension]:
    """The dimensions of crmlite, in their order."""
    return [
        TagDimension(key="basic", label={"en": "Basic", "zh": "基础"}),
        TagDimension(key="need", label={"en": "Need", "zh": "需求"}),
        TagDimension(key=BEHAVIOUR, label={"en": "Behaviour", "zh": "行为"}),
        TagDimension(key=FREE, label={"en": "Free", "zh": "自由"}),
        *(
            TagDimension(key=key, label={"en": en, "zh": zh}, exclusive=True)
            for key, en, zh in (
                (SPEED, "Response speed", "响应速度"),
                (DEALS, "Number of deals", "成交次数"),
                (COMPLAINTS, "Complaint record", "投诉记录"),
                (FREQUENCY, "Purchase frequency", "购买频率"),
                (SPEND, "Spend", "消费金额"),
                (BUYING, "Buying state", "购买状态"),
            )
        ),
    ]


def tags() -> list[ShippedTag]:
    """The tags of crmlite, all put on by rules."""
    return [*_of_behaviour(), *_of_speed(), *_of_deals(), *_of_complaints(), *_of_buying()]


def _tag(
    dimension: str, key: str, en: str, zh: str, when: Node, *, quiet: bool = False
) -> ShippedTag:
    return ShippedTag(
        dimension=dimension, key=key, label={"en": en, "zh": zh}, when=when, quiet=quiet
    )


def _of_behaviour() -> list[ShippedTag]:
    promising = All(
        (
            where("lifecycle", "is", "interested"),
            where("open_needs", "at_least", 1),
            Any((where("urgency", "is", "high"), where("budget", "is", "over-500k"))),
        )
    )
    rarely = All(
        (where("lifecycle", "is", "active"), where("last_contact", "before", FromToday(-90, "d")))
    )
    return [
        _tag(BEHAVIOUR, "high-potential", "High potential", "高潜力", promising),
        _tag(BEHAVIOUR, "low-frequency", "Low frequency", "低频", rarely),
    ]


def _of_speed() -> list[ShippedTag]:
    fast = where("answer_days", "at_most", FAST)
    normal = All((where("answer_days", "above", FAST), where("answer_days", "at_most", SLOW)))
    slow = Any((where("answer_days", "above", SLOW), where("waiting_days", "above", SLOW)))
    return [
        _tag(SPEED, "fast", "Answers fast", "响应快", fast, quiet=True),
        _tag(SPEED, "normal", "Answers in some days", "响应一般", normal, quiet=True),
        _tag(SPEED, "slow", "Answers slowly", "响应慢", slow),
    ]


def _of_deals() -> list[ShippedTag]:
    few, many = where("orders", "between", 1, 3), where("orders", "above", 3)
    return [
        _tag(DEALS, "none", "No deals", "成交0次", where("orders", "is", 0), quiet=True),
        _tag(DEALS, "few", "1–3 deals", "成交1–3次", few, quiet=True),
        _tag(DEALS, "many", "More than 3 deals", "成交3次以上", many, quiet=True),
    ]


def _of_complaints() -> list[ShippedTag]:
    some, none = where("complaints", "at_least", 1), where("complaints", "is", 0)
    return [
        _tag(COMPLAINTS, "yes", "Has complained", "有投诉", some),
        _tag(COMPLAINTS, "no", "No complaints", "无投诉", none, quiet=True),
    ]


def _of_buying() -> list[ShippedTag]:
    bought = where("orders", "at_least", 1)
    often = where("orders_year", "at_least", OFTEN)
    seldom = All((bought, where("orders_year", "below", OFTEN)))
    high = where("bought_year", "at_least", HIGH)
    low = All((bought, where("bought_year", "below", HIGH)))
    gap, once = FromSetting("stopped_percent"), where("order_interval", "empty")
    month = FromSetting("stopped_least_days", AGO)
    year = FromSetting("stopped_single_days", AGO)
    stopped = Any(
        (
            All((where("order_gap", "above", gap), where("last_order_on", "before", month))),
            All((once, where("last_order_on", "before", year))),
        )
    )
    going_on = Any(
        (
            where("order_gap", "at_most", gap),
            where("last_order_on", "since", month),
            All((once, where("last_order_on", "since", year))),
        )
    )
    return [
        _tag(FREQUENCY, "high", "Buys often", "高频购买", often),
        _tag(FREQUENCY, "low", "Buys seldom", "低频购买", seldom, quiet=True),
        _tag(SPEND, "high", "High spend", "高消费", high),
        _tag(SPEND, "low", "Low spend", "低消费", low, quiet=True),
        _tag(
            BUYING,
            "not-yet",
            "Not buying yet",
            "未购买",
            where("orders", "is", 0),
            quiet=True,
        ),
        _tag(BUYING, STILL_BUYING, "Buying", "购买中", All((bought, going_on)), quiet=True),
        _tag(BUYING, STOPPED, "Stopped buying", "已停购", All((bought, stopped))),
    ]


def thresholds() -> list[Setting]:
    """The figures that the rules of computed tags compare with."""
    return [
        _figure(
            "response_fast_days",
            1,
            N_("Answers fast: working days at most"),
            N_("The median of all answers within 180 days; 0 is the same day."),
            most=60,
        ),
        _figure(
            "response_slow_days",
            3,
            N_("Answers slowly: more working days than"),
            N_("So does who was asked longer ago than that and answered nothing."),
            most=60,
        ),
        _figure(
            "frequent_orders",
            4,
            N_("Buys often: orders in 365 days at least"),
            least=1,
        ),
        _figure(
            "high_spend",
            100_000,
            N_("High spend: bought in 365 days at least"),
            N_("In whole units of the firm's currency."),
            least=1,
            most=10**12,
        ),
        _figure(
            "stopped_percent",
            200,
            N_("Stopped buying: order pause in % of the usual, more than"),
            N_("200 is twice the usual number of days between two orders."),
            least=100,
        ),
        _figure(
            "stopped_least_days",
            30,
            N_("Stopped buying: and days of the order pause, more than"),
            most=36_500,
        ),
        _figure(
            "stopped_single_days",
            365,
            N_("Stopped buying: days since the only day of ordering, more than"),
            most=36_500,
        ),
    ]


def _figure(
    name: str, default: int, label: str, hint: str = "", *, least: int = 0, most: int = 10_000
) -> Setting:
    return Setting(
        name=name,
        kind="integer",
        default=default,
        label=label,
        hint=hint,
        least=least,
        most=most,
        group=COMPUTED,
    )


def shipments(owner: str) -> Iterator[Shipment]:
    """The dimensions that crmlite or a pack ships, then its tags."""
    families: Sequence[TagDimension] = hooks.declared("register_tag_dimensions", owner)
    yield Shipment(
        model=Dimension,
        owner=owner,
        rows={
            one.key: {"key": one.key, "label": _words(one.label), "exclusive": one.exclusive}
            for one in families
        },
        first={one.key: _place(owner, number) for number, one in enumerate(families)},
    )
    own: Sequence[ShippedTag] = hooks.declared("register_tags", owner)
    homes = _ids([tag.dimension for tag in own])
    yield Shipment(
        model=Tag,
        owner=owner,
        rows={tag.name: _row(tag, homes.get(tag.dimension)) for tag in own},
        first={tag.name: _place(owner, number) for number, tag in enumerate(own)},
        gone={"retired": True},
    )


def _place(owner: str, number: int) -> dict[str, int]:
    """Where something stands at first: what packs bring comes after what crmlite brings."""
    return {"position": number if owner == hooks.OWN else BEHIND + number}


def _row(tag: ShippedTag, dimension_id: int | None) -> dict[str, AnyRow]:
    return {
        "dimension_id": dimension_id,
        "key": tag.key,
        "label": _words(tag.label),
        "rule": None if tag.when is None else to_json(tag.when),
        "rule_on": tag.when is not None,
        "quiet": tag.quiet,
    }


def _words(label: AnyRow) -> dict[str, str]:
    return dict(label) if not isinstance(label, str) else {"en": label}


def _ids(keys: Sequence[str]) -> dict[str, int]:
    """Dimensions by their keys; one that is not there yet is left out."""
    table = Dimension.__table__
    found = select(table.c.key, table.c.id).where(table.c.key.in_(keys))
    return {row.key: row.id for row in database.session.execute(found)}
