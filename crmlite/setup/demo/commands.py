"""`crmlite demo`: a book to look around in, and large ones to measure with."""

import os
import secrets
import sys
import time
from collections.abc import Callable

import click

from crmlite import clock
from crmlite.accounts.passwords import hashed
from crmlite.work import Refused

SHOWN = ("manager", "sales", "support")


@click.group()
def demo() -> None:
    """Load or clear demo data, or make up a large book."""


@demo.command()
@click.option(
    "--pack",
    "packs",
    multiple=True,
    help="Switch this pack on and put in what it shows; also once the demo is there.",
)
@click.pass_obj
def load(start_if_fresh: Callable[[], None], packs: tuple[str, ...]) -> None:
    """Put a fictional firm into an empty book and print how to sign in.

    The password is CRMLITE_DEMO_PASSWORD, or made up and printed.
    """
    from crmlite.setup.demo import trades
    from crmlite.setup.demo.clearing import holds_only_the_demo

    start_if_fresh()
    if showless := [name for name in packs if not trades.shows(name)]:
        raise click.ClickException(f"No pack {showless[0]} with demo data is installed.")
    if not (packs and holds_only_the_demo()):
        _load_firm()
    for name in packs:
        _show(name)


def _load_firm() -> None:
    from crmlite.setup.demo.loading import load as load_demo

    password = os.environ.get("CRMLITE_DEMO_PASSWORD") or "-".join(
        secrets.token_hex(3) for _ in range(3)
    )
    try:
        done = load_demo(hashed(password), at=clock.now())
    except Refused:
        raise click.ClickException(
            "This book has customers or people of its own. Demo data go into an empty one: name "
            "another folder in CRMLITE_INSTANCE."
        ) from None
    print(f"{done.customers} customers, {done.interactions} talks, {done.people} people.")
    print(f"Sign in as {', '.join(SHOWN[:-1])} or {SHOWN[-1]}; the password is {password}")


def _show(pack: str) -> None:
    from crmlite.packs.operations import enable_pack
    from crmlite.packs.words import refusal
    from crmlite.setup.demo.loading import DEMO
    from crmlite.setup.demo.trades import load_trade

    try:
        enable_pack(pack, by=DEMO, at=clock.now())
        shown = load_trade(pack, by=DEMO, at=clock.now())
    except Refused as refused:
        if refused.code != "demo-there":
            raise click.ClickException(refusal(refused)) from None
        print(f"{pack} is on, and was shown already.")
    else:
        print(f"{pack} is on; {shown} customers show it.")


@demo.command()
@click.confirmation_option(prompt="Remove the demo's customers and close its logins?")
def clear() -> None:
    """Remove what the demo put in, and only that."""
    from crmlite.setup.demo.clearing import clear as clear_demo

    gone = clear_demo(at=clock.now())
    print(f"{gone['customers']} customers removed, {gone['people']} logins closed.")


@demo.command()
@click.option("--customers", "count", required=True, type=click.IntRange(1, 5_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same book.")
@click.option(
    "--orders",
    default=2,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="For each customer, on average.",
)
@click.pass_obj
def generate(start_if_fresh: Callable[[], None], count: int, seed: int, orders: int) -> None:
    """Add made-up customers to the book, for measuring."""
    from crmlite.setup.demo.generating import generate as make_up

    start_if_fresh()
    began = time.perf_counter()

    def told(done: int) -> None:
        if sys.stderr.isatty() or done % 10_000 == 0 or done == count:
            print(f"{done} of {count}", file=sys.stderr, flush=True)

    made = make_up(count, seed=seed, at=clock.now(), told=told, orders=orders)
    print(f"{made} customers in {time.perf_counter() - began:.1f} s")
