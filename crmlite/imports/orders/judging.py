"""What becomes of rows with orders: new orders, changes of known ones, returns; or why they cannot be."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crmlite import settings
from crmlite.access import Reader
from crmlite.customers.words import money
from crmlite.fields import extra_kept, fields_of, guards_of
from crmlite.imports.drafting import Drafter
from crmlite.imports.judging import CREATE as AGAIN
from crmlite.imports.judging import HOLD, NEEDED, UPDATE
from crmlite.imports.models import FAILED, UPDATED
from crmlite.imports.orders import finding
from crmlite.imports.orders.comparing import draft_of, hindrance, matched
from crmlite.imports.orders.finding import Party, Ware
from crmlite.imports.orders.met import Memory
from crmlite.imports.orders.parties import Parties
from crmlite.imports.orders.plans import Back, Batch, Change, Group, Plan, Sold, Verdict
from crmlite.imports.orders.reading import OrderRow
from crmlite.imports.orders.targets import RECORD
from crmlite.imports.orders.wares import Wares
from crmlite.imports.reading import Doubt
from crmlite.rules.order_states import BOUGHT, Status
from crmlite.rules.pricing import Item, item_problem, order_problem, sums
from crmlite.rules.problems import Problem
from crmlite.rules.quantities import UNIT, Discount
from crmlite.sales.facts import discount_of
from crmlite.sales.sight import may
from crmlite.wording import N_, label

CREATE, REFUSE, WORDS = "create", "refuse", "words"
AS_IMPORTED, FURTHER_CHARGES = N_("As imported"), N_("Further charges")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MOST_LETTERS = 3  # before the number of an order that say that it is taken back
ORDER, RETURN, ALIKE = "order", "return", "alike"
Row = Mapping[str, Any]


@dataclass(kw_only=True)
class OrderJudge:
    """Judges the rows of one import. `reader` is who imports, `drafter` makes the customers that they
    add; `ours(order ids)` answers which orders this import wrote before, None where nothing is
    written; `people` are the ids of people by what they are called; `headings` what stands above the
    column of each target."""

    reader: Reader
    drafter: Drafter
    headings: Mapping[str, str]
    people: Mapping[str, int | None]
    today: date
    on_duplicate: str = HOLD
    customers: str = REFUSE
    products: str = CREATE
    ours: Callable[[Collection[int]], set[int]] | None = None
    earlier: Memory = field(default_factory=Memory)

    def judge(self, rows: Sequence[OrderRow]) -> list[Verdict]:
        """What is to become of these rows, in order; as the book stands now."""
        batch = self.plan(rows)
        for back in batch.backs:
            self._expect(back)
        return batch.verdicts

    def plan(self, rows: Sequence[OrderRow]) -> Batch:
        """The same with what is to be written; what came back is found once the orders are."""
        self.earlier.forget()
        verdicts = [Verdict(row) for row in rows]
        groups = grouped(verdicts)
        court = _Court(self, [row for row in rows if not row.failed])
        for group in groups:
            court.judge(group)
        return Batch(verdicts, court.parties_added, court.wares.added, court.plans,
                     court.changes, court.backs)  # fmt: skip

    @property
    def is_dry(self) -> bool:
        """Whether nothing is written."""
        return self.ours is None

    def reaches(self, owner_id: int | None) -> bool:
        """Whether who imports may change customers of this owner."""
        return all(self.reader.covers(right, owner_id) for right in NEEDED)

    def sold_before(self, back: Back) -> list[Row]:
        """What the book says was sold of what came back, and is still there (`left`), the latest
        first."""
        if back.ware is None and back.verdict.told.what.code:
            return []
        order_id = None
        if back.order_number:
            known = finding.orders_by_number([back.order_number]).get(back.order_number)
            if known is None:
                return []
            order_id = known["id"]
        ware = back.ware or Ware(name=back.name)
        rows = finding.sold_lines(int(back.party.id or 0), ware, back.day, order_id)
        left = ((row, row["left"] - self.earlier.came_back(row["id"])) for row in rows)
        return [{**row, "left": rest} for row, rest in left if rest > 0]

    def _expect(self, back: Back) -> None:
        """Where nothing is written: find what came back among what was sold before."""
        party, ware = int(back.party.id or 0), back.ware
        left = -back.verdict.told.quantity
        in_book = party > 0 and (ware is None or int(ware.id or 0) >= 0)
        for line in self.sold_before(back) if in_book else ():
            taken = min(left, line["left"])
            if taken:
                self.earlier.take_line(line["id"], taken)
                left, back.verdict.order_id = left - taken, line["order_id"]
        if left and ware is not None and ware.id is not None:
            for key, quantity in self.earlier.sold(
                party, ware.id, str(back.day), back.order_number
            ):
                taken = min(left, quantity)
                self.earlier.take(key, taken)
                left -= taken
                if not left:
                    break
        if left:
            back.verdict.fail("order_return_unmatched")
        elif back.verdict.order_id is not None:
            back.verdict.fate = UPDATED


def grouped(verdicts: Iterable[Verdict]) -> list[Group]:
    """Rows with one number are one order; those that name nothing of their own belong to the row above
    them."""
    found: dict[str, Group] = {}
    groups: list[Group] = []
    last: Group | None = None
    for verdict in verdicts:
        row = verdict.told
        names = row.number or row.whose.number or row.whose.name or row.day
        if last is None or names:
            group = found.get(row.number) if row.number else None
            if group is None:
                group = Group(row.number)
                groups.append(group)
                found[row.number] = group
            last = group
        last.verdicts.append(verdict)
    return groups


class _Court:
    """Judges the orders of one batch, with what the book has about them looked up at once."""

    def __init__(self, judge: OrderJudge, rows: Sequence[OrderRow]) -> None:
        self.on, self.memory, self.reader = judge, judge.earlier, judge.reader
        self.parties_added: list[Party] = []
        self.plans: list[Plan] = []
        self.changes: list[Change] = []
        self.backs: list[Back] = []
        self.placed: dict[str, Party] = {}  # whose the orders of this batch are, by number
        named = {row.whose for row in rows if row.whose.number or row.whose.name}
        dry = judge.is_dry
        self.parties = Parties(
            named,
            reader=self.reader,
            memory=self.memory,
            creates=judge.customers == CREATE,
            dry=dry,
        )
        self.wares = Wares(
            {row.what for row in rows if any(row.what)},
            memory=self.memory,
            creates=judge.products == CREATE and self.reader.may("products:edit"),
            dry=dry,
        )
        self.known = finding.orders_by_number({one for row in rows for one in possible(row.number)})
        self.returns = finding.returns_by_number(
            {row.return_number or row.number for row in rows if row.is_back}
        )
        days = {
            (party.id, row.day)
            for row in rows
            if not row.number and row.day and (party := self.parties.of(row.whose)) and party.id
        }
        self.same_days = finding.orders_on(days)
        orders = [*self.known.values(), *(one for some in self.same_days.values() for one in some)]
        ids = {order["id"] for order in orders}
        self.mine = judge.ours(ids) if judge.ours is not None else set()
        self.lines = finding.lines_of(ids)
        self.owners = finding.parties_of({order["customer_id"] for order in self.known.values()})

    def judge(self, group: Group) -> None:
        """What becomes of the rows of an order."""
        lost = next((one for one in group.verdicts if one.told.failed), None)
        if lost is not None:
            lost.fate = FAILED
            group.lose(lost)
            return
        party = self._whose(group)
        if party is None:
            return
        if party.problem:
            group.fail(party.problem, **dict(party.params or {}))
            return
        for verdict in group.verdicts:
            verdict.customer_id = party.id
        order = self.known.get(group.number)
        is_other = order is not None and order["customer_id"] != party.id
        if is_other and self.on.on_duplicate != AGAIN:
            group.fail("order_of_another", number=group.number)
            return
        sold = Group(group.number, [one for one in group.verdicts if not one.told.is_back])
        if sold.verdicts:
            self._judge_sold(sold, party, order)
        for verdict in group.verdicts:
            if verdict.told.is_back and verdict.fate != FAILED:
                self._judge_back(verdict, group, party, order)

    def _whose(self, group: Group) -> Party | None:
        """Whose order it is; None where that cannot be, and the rows say why."""
        named = [party for row in group.rows if (party := self.parties.of(row.whose)) is not None]
        if len({party.id or id(party) for party in named}) > 1:
            group.fail("order_two_customers")
            return None
        if named:
            return named[0]
        for number in possible(group.number):
            if number in self.placed:
                return self.placed[number]
            if number in self.known:
                return self._owner(self.known[number])
            if met := self.memory.find(ORDER, number):
                return Party(met.party)
        group.fail("order_customer_missing")
        return None

    def _owner(self, order: Row) -> Party:
        """Whose an order of the book is, for rows that name nobody."""
        found = self.owners.get(order["customer_id"]) or Party(problem="order_not_yours")
        if not may(self.reader, "orders:edit", found.owner_id):
            found.problem = "order_not_yours"
        return found

    def _is_ours(self, order: Row | None, number: str) -> bool:
        """Whether an order is one that rows above made."""
        if order is not None and order["id"] in self.mine:
            return True
        return bool(number) and self.memory.find(ORDER, number) is not None

    def _earlier(self, order: Row | None, number: str) -> int | None:
        """The order that rows above made of these."""
        met = self.memory.find(ORDER, number)
        if met is not None and met.id is not None:
            return met.id
        return int(order["id"]) if order is not None else None

    def _judge_sold(self, group: Group, party: Party, order: Row | None) -> None:
        ours = self._is_ours(order, group.number)
        adds_again = self.on.on_duplicate == AGAIN
        if order is not None and not ours and not adds_again:
            self._judge_known(group, order)
            return
        day, currency = group.said("day"), group.said("currency") or str(settings.get("currency"))
        if not group.number and not adds_again and self._is_there(group, party):
            group.hold_back("order_known")
            return
        if len({row.currency for row in group.rows if row.currency}) > 1:
            group.fail("order_two_currencies")
            return
        if day is None and not ours:
            group.fail("order_day_missing")
            return
        lines = self._lines_of(group, currency)
        if lines is None:
            return
        values = {"status": self._usual(day), **self._values(group, self._owner_of(party))}
        whole = (lines, group.said("discount") or Discount())
        if not ours:
            whole = self._totalled(group, lines, currency)
        if not self._adds_up(group, values["status"], *whole):
            return
        lines, off = whole
        values |= {"discount_rate": off.rate, "discount_amount": off.amount}
        values |= {"ordered_on": day, "currency": currency}
        self._add(group, party, lines, ours=ours)
        order_id = self._earlier(order, group.number) if ours else None
        self.plans.append(
            Plan(group.verdicts, party, group.number or None, values, lines, order_id)
        )

    def _usual(self, day: date | None) -> str:
        """Where an order stands of which the file does not say: what lies behind is done."""
        is_ahead = day is not None and day > self.on.today
        return (Status.CONFIRMED if is_ahead else Status.CLOSED).value

    def _values(
        self, group: Group, owner_id: int | None, *, is_known: bool = False
    ) -> dict[str, Any]:
        """The columns of the order that the rows say; `owner_id` is whose its customer is."""
        found: dict[str, Any] = {}
        for name in ("status", "expected_on", "remark"):
            if (value := group.said(name)) is not None:
                found[name] = value
        seller = group.said("seller")
        if seller is not None:
            person = self.on.people.get(seller.casefold())
            if person is not None:
                found["seller_id"] = person
            else:
                heading = self.on.headings.get("seller", "")
                group.verdicts[0].remark("order_seller_unknown", heading, seller, name=seller)
        if extra := self._further(group, owner_id, is_known=is_known):
            found["extra"] = extra
        return found

    def _owner_of(self, party: Party) -> int | None:
        """Whose a customer is, or will be: who adds one has it."""
        return party.owner_id if party.id is not None else self.on.reader.user_id

    def _further(self, group: Group, owner_id: int | None, *, is_known: bool) -> dict[str, Any]:
        """The further fields that the rows say, without those that who imports may not set: amounts of
        a customer of this owner, and of an order of the book what is masked for them."""
        found: dict[str, Any] = {}
        for verdict in group.verdicts:
            for name, value in verdict.told.extra.items():
                guard = guards_of(RECORD).get(name)
                asks = guard is not None and (is_known or not guard.sealed)
                if guard is None or not asks or self.on.reader.covers(guard.right, owner_id):
                    found.setdefault(name, value)
                    continue
                heading = self.on.headings.get(name, "")
                verdict.noted.append(Doubt(heading, Problem("import_not_allowed")))
        return extra_kept(found, fields_of(RECORD))

    def _lines_of(
        self, group: Group, currency: str, words: Collection[str] = ()
    ) -> list[Sold] | None:
        """The lines; None where one cannot be, and with it the order. `words` are of lines that are
        about no product."""
        found = []
        for verdict in group.verdicts:
            if not verdict.told.is_line:
                continue
            line = self._line(verdict, currency, words)
            if line is None:
                group.lose(verdict)
                return None
            found.append(line)
        return found

    def _line(self, verdict: Verdict, currency: str, words: Collection[str]) -> Sold | None:
        row = verdict.told
        is_words = not row.what.code and row.what.name in words
        ware = None if is_words else self.wares.sold(row.what)
        if ware is None and any(row.what) and not is_words and self.on.products == REFUSE:
            verdict.fail("order_product_unknown")
            return None
        listed = ware.price if ware is not None and ware.currency == currency else None
        item = row.item(listed)
        problem = item_problem(item) if item is not None else None
        if item is None or problem is not None:
            code, params = (
                (problem.code, problem.params) if problem else ("order_price_missing", {})
            )
            verdict.fail(code, **params)
            return None
        if row.price is not None and row.amount is not None and item.discount != row.off:
            verdict.remark("order_amounts_differ")
        unit = row.unit or (ware.unit if ware is not None else None)
        if ware is not None and ware.fresh is not None and ware.price is None:
            ware.price, ware.currency, ware.unit = item.price, currency, unit
        name = row.what.name or (ware.name if ware is not None else row.what.code)
        return Sold(row, ware, name or label(AS_IMPORTED), unit, item)

    def _totalled(
        self, group: Group, lines: list[Sold], currency: str
    ) -> tuple[list[Sold], Discount]:
        """The lines and what is taken off them, so that the order comes to what the file says it
        does."""
        off, total = group.said("discount") or Discount(), group.said("total")
        if total is None or total < 0:
            return lines, off
        if not lines:
            return [_charge(AS_IMPORTED, total)] if total else [], Discount()
        come_to = sums([line.item for line in lines], off)
        if come_to.total == total:
            return lines, off
        told = {"lines": money(come_to.total, currency), "total": money(total, currency)}
        group.verdicts[0].remark("order_total_counts", **told)
        if total <= come_to.subtotal:
            return lines, Discount(amount=come_to.subtotal - total)
        return [*lines, _charge(FURTHER_CHARGES, total - come_to.subtotal)], Discount()

    def _adds_up(self, group: Group, status: str, lines: Sequence[Sold], off: Discount) -> bool:
        problem = order_problem([line.item for line in lines], off)
        if problem is not None:
            group.fail(problem.code, **problem.params)
        elif (group.said("total") or 0) < 0:
            group.fail("order_total_negative")
        elif not lines and status in BOUGHT:
            group.fail("order_price_missing")
        else:
            return True
        return False

    def _add(self, group: Group, party: Party, lines: Sequence[Sold], *, ours: bool) -> None:
        """Have a customer added who is not in the book, and remember the order for the rows to come;
        where nothing is written, also whom and what it made new, and what can come back of it."""
        first = group.verdicts[0]
        if party.fresh is not None and party.id is None and party not in self.parties_added:
            self.parties_added.append(party)
            if not party.fresh.name:
                first.remark("order_customer_named")
        if self.on.is_dry:
            self.parties.pretend(party, first.told.row)
        if group.number:
            self.placed[group.number] = party
        if group.number and not ours:
            self.memory.add(ORDER, group.number, first.told.row, None, party.id)
        if self.on.is_dry:
            self._pretend(group, party, lines)

    def _pretend(self, group: Group, party: Party, lines: Sequence[Sold]) -> None:
        for line in lines:
            if line.ware is not None and line.told is not None:
                self.wares.pretend(line.ware, line.told.row)
                self.memory.sell(
                    int(party.id or 0),
                    int(line.ware.id or 0),
                    str(group.said("day") or self.on.today),
                    group.number,
                    line.item.quantity,
                )

    def _is_there(self, group: Group, party: Party) -> bool:
        """Whether the book has an order like one without a number: of the same customer and day, with
        the same lines. Each is met once."""
        for order in self.same_days.get((party.id, group.said("day")), ()) if party.id else ():
            mark = str(order["id"])
            if order["id"] in self.mine or self.memory.find(ALIKE, mark):
                continue
            if self._is_alike(group, self.lines.get(order["id"], ())):
                self.memory.add(ALIKE, mark, group.verdicts[0].told.row)
                return True
        return False

    def _is_alike(self, group: Group, lines: Sequence[Row]) -> bool:
        rows = [row for row in group.rows if row.is_line]
        if not rows:
            return [line["amount"] for line in lines] == [group.said("total")]
        pairs = zip(rows, lines, strict=False)
        return len(rows) <= len(lines) and all(
            self._is_line(row, line) and row.quantity == line["quantity"] for row, line in pairs
        )

    def _is_line(self, row: OrderRow, line: Row) -> bool:
        """Whether a row is about a line: of the same product, or with the same words."""
        ware = self.wares.known(row.what) if any(row.what) else None
        if ware is not None and ware.id is not None:
            return bool(line["product_id"] == ware.id)
        return bool(line["name"] == (row.what.name or row.what.code or label(AS_IMPORTED)))

    def _judge_known(self, group: Group, order: Row) -> None:
        """Rows about an order of the book."""
        for verdict in group.verdicts:
            verdict.order_id = order["id"]
        owner = self._owner(order)
        currency = group.said("currency") or str(settings.get("currency"))
        if self.on.on_duplicate != UPDATE:
            group.hold_back("order_known")
        elif owner.problem:
            group.hold_back(owner.problem)
        elif currency != order["currency"]:
            group.hold_back("order_other_currency", currency=order["currency"])
        else:
            self._judge_change(group, order, currency)

    def _judge_change(self, group: Group, order: Row, currency: str) -> None:
        known = self.lines.get(order["id"], [])
        words = {line["name"] for line in known if line["product_id"] is None}
        sold = self._lines_of(group, currency, words)
        if sold is None:
            return
        drafts = matched(known, sold, self._is_line)
        owner = self.owners.get(order["customer_id"])
        values = self._values(group, owner.owner_id if owner else None, is_known=True)
        if (day := group.said("day")) is not None:
            values["ordered_on"] = day
        total, given = group.said("total"), group.said("discount")
        come_to = sums([line.item for line in drafts], given or discount_of(order))
        if total is not None and total != come_to.total and 0 <= total <= come_to.subtotal:
            given = Discount(amount=come_to.subtotal - total)
        if given is not None:
            values |= {"discount_rate": given.rate, "discount_amount": given.amount}
        are_changed = drafts != [draft_of(line) for line in known]
        if problem := hindrance(order, values, lines=len(drafts), are_changed=are_changed):
            group.hold_back(problem)
            return
        for verdict in group.verdicts:
            verdict.fate = UPDATED
        lines = drafts if are_changed else None
        self.changes.append(Change(group.verdicts, order, values, lines))

    def _judge_back(self, verdict: Verdict, group: Group, party: Party, order: Row | None) -> None:
        """A row about what came back: under its own number, that of the order, or one that says that
        the order is taken back."""
        row = verdict.told
        day = row.day or group.said("day")
        sold_as = next((one for one in possible(row.number) if self._is_order(one)), "")
        number = row.return_number or (row.number if row.number != sold_as else "")
        is_met = bool(number) and self.memory.find(RETURN, number) is not None
        if number in self.returns and not is_met:
            verdict.hold_back("order_return_known")
        elif (
            order is not None
            and not number
            and not self._is_ours(order, row.number)
            and self.on.on_duplicate != AGAIN
        ):
            verdict.hold_back("order_known")
        elif day is None:
            verdict.fail("order_day_missing")
        elif party.id is None and party not in self.parties_added:
            verdict.fail("order_return_unmatched")
        else:
            if number:
                self.memory.add(RETURN, number, row.row)
            ware = self.wares.known(row.what) if any(row.what) else None
            name = row.what.name or row.what.code
            self.backs.append(Back(verdict, party, ware, name, day, sold_as, number or None))

    def _is_order(self, number: str) -> bool:
        return number in self.known or self.memory.find(ORDER, number) is not None


def _charge(words: str, amount: int) -> Sold:
    """A line that no row has."""
    return Sold(None, None, label(words), None, Item(quantity=UNIT, price=amount))


def possible(number: str) -> Sequence[str]:
    """The numbers of orders that a number may mean: its own, and that without letters before it, by
    which an invoice is taken back (`C536379`)."""
    bare = number.lstrip(LETTERS).lstrip("-_.")
    has_letters = 0 < len(number) - len(bare) <= MOST_LETTERS
    return (number, bare) if bare and has_letters else (number,) if number else ()
