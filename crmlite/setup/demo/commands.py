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
@click.pass_obj
def load(start_if_fresh: Callable[[], None]) -> None:
    """Put a fictional firm into an empty book and print how to sign in.

    The password is CRMLITE_DEMO_PASSWORD, or made up and printed.
    """
    from crmlite.setup.demo.loading import load as load_demo

    start_if_fresh()
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
