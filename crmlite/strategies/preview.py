"""What a strategy would bring, before it is saved: whom it takes and from which other, how many tasks a
week it makes for whom, and of some customers what comes next.

Counted of the book as it stands, in a few statements however many customers there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select

from crmlite.access import Reader, visible_to
from crmlite.access.readers import everything
from crmlite.calendars.queries import calendar_of
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import CUSTOMER, FACTS, asking, condition
from crmlite.extensions import database
from crmlite.rules.cadence import Due, a_week
from crmlite.rules.planning import upcoming
from crmlite.rules.strategies import Strategy as Declared
from crmlite.rules.strategies import Touch
from crmlite.strategies.executors import Executors
from crmlite.strategies.models import Followed, Strategy
from crmlite.strategies.planner.knowing import known
from crmlite.strategies.planner.serving import Sound, sound_strategies

FOLLOWED, STRATEGIES = Followed.__table__, Strategy.__table__
DRAFT = 0
"""Stands for a strategy that is not stored yet where its id would."""
SAMPLE = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A customer whom the strategy would serve, with what comes next; None where nothing is due yet.
    `came_from` is the id of the main strategy that it follows now."""

    customer: Mapping[str, Any]
    touch: Touch | None = None
    due: Due | None = None
    came_from: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a strategy would bring.

    meets      how many customers meet its conditions
    serves     how many of them it would serve
    joining    how many would come, by the id of the main strategy that they follow now (None: by none)
    leaving    how many would go, by the id of the one that they would follow then
    elsewhere  how many meet its conditions and follow another one that goes first, by its id
    loads      tasks a week by person by all strategies: as it is, and as it would be
    tasks      tasks a week by this one
    examples   some of those whom it would serve
    """

    meets: int = 0
    serves: int = 0
    joining: Mapping[int | None, int] = field(default_factory=dict)
    leaving: Mapping[int | None, int] = field(default_factory=dict)
    elsewhere: Mapping[int | None, int] = field(default_factory=dict)
    loads: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    tasks: float = 0.0
    examples: Sequence[Example] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """Customers who are alike: whose they are, which main strategy they follow now and would then,
    whether they meet the conditions."""

    owner_id: int | None
    dedicated_id: int | None
    now: int | None
    then: int | None
    meets: bool
    count: int


def preview_of(draft: Declared, strategy_id: int | None, *, reader: Reader, today: date) -> Preview:
    """What a strategy that can be followed would bring, whose id is `strategy_id`, None for a new one;
    `reader` sees the examples."""
    some = sound_strategies()
    mine = Sound(id=strategy_id or DRAFT, version_id=0, declared=draft)
    asked = _Asked(some, mine, today)
    groups = asked.groups()
    loads = _loads(some, mine, groups)
    return Preview(
        meets=_count(groups, lambda one: one.meets),
        serves=_count(groups, lambda one: one.then == mine.id),
        joining=_by(groups, lambda one: one.now, lambda one: one.then == mine.id != one.now),
        leaving=_by(groups, lambda one: one.then, lambda one: one.now == mine.id != one.then),
        elsewhere=_by(groups, lambda one: one.then, lambda one: one.meets and one.then != mine.id),
        loads=loads,
        examples=_examples(mine, asked, reader, today),
        tasks=_week(draft) * _count(groups, lambda one: one.then == mine.id),
    )


class _Asked:
    """The book, asked by which main strategy customers are served now and would be then."""

    def __init__(self, some: Sequence[Sound], mine: Sound, today: date) -> None:
        fields, ask = dict(whole_catalogue()), asking(everything(), today)

        def holds(one: Sound) -> ColumnElement[bool]:
            return func.coalesce(condition(one.declared.serves, fields, ask), false())

        on_top = mine.declared.on_top
        served = select(FOLLOWED.c.customer_id, FOLLOWED.c.strategy_id).join(
            STRATEGIES, STRATEGIES.c.id == FOLLOWED.c.strategy_id
        )
        is_asked = STRATEGIES.c.id == mine.id if on_top else STRATEGIES.c.on_top.is_(False)
        self._now = served.where(is_asked).subquery("now")
        main = [one for one in some if one.id != mine.id and not one.declared.on_top]
        ranked = [mine] if on_top else sorted([*main, mine], key=_rank)
        self.now = self._now.c.strategy_id
        self.meets = holds(mine)
        self.then: ColumnElement[Any] = case(*((holds(one), one.id) for one in ranked))
        self.mine = mine

    def rows(self, reader: Reader, *columns: ColumnElement[Any]) -> Select[Any]:
        """Those in a reader's sight whom the strategy takes, or serves now."""
        joined = CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id).outerjoin(
            self._now, self._now.c.customer_id == CUSTOMER.c.id
        )
        statement = select(*columns).select_from(joined)
        return visible_to(reader, statement).where(or_(self.meets, self.now == self.mine.id))

    def groups(self) -> list[_Group]:
        """Them, counted by what they have in common."""
        rows = self.rows(
            everything(),
            CUSTOMER.c.owner_id,
            CUSTOMER.c.dedicated_id,
            self.now.label("now_id"),
            self.then.label("then_id"),
            self.meets.label("meets"),
        ).subquery("touched")
        statement = select(*rows.c, func.count()).group_by(*rows.c)
        return [
            _Group(
                owner_id=row[0],
                dedicated_id=row[1],
                now=row[2],
                then=row[3],
                meets=bool(row[4]),
                count=row[5],
            )
            for row in database.session.execute(statement)
        ]

    def some(self, reader: Reader) -> Sequence[Mapping[str, Any]]:
        """A few of those whom it would serve, the newest first: the search ends when they are found."""
        names = ("id", "number", "name")
        columns = (*(CUSTOMER.c[name] for name in names), self.now.label("now_id"))
        served = self.rows(reader, *columns).where(self.then == self.mine.id)
        wanted = served.order_by(CUSTOMER.c.id.desc()).limit(SAMPLE)
        return database.session.execute(wanted).mappings().all()


def _rank(one: Sound) -> tuple[int, float]:
    """Which goes first; a new one comes behind those of its priority."""
    return (-one.declared.priority, one.id or float("inf"))


def _count(groups: Iterable[_Group], wanted: Callable[[_Group], bool]) -> int:
    return sum(one.count for one in groups if wanted(one))


def _by(
    groups: Iterable[_Group],
    key: Callable[[_Group], int | None],
    wanted: Callable[[_Group], bool],
) -> dict[int | None, int]:
    found: Counter[int | None] = Counter()
    for one in groups:
        if wanted(one):
            found[key(one)] += one.count
    return dict(found.most_common())


def _loads(
    some: Sequence[Sound], mine: Sound, groups: Iterable[_Group]
) -> dict[int, tuple[float, float]]:
    """Tasks a week by person: as it is, and as it would be."""
    whose, known_ = Executors(), {one.id: one.declared for one in some}
    before: Counter[int] = Counter()
    change: Counter[int] = Counter()

    def add(to: Counter[int], one: Declared | None, owner: Any, dedicated: Any, times: int) -> None:
        for touch in one.touches if one else ():
            person = whose.of(touch.executor, owner, dedicated)
            if person is not None:
                to[person] += times * a_week(touch.cadence)  # type: ignore[assignment]

    for owner, dedicated, strategy_id, count in _followers():
        add(before, known_.get(strategy_id), owner, dedicated, count)
    for one in groups:
        goes = known_.get(one.now) if one.now is not None else None
        comes = mine.declared if one.then == mine.id else None
        if comes is None and one.then is not None and one.now == mine.id:
            comes = known_.get(one.then)
        if comes is not None or one.now == mine.id:
            add(change, goes, one.owner_id, one.dedicated_id, -one.count)
            add(change, comes, one.owner_id, one.dedicated_id, one.count)
    people = sorted({*before, *change}, key=lambda id_: (-abs(change[id_]), -before[id_], id_))
    return {id_: (before[id_], max(0.0, before[id_] + change[id_])) for id_ in people}


def _followers() -> Sequence[Any]:
    """How many customers each strategy serves, by whose they are."""
    columns = (CUSTOMER.c.owner_id, CUSTOMER.c.dedicated_id, FOLLOWED.c.strategy_id)
    statement = (
        select(*columns, func.count())
        .select_from(FOLLOWED.join(CUSTOMER, CUSTOMER.c.id == FOLLOWED.c.customer_id))
        .group_by(*columns)
    )
    return database.session.execute(statement).all()


def _examples(mine: Sound, asked: _Asked, reader: Reader, today: date) -> list[Example]:
    rows = asked.some(reader)
    if not rows:
        return []
    works_on = calendar_of(None).works_on
    facts = {one.id: one.facts for one in known([mine], [row["id"] for row in rows], today)}
    found = []
    for row in rows:
        coming = upcoming(facts[row["id"]], today=today, works_on=works_on)
        touch, due = coming[0] if coming else (None, None)
        came_from = row["now_id"] if row["now_id"] != mine.id else None
        found.append(Example(customer=row, touch=touch, due=due, came_from=came_from))
    return sorted(found, key=lambda one: (one.due is None, one.due.on if one.due else today))


def _week(one: Declared) -> float:
    """How many tasks a week it makes for one customer."""
    return sum(a_week(touch.cadence) for touch in one.touches)
