"""Books of a size, made with `crmlite demo generate`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.processes import program

LOGIN = "bench"
SELLER = "seller"  # sees no more than their own
NEWCOMER = "newcomer"  # has no customers yet
PASSWORD = "measure twice, cut once"


def book_of(folder: Path, customers: int) -> Path:
    """An instance with this many customers and somebody who sees them all; made when it is not
    there yet, and brought up to date where it was kept."""
    instance = folder / f"book-{customers}"
    env = {**os.environ, "CRMLITE_INSTANCE": str(instance)}
    if (instance / "crmlite.db").exists():
        subprocess.run([program("crmlite"), "upgrade"], env=env, check=True)
    else:
        employed(instance, LOGIN, "manager")
        subprocess.run(
            [
                program("crmlite"),
                "demo",
                "generate",
                "--customers",
                str(customers),
                "--seed",
                "7",
                "--orders",
                "0",
            ],
            env=env,
            check=True,
        )
        at_rest(instance, customers)
    return instance


def employed(instance: Path, login: str, role: str) -> None:
    """Somebody who signs in to a book with PASSWORD; the first one starts the book."""
    subprocess.run(
        [program("crmlite"), "user", "create", login, "--role", role, "--password-stdin"],
        input=PASSWORD.encode(),
        env={**os.environ, "CRMLITE_INSTANCE": str(instance)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def at_rest(instance: Path, new: int) -> Path:
    """The book when all is done that so many new customers leave to be done once, which is no part
    of serving a page."""
    env = {**os.environ, "CRMLITE_INSTANCE": str(instance)}
    rules, plans = 1 + new // 20_000, 1 + new // 10_000
    for work in (*["tag-by-rules-soon"] * rules, *["plan-soon"] * plans, "seal-ledger"):
        subprocess.run([program("crmlite"), "jobs", "run", work], env=env, check=True)
    return instance


def with_orders(book: Path, scratch: Path, count: int) -> Path:
    """A copy of a book with so many orders."""
    made = copied(book, scratch)
    env = {**os.environ, "CRMLITE_INSTANCE": str(made)}
    subprocess.run([sys.executable, "-m", "bench.sales_made", str(count)], env=env, check=True)
    return made


def copied(book: Path, scratch: Path) -> Path:
    """A copy to work in, so that a kept book stays as it was made."""
    return Path(shutil.copytree(book, scratch / book.name))
