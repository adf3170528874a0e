"""Fields and conditions to try the language with."""

from datetime import date

from hypothesis import strategies as st

from crmlite.rules.conditions import ME, All, Any, FromToday, Not, Span, StartOf, Test
from crmlite.rules.conditions.dates import PERIODS, UNITS
from crmlite.rules.fields import Choice, Field

TIERS = tuple(
    Choice(key, {"en": en, "zh": zh})
    for key, en, zh in (
        ("strategic", "strategic", "战略"),
        ("core", "core", "核心"),
        ("normal", "normal", "普通"),
    )
)

FIELDS = (
    Field(name="name", label={"en": "Name", "zh": "名称"}),
    Field(name="remarks", label={"en": "Remarks", "zh": "备注"}, kind="longtext", sealed=True),
    Field(name="tier", label={"en": "Tier", "zh": "分级"}, kind="choice", choices=TIERS),
    Field(name="stage", label={"en": "Stage", "zh": "阶段"}, kind="choice", choices_from="stage"),
    Field(name="tags", label={"en": "Tags", "zh": "标签"}, kind="tags"),
    Field(name="owner", label={"en": "Owner", "zh": "负责人"}, kind="person"),
    Field(name="team", label={"en": "Team", "zh": "团队"}, kind="team"),
    Field(name="orders", label={"en": "Orders", "zh": "订单数"}, kind="integer"),
    Field(name="rate", label={"en": "Rate", "zh": "比率"}, kind="number"),
    Field(name="signed", label={"en": "Signed amount", "zh": "签约金额"}, kind="amount"),
    Field(name="founded_on", label={"en": "Founded", "zh": "成立日期"}, kind="date"),
    Field(name="last_contact", label={"en": "Last contact", "zh": "最近联系"}, kind="moment"),
    Field(name="dealer", label={"en": "Dealer", "zh": "经销商"}, kind="boolean"),
    Field(name="phone", label={"en": "Phone", "zh": "电话"}, kind="phone"),
)
CATALOGUE = {field.name: field for field in FIELDS}

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn")), min_size=1, max_size=60)
WORDS = TEXTS.filter(str.strip) | st.sampled_from(["a~b", "!", "a,b", "!~,", "-60d", "2024", "me"])
MOVING = st.builds(FromToday, st.integers(-200, 200), st.sampled_from(UNITS)) | st.builds(
    StartOf, st.sampled_from(PERIODS), st.integers(-20, 20)
)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31)) | MOVING
SPANS = st.builds(Span, st.sampled_from(PERIODS), st.integers(-20, 20))
VALUES = {
    "text": WORDS,
    "key": WORDS,
    "whole": st.integers(-(10**15), 10**15),
    "number": st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9),
    "day": DAYS,
    "moment": DAYS,
    "flag": st.booleans(),
    "id": st.integers(1, 2**63 - 1) | st.just(ME),
}


@st.composite
def good_tests(draw):
    """A test that can be asked of the catalogue."""
    field = draw(st.sampled_from(FIELDS))
    operator = draw(st.sampled_from(field.operators))
    values = VALUES[field.traits.values]
    if field.choices:
        values = st.sampled_from([choice.key for choice in field.choices])
    if operator == "during":
        values = SPANS
    if operator == "ends":
        values = st.from_regex(r"[0-9]{4}", fullmatch=True)
    match operator:
        case "empty" | "filled":
            return Test(field.name, operator)
        case "between":
            return Test(field.name, operator, (value := draw(values), value))
        case "is" | "is_not" | "has_any" | "has_all" | "has_none" if field.kind != "boolean":
            return Test(field.name, operator, tuple(draw(st.lists(values, min_size=1, max_size=4))))
    return Test(field.name, operator, (draw(values),))


def trees(leaves):
    """Conditions with groups in them, a few levels deep."""
    return st.recursive(
        leaves,
        lambda part: (
            st.lists(part, max_size=3).map(tuple).map(All)
            | st.lists(part, min_size=1, max_size=3).map(tuple).map(Any)
            | part.map(Not)
        ),
        max_leaves=8,
    )
