"""Made-up customers in any number, to see how crmlite behaves with a large book."""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from crmlite.accounts.models import User
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations.adding import add_customers
from crmlite.extensions import database
from crmlite.followups import facts
from crmlite.followups.models import Interaction, Task
from crmlite.sales.models import Product
from crmlite.sales.operations import LineDraft, OrderDraft
from crmlite.sales.operations.bulk import add_orders, add_products
from crmlite.settings.queries import local_day
from crmlite.setup.demo.loading import DEMO
from crmlite.work import Actor, operation, records
from crmlite.work.records import chunks

BATCH = 500
AT_ONCE = 1000
ORDERS = 2  # for each customer, on average; those who buy have more
SOLD = (  # code, name, category, unit, price in minor units
    ("G-100", "深沟球轴承 6204", "parts", "piece", 1_850),
    ("G-101", "角接触轴承 7206", "parts", "piece", 6_400),
    ("G-200", "齿轮泵 CB-10", "goods", "unit", 86_000),
    ("G-201", "柱塞泵 25SCY", "goods", "unit", 428_000),
    ("G-300", "电磁换向阀", "goods", "piece", 32_000),
    ("G-301", "Pressure valve", "goods", "piece", 29_500),
    ("G-400", "液压油 46#", "consumables", "litre", 2_200),
    ("G-401", "Filter insert", "consumables", "piece", 7_800),
    ("G-500", "年度保养", "service", "visit", 480_000),
    ("G-501", "Remote support", "service", "hour", 38_000),
)
PLACES = "常州 苏州 无锡 宁波 杭州 上海 南京 武汉 成都 重庆 长沙 青岛 厦门 佛山 东莞 合肥 西安 郑州".split()
NAMES = "恒泰 启钧 瑞丰 联创 华盛 金桥 宏远 博锐 嘉禾 天工 锐拓 盛达 云岭 海川 新元 广润 明德 维信".split()
TRADES = (
    "机床 精密机械 自动化设备 食品 包装材料 电子科技 塑料制品 纺织 汽车配件 环保科技 物流 医疗器械"
).split()
LATIN = "Calder Ashford Wexford Merton Harlow Sennet Eastgate Kestrel Northside Larkfield Brandt".split()
WORKS = (
    "Precision Foods Bearings Logistics Packaging Optics Valves Instruments Textiles Marine".split()
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华慧建国志文雨佳晨"
FIRST = "Emma Oliver Marta James Sofia Daniel Hannah Lucas Clara Peter Nina Adam".split()
FAMILY = "Reyes Kowalski Anderson Schmidt Novak Hughes Fischer Larsen Moreau Rossi Clarke".split()
TALKS = (
    "电话沟通了交期，对方希望提前一周。",
    "拜访现场，确认了安装位置。",
    "发了报价，等对方内部讨论。",
    "Called about the quotation; they decide next week.",
    "Sent the samples and the data sheet.",
)
STEPS = ("跟进报价", "约上门时间", "寄样品", "Call about the order", "Send the contract")


class Listed(NamedTuple):
    """A product of the list."""

    id: int
    name: str
    unit: str
    price: int


def generate(
    count: int, *, seed: int, at: datetime, told: Callable[[int], None], orders: int = ORDERS
) -> int:
    """Add `count` customers with contacts, talks, next steps and `orders` orders for each on average,
    in batches; answers how many.

    The same seed makes the same book on the same day. `told` hears how many there are so far.
    """
    chance = random.Random(seed)
    products = add_list(by=DEMO, at=at)
    table = User.__table__
    owners = list(
        database.session.execute(
            select(table.c.id).where(table.c.state == "active").order_by(table.c.id)
        ).scalars()
    )
    done = 0
    while done < count:
        size = min(BATCH, count - done)
        done += generate_batch(size, owners, chance, products, orders, by=DEMO, at=at)
        told(done)
    return done


@operation("demo_generated")
def generate_batch(
    size: int,
    owners: list[int],
    chance: random.Random,
    products: Sequence[Listed],
    orders: int,
    *,
    by: Actor,
    at: datetime,
) -> int:
    """One batch of made-up customers, with everything that belongs to them."""
    today = local_day(at)
    drafts = [_draft(owners, chance, today) for _ in range(size)]
    owned = [(one.id, one.values["owner_id"]) for one in add_customers(drafts, by=by, at=at)]
    records.insert_many(
        Interaction,
        [
            _talk(customer_id, owner, chance, at)
            for customer_id, owner in owned
            for _ in range(chance.randint(0, 4))
        ],
    )
    records.insert_many(
        Task,
        [_step(i, owner, chance, today) for i, owner in owned if chance.random() < 0.5],
    )
    facts.refresh([customer_id for customer_id, _ in owned])
    active = [place for place, draft in enumerate(drafts) if draft.values["lifecycle"] == "active"]
    sales = [
        _order(*owned[place], chance, products, today)
        for place in active
        for _ in range(chance.randint(0, 2 * orders * size // len(active)))
    ]
    for some in chunks(sales, AT_ONCE):
        add_orders(some, by=by, at=at)
    return size


@operation("products_generated")
def add_list(*, by: Actor, at: datetime) -> list[Listed]:
    """The product list that orders are made of, of a book that has none of them yet."""
    table = Product.__table__
    known = select(table.c.code, table.c.id).where(table.c.code.in_([row[0] for row in SOLD]))
    found = {row.code: row.id for row in database.session.execute(known)}
    fresh = [row for row in SOLD if row[0] not in found]
    made = add_products(
        {"code": code, "name": name, "category": category, "unit": unit, "price": price}
        for code, name, category, unit, price in fresh
    )
    found |= dict(zip((row[0] for row in fresh), made, strict=True))
    return [Listed(found[code], name, unit, price) for code, name, _category, unit, price in SOLD]


def _order(
    customer_id: int,
    owner: int | None,
    chance: random.Random,
    products: Sequence[Listed],
    today: date,
) -> OrderDraft:
    days_ago = chance.randint(0, 1500)
    status = "closed" if days_ago > 60 else chance.choice(("confirmed", "delivered", "closed"))
    return OrderDraft(
        customer_id=customer_id,
        values={
            "ordered_on": today - timedelta(days=days_ago),
            "seller_id": owner,
            "status": "cancelled" if chance.random() < 0.03 else status,
            "discount_rate": chance.choice((0, 0, 0, 500)),
        },
        lines=[
            LineDraft(
                product_id=one.id,
                name=one.name,
                unit=one.unit,
                quantity=chance.randint(1, 20) * 1000,
                price=one.price,
            )
            for one in chance.sample(products, chance.randint(1, 3))
        ],
    )


def _draft(owners: list[int], chance: random.Random, today: date) -> CustomerDraft:
    return CustomerDraft(
        values=_customer(owners, chance, today),
        contacts=[_contact(chance)],
        needs=[_need(chance, today)] if chance.random() < 0.4 else (),
    )


def _customer(owners: list[int], chance: random.Random, today: date) -> dict[str, Any]:
    lifecycle = chance.choices(
        ("potential", "interested", "active", "lost", "dormant"), (25, 25, 35, 5, 10)
    )[0]
    active = lifecycle == "active"
    return {
        "kind": "company",
        "name": _name(chance),
        "state": "active",
        "owner_id": chance.choice(owners) if owners and chance.random() < 0.95 else None,
        "lifecycle": lifecycle,
        "stage": chance.choice(("first-contact", "discovery", "proposal", "negotiation"))
        if not active
        else "cooperating",
        "tier": chance.choice(("strategic", "core", "normal", "normal")) if active else None,
        "industry": chance.choice(("C35", "C34", "C14", "I65", "G54", "F51", "Q84", "P83")),
        "size": chance.choice(("under-500", "500-2000", "over-2000")),
        "region": chance.choice(PLACES),
        "source": chance.choice(("exhibition", "referral", "website", "enquiry", "cold-visit")),
        "first_contact_on": today - timedelta(days=chance.randint(1, 1500)),
        "currency": "CNY",
        "annual_amount": chance.randint(10, 3000) * 100_000 if active else None,
        "contract_ends_on": today + timedelta(days=chance.randint(-60, 700)) if active else None,
        "birthday_lunar": False,
    }


def _name(chance: random.Random) -> str:
    if chance.random() < 0.6:
        middle = chance.choice(NAMES) + chance.choice(GIVEN)
        return f"{chance.choice(PLACES)}{middle}{chance.choice(TRADES)}有限公司"
    family = chance.choice(FAMILY)
    return f"{chance.choice(LATIN)} {family} {chance.choice(WORKS)} Ltd"


def _contact(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.6:
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2))))
    else:
        name = f"{chance.choice(FIRST)} {chance.choice(FAMILY)}"
    tail = chance.randint(0, 99_999_999)
    return {
        "state": "active",
        "is_self": False,
        "name": name,
        "role": chance.choice(("decides", "influences", "uses")),
        "mobile": f"139{tail:08d}",
        "email": f"c{chance.randint(0, 9_999_999)}@firm{tail % 1000}.example",
        "channel": chance.choice(("phone", "email", "wechat")),
        "no_marketing": False,
        "birthday_lunar": False,
    }


def _need(chance: random.Random, today: date) -> dict[str, Any]:
    return {
        "state": "active",
        "status": chance.choice(("open", "proposed", "landed")),
        "goal": chance.choice(("更换老设备", "扩大产能", "Replace the old line")),
        "core_need": chance.choice(("cost", "upgrade", "quality")),
        "urgency": chance.choice(("high", "medium", "low")),
        "budget": chance.choice(("under-100k", "100k-500k", "over-500k")),
        "opened_on": today - timedelta(days=chance.randint(1, 300)),
    }


def _talk(
    customer_id: int, owner: int | None, chance: random.Random, at: datetime
) -> dict[str, Any]:
    occurred = at - timedelta(days=chance.randint(1, 700), minutes=chance.randint(0, 600))
    return {
        "customer_id": customer_id,
        "state": "active",
        "kind": chance.choice(("phone", "visit", "email", "wechat")),
        "direction": "out",
        "occurred_at": occurred,
        "recorded_at": min(at, occurred + timedelta(minutes=chance.randint(5, 1800))),
        "done_by_id": owner,
        "recorded_by_id": owner,
        "content": chance.choice(TALKS),
        "answered": chance.random() < 0.8,
    }


def _step(
    customer_id: int, owner: int | None, chance: random.Random, today: date
) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "state": "active",
        "kind": "next-step",
        "status": "open",
        "what": chance.choice(STEPS),
        "channel": chance.choice(("phone", "email", "visit")),
        "due_on": today + timedelta(days=chance.randint(-10, 60)),
        "assignee_id": owner,
    }
