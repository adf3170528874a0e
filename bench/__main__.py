"""Measures crmlite and prints each figure beside its target; 1 when one is missed.

python -m bench                    everything, with books of 1,000 and 100,000 customers
python -m bench search             one part, of those in PARTS below
python -m bench --large 10000      a smaller large book
python -m bench beside search --huge    imports 1,000,000 rows and searches among them, too: an hour
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.books import (
    LOGIN,
    NEWCOMER,
    PASSWORD,
    SELLER,
    at_rest,
    book_of,
    copied,
    employed,
    with_orders,
)
from bench.casework import JOURNEYS as CASE_JOURNEYS
from bench.casework import asked, swept, visits, with_cases
from bench.further import JOURNEYS as FIELD_JOURNEYS
from bench.further import asked as fields_asked
from bench.further import visits as field_visits
from bench.further import with_fields
from bench.importing import beside, rates
from bench.plans import asked as planned
from bench.plans import pages_meanwhile
from bench.processes import Server, free_port, program, running
from bench.searching import beside_list
from bench.sheets import made
from bench.tiers import asked as asked_tiers
from bench.trades import ASKING, PAGES, noticed, with_packs
from bench.trades import visits as trade_visits
from bench.visits import Cost, Visitor, added, opened

REQUESTS = 500
ROUNDS = 4
HUGE = 1_000_000
PARTS = (
    *("growth", "floor", "search", "import", "beside", "cases", "fields", "orders", "packs"),
    *("plans", "tiers"),
)
ORDERS = 10  # for each customer, on average
MISSED: list[str] = []


def main() -> int:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--huge", action="store_true", help="import 1,000,000 rows and search among them, too"
    )
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder that keeps the books for another run")
    given = parser.parse_args()
    parts = given.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch, "made")
        if "orders" in parts:
            few, many = (
                with_orders(book_of(folder, size), Path(scratch, "sales"), size * ORDERS)
                for size in (given.small, given.large)
            )
            orders(few, many, given.small, given.large)
        if "packs" in parts:
            book = book_of(folder, given.small)
            packs(copied(book, Path(scratch, "bare")), with_packs(book, Path(scratch, "packs")))
        if not set(parts) - {"orders", "packs"}:
            return 1 if MISSED else 0
        large = copied(book_of(folder, given.large), Path(scratch))
        if "growth" in parts:
            small = copied(book_of(folder, given.small), Path(scratch))
            growth(small, large, given.small, given.large)
        if "floor" in parts:
            against_floor(large, Path(scratch))
        if "search" in parts:
            search(large, given.large, 2.0)
        if "import" in parts:
            imports(large, given.large, Path(scratch))
        if "beside" in parts:
            import_beside(copied(large, Path(scratch, "open")), Path(scratch), 20_000)
        if "cases" in parts:
            cases(book_of(folder, given.small), Path(scratch))
        if "fields" in parts:
            few, many = (book_of(folder, size) for size in (given.small, given.large))
            fields(few, many, (given.small, given.large), Path(scratch))
        planning(parts, folder, Path(scratch), (given.small, given.large))
        if given.huge:
            book = copied(book_of(folder, given.large), Path(scratch, "huge"))
            import_beside(book, Path(scratch), HUGE)
            search(at_rest(book, HUGE), HUGE + given.large, 3.0)
    return 1 if MISSED else 0


def served(book: Path) -> tuple[list[str], int, dict[str, str]]:
    """How to serve a book."""
    port = free_port()
    return (
        [program("crmlite"), "serve", "--port", str(port)],
        port,
        {"CRMLITE_INSTANCE": str(book)},
    )


@contextmanager
def side_by_side(small: Path, large: Path) -> Iterator[tuple[Server, Server]]:
    """Two books served, and nothing left to be done in the background of either."""
    command, port, env = served(small)
    with running(command, port, "/sign-in", env) as first:
        command, port, env = served(large)
        with running(command, port, "/sign-in", env) as second:
            first.settle()
            second.settle()
            yield first, second


def growth(small: Path, large: Path, few: int, many: int) -> None:
    """What a hundred times as many customers cost, sizes alternating."""
    for book in (small, large):
        employed(book, NEWCOMER, "sales")
    with side_by_side(small, large) as (first, second):
        told("first answered page after start", first.first_answer, "s", 5.0)
        for name, (login, take) in JOURNEYS.items():
            visitors = [signed_in(first, login), signed_in(second, login)]
            a, b = paired(
                lambda n, take=take, to=visitors[0]: take(first, to, n),
                lambda n, take=take, to=visitors[1]: take(second, to, n),
            )
            print(f"{name}: {few:,} {shown(a)}; {many:,} {shown(b)}")
            told(f"{name}, growth in CPU", b.cpu_ms / a.cpu_ms, "×", 1.3)
        told("memory of the whole tree after the run", second.memory_mb(), "MB", 150)


def planning(parts: Sequence[str], folder: Path, scratch: Path, sizes: tuple[int, int]) -> None:
    """Plans and tiers, as far as they are asked for."""
    if not {"plans", "tiers"} & set(parts):
        return
    small, large = (
        copied(book_of(folder, size), Path(scratch, f"planned-{size}")) for size in sizes
    )
    if "plans" in parts:
        plans(large, sizes[1], small, sizes[0])
    if "tiers" in parts:
        tiers(large, sizes[1])


def plans(book: Path, customers: int, small: Path, few: int) -> None:
    """Everybody's plan from nothing and once more, levelled each time, one customer's, a preview; the
    pages meanwhile, and Today against that of a small book."""
    planned(book, "nothing")
    for how in ("first", "again"):
        made, megabytes, steps = planned(book, "everybody")
        levelled, memory, moved = planned(book, "levelled")
        print(
            f"plans of {customers:,}, {how}: {made:.1f} s, {megabytes:.0f} MB, {steps:.0f} steps; "
            f"levelled in {levelled:.1f} s, {memory:.0f} MB, {moved:.0f} put off"
        )
        told(f"plans of {customers:,}, {how}", made + levelled, "s", 60)
        told(f"memory for the plans, {how}", max(megabytes, memory), "MB", 300)
    told("what planning again changes", steps + moved, "steps", 0)
    told("plan of one customer", planned(book, "one")[0], "ms", 15)
    told("preview of a changed strategy", planned(book, "preview")[0], "s", 2)
    planned(small, "everybody")
    a, b = _todays(small, book)
    print(
        f"Today of one person with all {customers:,} customers: {shown(b)}; with {few:,} {shown(a)}"
    )
    _growth_of_today(small, book, few, customers)
    command, port, env = served(book)
    with running(command, port, "/sign-in", env) as server:
        server.settle()
        before, during = pages_meanwhile(signed_in(server), book)
    for page, slow in before.items():
        told(f"p95 of {page} while everybody is planned", during[page] / slow, "×", 2.0)


def _growth_of_today(small: Path, book: Path, few: int, customers: int) -> None:
    """What Today costs somebody with as many customers as before, in a firm a hundred times as large."""
    with tempfile.TemporaryDirectory() as scratch:
        large = copied(book, Path(scratch))
        people = planned(large, "dealt")[0]
        a, b = _todays(small, large)
    print(f"Today: {few:,} {shown(a)}; {customers:,} of {people:.0f} people {shown(b)}")
    told("Today, growth in CPU", b.cpu_ms / a.cpu_ms, "×", 1.3)


def _todays(small: Path, large: Path) -> tuple[Cost, Cost]:
    with side_by_side(small, large) as (first, second):
        one, other = signed_in(first), signed_in(second)
        return paired(
            lambda n: opened(first, one, ["/today"] * n),
            lambda n: opened(second, other, ["/today"] * n),
        )


def tiers(book: Path, customers: int) -> None:
    """A list of proposals for everybody."""
    seconds, megabytes, number = asked_tiers(book)
    print(f"tiers of {customers:,}: {seconds:.1f} s, {megabytes:.0f} MB, {number:.0f} proposed")
    told(f"tiers of {customers:,}", seconds, "s", 60)
    told("memory for the tiers", megabytes, "MB", 300)


def signed_in(server: Server, login: str = LOGIN) -> Visitor:
    """Somebody at this server."""
    visitor = Visitor(server.port)
    visitor.sign_in(login, PASSWORD)
    return visitor


def see_list(server: Server, visitor: Visitor, count: int) -> Cost:
    """The first page of the list."""
    return opened(server, visitor, ["/customers"] * count)


def see_customers(server: Server, visitor: Visitor, count: int) -> Cost:
    """Pages of customers, one after the other."""
    visitor.reconnect()
    page = visitor.get("/customers?sort=-last_contact")
    numbers = re.findall(r'class="name" href="/customers/(\w*\d\w*)"', page)
    return opened(
        server, visitor, [f"/customers/{numbers[n % len(numbers)]}" for n in range(count)]
    )


# A newcomer adds: whoever has all 100,000, as nobody does, has the worker level all their days each time.
JOURNEYS = {
    "list": (LOGIN, see_list),
    "customer page": (LOGIN, see_customers),
    "create": (NEWCOMER, added),
}


def against_floor(book: Path, scratch: Path) -> None:
    """The list against raw sqlite3 and Jinja rendering the same page, alternating."""
    command, port, env = served(book)
    with running(command, port, "/sign-in", env) as ours:
        ours.settle()
        visitor = signed_in(ours)
        page = visitor.get("/customers")
        frame = scratch / "frame.html"
        frame.write_text(framed(page), "utf-8")
        port = free_port()
        command = [program("gunicorn"), "--workers", "2", "--threads", "4", "--preload",
                   "--bind", f"127.0.0.1:{port}", "bench.floor:app"]  # fmt: skip
        env = {"BENCH_BOOK": str(book / "crmlite.db"), "BENCH_FRAME": str(frame)}
        with running(command, port, "/customers", env) as floor:
            other = Visitor(port)
            if (a := bare(page)) != (b := bare(other.get("/customers"))):
                place = next(
                    (n for n, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), 0
                )
                raise RuntimeError(
                    f"the floor differs: {a[place - 40 : place + 80]!r} {b[place - 40 : place + 80]!r}"
                )
            one, two = paired(
                lambda n: opened(ours, visitor, ["/customers"] * n),
                lambda n: opened(floor, other, ["/customers"] * n),
            )
            print(f"list: crmlite {shown(one)}; floor {shown(two)}")
            told("list against the floor, CPU", one.cpu_ms / two.cpu_ms, "×", 2.0)


def search(book: Path, customers: int, target: float) -> None:
    """Searches of every kind beside the list, for a manager and for who has three customers."""
    for who, what, found, cost, listed in beside_list(book, *served(book)):
        print(f"{what}, {who}, {found} shown: {shown(cost)}; list {shown(listed)}")
        told(f"search among {customers:,}: {what}, {who}, CPU against the list",
             cost.cpu_ms / listed.cpu_ms, "×", target)  # fmt: skip


def imports(book: Path, customers: int, scratch: Path) -> None:
    """Rows per second into a book, with every row looked up among all customers."""
    for what, found in rates(book, scratch).items():
        print(f"import into {customers:,} ({what}): {found.ours:.0f} rows/s; floor {found.floor:.0f}; "
              f"plain csv into one table {found.plain:.0f}")  # fmt: skip
        told("the floor's rows per second against the import's", found.floor / found.ours, "×", 2.0)
        told("seconds for 1,000 rows", 1000 / found.ours, "s", 0.5)


def import_beside(book: Path, scratch: Path, rows: int) -> None:
    """An import through the page, while somebody else opens the list."""
    sheet = made(scratch / "beside.csv", rows, 13)
    command, port, env = served(book)
    with running(command, port, "/sign-in", env) as server:
        server.settle()
        found = beside(server, sheet, rows)
    print(f"import of {rows:,} rows through the page: {found.rate:.0f} rows/s")
    told("first rows shown", found.first_progress, "s", 2.0)
    told("memory of the tree grows by", found.growth_mb, "MB", 150)
    told(
        "the list's p95 during an import against before",
        found.during_ms / found.before_ms,
        "×",
        2.0,
    )


def cases(book: Path, scratch: Path) -> None:
    """What a hundred times as many cases cost, their clocks, and a sweep of all of them."""
    few, many = (
        with_cases(book, scratch / "few", 1_000),
        with_cases(book, scratch / "many", 100_000),
    )
    with side_by_side(few, many) as (first, second):
        for login in (LOGIN, SELLER):
            _cases_of(login, first, second)
    told("the clocks of 50 cases", asked(many, "clocks"), "ms", 10)
    open_ones = with_cases(book, scratch / "open", 100_000, 100)
    command, port, env = served(open_ones)
    with running(command, port, "/sign-in", env) as server:
        server.settle()
        taken, before, during = swept(server, open_ones)
    told("a sweep that escalates 100,000 cases", taken, "s", 30)
    told("the list's p95 during a sweep against before", during / before, "×", 2.0)


def orders(small: Path, large: Path, few: int, many: int) -> None:
    """What a hundred times as many orders cost."""
    with side_by_side(small, large) as (first, second):
        visitors = [signed_in(first), signed_in(second)]
        for name, take in SALES.items():
            a, b = paired(
                lambda n, take=take: take(first, visitors[0], n),
                lambda n, take=take: take(second, visitors[1], n),
            )
            print(f"{name}: {few * ORDERS:,} orders {shown(a)}; {many * ORDERS:,} {shown(b)}")
            told(f"{name}, growth in CPU with orders", b.cpu_ms / a.cpu_ms, "×", 1.3)


def see_orders(server: Server, visitor: Visitor, count: int) -> Cost:
    """The first page of the list of orders."""
    return opened(server, visitor, ["/orders"] * count)


def see_buyers(server: Server, visitor: Visitor, count: int, tab: str = "") -> Cost:
    """Pages of customers who ordered something, one after the other."""
    visitor.reconnect()
    page = visitor.get("/orders?status=confirmed")
    numbers = list(dict.fromkeys(re.findall(r'href="/customers/(\w*\d\w*)"', page)))
    paths = [f"/customers/{numbers[n % len(numbers)]}{tab}" for n in range(count)]
    return opened(server, visitor, paths)


SALES = {
    "list of orders": see_orders,
    "customer page with orders": see_buyers,
    "orders of a customer": partial(see_buyers, tab="/tabs/orders"),
}


def _cases_of(login: str, first: Server, second: Server) -> None:
    """What a hundred times as many cases cost somebody."""
    few, many = signed_in(first, login), signed_in(second, login)
    for name in CASE_JOURNEYS:
        a, b = paired(
            lambda n, name=name: visits(first, few, name, n),
            lambda n, name=name: visits(second, many, name, n),
        )
        print(f"{name} of {login}: 1,000 cases {shown(a)}; 100,000 {shown(b)}")
        told(f"{name} of {login}, growth in CPU with cases", b.cpu_ms / a.cpu_ms, "×", 1.3)


def packs(bare: Path, full: Path) -> None:
    """What three packs cost, with values in their fields and records of theirs; and a switch."""
    with side_by_side(bare, full) as (first, second):
        one, other = signed_in(first), signed_in(second)
        for name, (path, target) in PAGES.items():
            a, b = paired(
                lambda n, path=path: trade_visits(first, one, path, n),
                lambda n, path=path: trade_visits(second, other, path, n),
            )
            print(f"{name}: without packs {shown(a)}; with three {shown(b)}")
            told(f"{name}, CPU with three packs on", b.cpu_ms / a.cpu_ms, "×", target)
        many = [signed_in(second) for _ in range(ASKING)]
        for to in ("off", "on"):
            taken = noticed(second, many, other, to)
            told(f"switched {to}, known to all processes", taken, "s", 2.0)


def fields(few: Path, many: Path, sizes: tuple[int, int], scratch: Path) -> None:
    """What filtering and sorting by quick further fields costs with a hundred times as many customers."""
    small, large = with_fields(few, scratch / "fields"), with_fields(many, scratch / "fields")
    with side_by_side(small, large) as (first, second):
        one, other = signed_in(first), signed_in(second)
        for name in FIELD_JOURNEYS:
            a, b = paired(
                lambda n, name=name: field_visits(first, one, name, n),
                lambda n, name=name: field_visits(second, other, name, n),
            )
            print(f"{name}: {sizes[0]:,} {shown(a)}; {sizes[1]:,} {shown(b)}")
            told(f"{name}, growth in CPU", b.cpu_ms / a.cpu_ms, "×", 1.3)
    told("indexes of two quick fields", fields_asked(large, "indexed"), "s", 30)


def framed(page: str) -> str:
    """The page without its rows, marked where they were."""
    start = page.index('  <tr role="row" data-row')
    end = page.rindex("</tr>") + len("</tr>")
    return page[:start] + "\0" + page[end:]


def bare(page: str) -> str:
    """The page without tokens, which differ each time."""
    return re.sub(r'(csrf_token" value="|X-CSRFToken": ")[^"]*', r"\1", page)


def paired(first, second) -> tuple[Cost, Cost]:
    """Two sides measured in turn, each with at least 500 requests in all."""
    costs = [(first(REQUESTS // ROUNDS + 5), second(REQUESTS // ROUNDS + 5)) for _ in range(ROUNDS)]
    return mean([pair[0] for pair in costs]), mean([pair[1] for pair in costs])


def mean(costs: list[Cost]) -> Cost:
    """The rounds of one side as one."""
    return replace(
        costs[0],
        cpu_ms=sum(cost.cpu_ms for cost in costs) / len(costs),
        p50_ms=sorted(cost.p50_ms for cost in costs)[len(costs) // 2],
        p95_ms=sorted(cost.p95_ms for cost in costs)[len(costs) // 2],
        requests=sum(cost.requests for cost in costs),
    )


def shown(cost: Cost) -> str:
    """A cost in words."""
    waits = f"p50 {cost.p50_ms:.1f}, p95 {cost.p95_ms:.1f}"
    return f"{cost.cpu_ms:.2f} ms CPU, {waits} ({cost.requests} requests)"


def told(what: str, value: float, unit: str, target: float) -> None:
    """Print a figure beside its target."""
    kept = value <= target
    if not kept:
        MISSED.append(what)
    print(
        f"{'  ' if kept else '! '}{what}: {value:.2f} {unit} (target ≤ {target} {unit})", flush=True
    )


if __name__ == "__main__":
    sys.exit(main())
