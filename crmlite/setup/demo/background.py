"""The demo put in step by step, taken up where it was cut short."""

import secrets

from crmlite import clock, hooks
from crmlite.accounts.passwords import hashed
from crmlite.jobs.queue import Lease
from crmlite.jobs.running import JobFailed
from crmlite.setup.demo.clearing import holds_only_the_demo
from crmlite.setup.demo.loading import DEMO, load_customers
from crmlite.setup.demo.papers import add_papers
from crmlite.setup.demo.trades import load_trade, shows
from crmlite.wording import N_
from crmlite.work import Refused

NOT_EMPTY = N_(
    "There are customers or colleagues in the book by now: demo data go into an empty one."
)


def put_in(beside: int, lease: Lease) -> None:
    """Put in what is not there yet of the demo, beside the person who asked, and what the packs that
    are on show of it.

    Its people have a password that nobody knows: a manager gives them one to see what they see.
    """
    if not holds_only_the_demo():
        _load_customers(beside)
    lease.renew()
    add_papers(by=DEMO, at=clock.now())
    for name in hooks.enabled():
        lease.renew()
        if shows(name):
            _show(name)


def _load_customers(beside: int) -> None:
    try:
        load_customers(hashed(secrets.token_urlsafe(32)), beside=beside, at=clock.now())
    except Refused:
        raise JobFailed(NOT_EMPTY) from None


def _show(pack: str) -> None:
    try:
        load_trade(pack, by=DEMO, at=clock.now())
    except Refused as refused:
        if refused.code != "demo-there":
            raise
