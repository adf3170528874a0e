"""`crmlite search`: what the search box finds, from the console of the server."""

import sys
import time

import click

from crmlite import clock
from crmlite.search import operations
from crmlite.work.actors import command_line

OFTEN = 10_000  # records between two lines of what is read by nobody at once


@click.group()
def search() -> None:
    """Look after what the search box finds. 搜索索引。"""


@search.command()
def rebuild() -> None:
    """Make everything that can be found anew from the book, while it is in use. 重建搜索索引。

    Needed after an upgrade that says so, and when `crmlite check` finds the search at fault.
    """
    began = time.perf_counter()

    def told(kind: str, done: int) -> None:
        if sys.stderr.isatty() or done % OFTEN == 0:
            print(f"{kind}: {done:,}", file=sys.stderr, flush=True)

    number = operations.rebuild(told, by=command_line(), at=clock.now())
    print(f"{number:,} records can be found, in {time.perf_counter() - began:.1f} s.")
