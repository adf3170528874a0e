"""Books of a size, made with `crmlite demo generate`."""

import os
import shutil
import subprocess
from pathlib import Path

from bench.processes import program

LOGIN = "bench"
PASSWORD = "measure twice, cut once"


def book_of(folder: Path, customers: int) -> Path:
    """An instance with this many customers and somebody who sees them all; made when it is not
    there yet."""
    instance = folder / f"book-{customers}"
    if not (instance / "crmlite.db").exists():
        env = {**os.environ, "CRMLITE_INSTANCE": str(instance)}
        crmlite = program("crmlite")
        subprocess.run(
            [crmlite, "user", "create", LOGIN, "--role", "manager", "--password-stdin"],
            input=PASSWORD.encode(),
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        subprocess.run(
            [crmlite, "demo", "generate", "--customers", str(customers), "--seed", "7"],
            env=env,
            check=True,
        )
        # What so many rows at once leave to be done once is no part of serving a page.
        for work in (*["tag-by-rules-soon"] * (1 + customers // 20_000), "seal-ledger"):
            subprocess.run([crmlite, "jobs", "run", work], env=env, check=True)
    return instance


def copied(book: Path, scratch: Path) -> Path:
    """A copy to work in, so that a kept book stays as it was made."""
    return Path(shutil.copytree(book, scratch / book.name))
