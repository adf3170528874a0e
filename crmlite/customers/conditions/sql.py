"""Conditions as SQL: which customers, asked of the whole book at once.

Statements made here run over `customer` joined with `customer_facts`; one customer is asked with
`AND id = ?`. Only of what is not stored yet are conditions asked in Python, which answers the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    case,
    exists,
    extract,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from crmlite import settings
from crmlite.access import Reader
from crmlite.access.scope import owned_by
from crmlite.accounts.models import User
from crmlite.accounts.roster import roster
from crmlite.customers.choices import choices
from crmlite.customers.conditions.asked_fields import asked
from crmlite.customers.conditions.figures import figures
from crmlite.customers.fields import column_of
from crmlite.customers.models import (
    Contact,
    ContactKey,
    Customer,
    CustomerTag,
    Dimension,
    Facts,
    Need,
    Tag,
)
from crmlite.db.columns import UTCDateTime
from crmlite.db.days import DaysBetween
from crmlite.db.keys import ring
from crmlite.db.sealing import keyed_hash
from crmlite.fields import extra_column, known_fields
from crmlite.fields.values import MomentText, Value, is_one_of, moment_text, sort_expression
from crmlite.rules.conditions import All, Any, Figures, Me, Node, Not, Test, day_range
from crmlite.rules.conditions.settling import settled_test
from crmlite.rules.contact_details import email_forms, im_form, phone_forms
from crmlite.rules.fields import Field
from crmlite.rules.lifecycle import DORMANT
from crmlite.settings.places import calling_code

CUSTOMER = Customer.__table__
FACTS = Facts.__table__
USER = User.__table__
NEGATIVE = {"is_not": "is", "lacks": "contains", "has_none": "has_any"}
FACT_COLUMNS = {
    "last_contact": FACTS.c.last_contact_at,
    "next_step": FACTS.c.next_step_on,
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and on which day: what "me" and "60 days ago" depend on; and what settings say."""

    reader: Reader
    today: date
    zone: ZoneInfo
    figures: Figures = field(default_factory=Figures)


def asking(reader: Reader, today: date) -> Asking:
    """The question of a reader on a day of the firm's."""
    return Asking(reader, today, ZoneInfo(settings.get("timezone")), figures())


def column(name: str) -> ColumnElement[object]:
    """The column in which a field's value is."""
    if name in FACT_COLUMNS:
        return FACT_COLUMNS[name]
    if column_of(name) in CUSTOMER.c:
        return CUSTOMER.c[column_of(name)]
    if name in FACTS.c:
        return FACTS.c[name]
    if name in asked():
        return asked()[name].value
    return extra_column(known_fields("customer")[name], CUSTOMER)


def order_gap(today: date) -> ColumnElement[int]:
    """How long ago the last order was, in hundredths of the usual interval, as `rules.purchases`
    reckons it; NULL where there is no such interval."""
    days = DaysBetween(FACTS.c.last_order_on, literal(today, Date))
    return days * 100 // func.nullif(FACTS.c.order_interval, 0, type_=Integer)


def sort_column(name: str, places: Sequence[str], today: date) -> ColumnElement[object]:
    """What a list is ordered by: names as people sort them, keys of choices as `places` has them."""
    if name == "order_gap":
        return order_gap(today)
    found = column(name)
    if name == "tier" and DORMANT in places:
        found = case((CUSTOMER.c.lifecycle == DORMANT, DORMANT), else_=found)
    if places:
        return case({key: place for place, key in enumerate(places)}, value=found)
    if name == "name":
        return CUSTOMER.c.name_sort
    further = known_fields("customer").get(name)
    if name in ("owner", "dedicated") or (further and further.kind == "person"):
        return select(USER.c.name_sort).where(USER.c.id == found).scalar_subquery()
    return sort_expression(further, CUSTOMER) if further else found


def condition(tree: Node, fields: dict[str, Field], ask: Asking) -> ColumnElement[bool]:
    """A validated condition as SQL over customer and customer_facts.

    A test of a value that is missing does not hold, and so its negation does.
    """
    match tree:
        case All(parts):
            return and_(true(), *(condition(part, fields, ask) for part in parts))
        case Any(parts):
            return or_(false(), *(condition(part, fields, ask) for part in parts))
        case Not(part):
            return not_(func.coalesce(condition(part, fields, ask), false()))
        case Test():
            field = fields[tree.field]
            return _test(field, settled_test(tree, field, ask.figures), ask)
    raise TypeError(f"no condition: {tree!r}")


def _test(field: Field, test: Test, ask: Asking) -> ColumnElement[bool]:
    if test.operator in NEGATIVE:
        twin = Test(test.field, NEGATIVE[test.operator], test.values)
        return not_(func.coalesce(_asked(field, twin, ask), false()))
    return _asked(field, test, ask)


def _asked(field: Field, test: Test, ask: Asking) -> ColumnElement[bool]:
    if field.name in SPECIAL:
        return SPECIAL[field.name](test, ask)
    if field.name in asked():
        return _by_others(field, test, ask)
    if field.name == "tier" and field.choice(DORMANT):
        return _tier(field, test)
    return _compared(column(field.name), field, test, ask)


def _by_others(field: Field, test: Test, ask: Asking) -> ColumnElement[bool]:
    """Asks what another slice answers."""
    other = asked()[field.name]
    if other.holds is None:
        return _compared(other.value, field, test, ask)
    return other.holds(test, lambda found: _compared(found, field, test, ask))


def _compared(
    found: ColumnElement[object], field: Field, test: Test, ask: Asking
) -> ColumnElement[bool]:
    if test.operator in ("empty", "filled"):
        return _presence(found, test.operator, field)
    if field.multiple:
        return _several(found, test)
    if field.kind == "team":
        return found.in_([_wide(value) for value in _teams_meant(test, ask)])
    if field.kind == "industry":
        return _industry(found, test)
    holds = BY_VALUES[field.traits.values](found, test, ask)
    if field.kind == "amount":  # an amount that may not be seen must not be found either
        return and_(owned_by(ask.reader, CUSTOMER, "customers:amounts"), holds)
    return holds


def _presence(found: ColumnElement[object], operator: str, field: Field) -> ColumnElement[bool]:
    texts = field.traits.values in ("text", "key") and not isinstance(
        found.type, (Date, UTCDateTime)
    )
    nothing = or_(found.is_(None), found == "") if texts else found.is_(None)
    return nothing if operator == "empty" else not_(nothing)


def _text(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    folded = func.lower(found)
    wanted = [str(value).lower() for value in test.values]
    match test.operator:
        case "is":
            return is_one_of(found, wanted) if isinstance(found, Value) else folded.in_(wanted)
        case "contains":
            return folded.contains(wanted[0], autoescape=True)
        case "starts":
            return folded.startswith(wanted[0], autoescape=True)
    raise ValueError(test.operator)


def _tier(field: Field, test: Test) -> ColumnElement[bool]:
    """Asks for the tier that is shown, as `choices.tier_shown` says. Not by one expression of both
    columns, so that the index of either serves."""
    rests = CUSTOMER.c.lifecycle == DORMANT
    if test.operator in ("empty", "filled"):
        set_by_hand = _presence(CUSTOMER.c.tier, test.operator, field)
        return or_(rests, set_by_hand) if test.operator == "filled" else and_(~rests, set_by_hand)
    other = CUSTOMER.c.tier.in_([str(value) for value in test.values])
    return or_(rests, other) if DORMANT in test.values else and_(~rests, other)


def _key(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    return found.in_([str(value) for value in test.values])


def _several(found: ColumnElement[object], test: Test) -> ColumnElement[bool]:
    """Asks a list of choices, which is text such as `["gold", "first_visit"]`."""
    has = [found.contains(f'"{key}"', autoescape=True) for key in test.values]
    return and_(true(), *has) if test.operator == "has_all" else or_(false(), *has)


def _number(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    numbers = [_wide(value) for value in test.values]
    first, last = numbers[0], numbers[-1]
    match test.operator:
        case "is":
            return found.in_(numbers)
        case "at_least":
            return found >= first
        case "at_most":
            return found <= first
        case "above":
            return found > first
        case "below":
            return found < first
        case "between":
            return found.between(first, last)
    raise ValueError(test.operator)


def _wide(value: object) -> ColumnElement[object]:
    """A value to compare with: PostgreSQL would refuse a number that is longer than its column."""
    return literal(value, BigInteger) if isinstance(value, int) else literal(value)


def _day(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    start, end = day_range(test.operator, test.values, ask.today)
    parts = []
    if start is not None:
        parts.append(found >= _edge(found, start, ask))
    if end is not None:
        parts.append(found < _edge(found, end, ask))
    return and_(*parts)


def _edge(found: ColumnElement[object], day: date, ask: Asking) -> date | datetime | str:
    """A day as its column compares: itself, or the moment at which it begins at the firm."""
    if isinstance(found.type, MomentText):
        return moment_text(datetime.combine(day, time.min, ask.zone))
    if isinstance(found.type, String):
        return day.isoformat()
    if isinstance(found.type, UTCDateTime):
        return datetime.combine(day, time.min, ask.zone)
    return day


def _flag(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    return found.is_(bool(test.values[0]))


def _person(found: ColumnElement[object], test: Test, ask: Asking) -> ColumnElement[bool]:
    return found.in_(
        [_wide(ask.reader.user_id if isinstance(value, Me) else value) for value in test.values]
    )


def _team(test: Test, ask: Asking) -> ColumnElement[bool]:
    teams = roster().teams  # who leads a team belongs to it
    if test.operator in ("empty", "filled"):
        some = CUSTOMER.c.owner_id.in_({one for team in teams.values() for one in team.member_ids})
        return some if test.operator == "filled" else not_(func.coalesce(some, false()))
    wanted = _teams_meant(test, ask)
    members = {one for team in teams.values() if team.id in wanted for one in team.member_ids}
    return CUSTOMER.c.owner_id.in_(members)


def _teams_meant(test: Test, ask: Asking) -> set[object]:
    wanted: set[object] = set()
    for value in test.values:
        wanted |= ask.reader.team_ids if isinstance(value, Me) else {value}
    return wanted


def _tags(test: Test, ask: Asking) -> ColumnElement[bool]:
    links, tags, dimensions = CustomerTag.__table__, Tag.__table__, Dimension.__table__
    if test.operator in ("empty", "filled"):  # of tags that say something
        loud = select(tags.c.id).where(tags.c.quiet.is_(False))
        some = exists(
            select(links.c.tag_id).where(
                links.c.customer_id == CUSTOMER.c.id, links.c.tag_id.in_(loud)
            )
        )
        return some if test.operator == "filled" else not_(some)

    def has(keys: Sequence[object]) -> ColumnElement[bool]:
        pairs = [str(key).partition("/") for key in keys]
        named = select(tags.c.id).join(dimensions, dimensions.c.id == tags.c.dimension_id)
        named = named.where(
            or_(
                false(),
                *(and_(dimensions.c.key == pair[0], tags.c.key == pair[2]) for pair in pairs),
            )
        )
        return exists(
            select(links.c.tag_id).where(
                links.c.customer_id == CUSTOMER.c.id, links.c.tag_id.in_(named)
            )
        )

    if test.operator == "has_all":
        return and_(true(), *(has([key]) for key in test.values))
    return has(test.values)


def _order_gap(test: Test, ask: Asking) -> ColumnElement[bool]:
    found = order_gap(ask.today)
    if test.operator in ("empty", "filled"):
        return found.is_(None) if test.operator == "empty" else found.is_not(None)
    return _number(found, test, ask)


def _industry(found: ColumnElement[object], test: Test) -> ColumnElement[bool]:
    """A section takes its divisions, a division the deeper codes below it."""
    below = [found.startswith(str(code), autoescape=True) for code in test.values]
    return or_(false(), *below)


def _presence_of(found: ColumnElement[object], operator: str) -> ColumnElement[bool]:
    nothing = or_(found.is_(None), found == "")
    return nothing if operator == "empty" else not_(nothing)


def _of_part(model: type, name: str, *, month: bool = False) -> Callable[..., ColumnElement[bool]]:
    """A field of what hangs on a customer: whether one of them has the value."""
    table = model.__table__  # type: ignore[attr-defined]
    found = extract("month", table.c[name]) if month else table.c[name]
    one = select(table.c.id).where(table.c.customer_id == CUSTOMER.c.id, table.c.state == "active")

    def asked(test: Test, ask: Asking) -> ColumnElement[bool]:
        if test.operator in ("empty", "filled"):
            some = exists(one.where(table.c[name].is_not(None)))
            return some if test.operator == "filled" else not_(some)
        if isinstance(test.values[0], bool):
            some = exists(one.where(found.is_(True)))
            return some if test.values[0] else not_(some)
        values = [int(str(v)) if month else str(v) for v in test.values]
        return exists(one.where(found.in_(values)))

    return asked


def _birthday_month(test: Test, ask: Asking) -> ColumnElement[bool]:
    """Who is a person is their own contact, and their birthday is the customer's."""
    of_contacts, own = BIRTHDAYS(test, ask), CUSTOMER.c.birthday
    match test.operator:
        case "empty":
            return and_(of_contacts, own.is_(None))
        case "filled":
            return or_(of_contacts, own.is_not(None))
    months = [int(str(value)) for value in test.values]
    return or_(of_contacts, extract("month", own).in_(months))


BIRTHDAYS = _of_part(Contact, "birthday", month=True)


def _status(test: Test, ask: Asking) -> ColumnElement[bool]:
    """One of the list is kept as its key and found by what it is called in any language; people's
    own words are found as they are."""
    found = CUSTOMER.c.status
    if test.operator in ("empty", "filled"):
        return _presence_of(found, test.operator)
    known = choices("status", retired=True)
    keys = [one.key for one in known]
    wanted = [str(value).lower() for value in test.values]
    fits = [
        one.key
        for one in known
        for text in one.label.values()
        if any(FITS[test.operator](text.lower(), word) for word in wanted)
    ]
    if test.operator == "is":  # an address may hold the key itself
        fits += [key for key in keys if key in wanted]
    return or_(found.in_(fits), and_(found.not_in(keys), _text(found, test, ask)))


FITS: dict[str, Callable[[str, str], bool]] = {
    "is": str.__eq__,
    "contains": str.__contains__,
    "starts": str.startswith,
}


def _reach(*purposes: str) -> Callable[[Test, Asking], ColumnElement[bool]]:
    """A way to reach people: asked by its keyed hash, since the text is sealed."""

    def asked(test: Test, ask: Asking) -> ColumnElement[bool]:
        keys = ContactKey.__table__
        of_customer = select(keys.c.id).where(keys.c.customer_id == CUSTOMER.c.id)
        if test.operator in ("empty", "filled"):
            some = exists(of_customer.where(keys.c.purpose == purposes[0]))
            return some if test.operator == "filled" else not_(some)
        purpose = purposes[1] if test.operator == "ends" else purposes[0]
        hashes = [keyed_hash(ring(), purpose, _form(purpose, str(v))) for v in test.values]
        found = select(keys.c.customer_id).where(keys.c.purpose == purpose, keys.c.hash.in_(hashes))
        return CUSTOMER.c.id.in_(found)

    return asked


def _form(purpose: str, text: str) -> str:
    match purpose:
        case "phone":
            return phone_forms(text, home=calling_code()).whole
        case "email":
            return email_forms(text).address
        case "im":
            return im_form(text)
    return text


BY_VALUES = {
    "text": _text,
    "key": _key,
    "whole": _number,
    "number": _number,
    "day": _day,
    "moment": _day,
    "flag": _flag,
    "id": _person,
}
SPECIAL: dict[str, Callable[[Test, Asking], ColumnElement[bool]]] = {
    "team": _team,
    "tags": _tags,
    "status": _status,
    "order_gap": _order_gap,
    "contact_role": _of_part(Contact, "role"),
    "contact_channel": _of_part(Contact, "channel"),
    "contact_no_marketing": _of_part(Contact, "no_marketing"),
    "contact_birthday_month": _birthday_month,
    "need_status": _of_part(Need, "status"),
    "phone": _reach("phone", "phone-tail"),
    "email": _reach("email"),
    "im": _reach("im"),
}
