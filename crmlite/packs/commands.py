"""`crmlite pack`."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from crmlite import clock
from crmlite.packs import operations, queries
from crmlite.packs.manifest import BadPack
from crmlite.packs.scaffolding import AlreadyThere, make_pack
from crmlite.packs.words import refusal
from crmlite.work import Refused
from crmlite.work.actors import command_line

Book = Callable[[], AbstractContextManager[None]]
STATES = {
    "on": "on",
    "off": "off",
    "new": "off",
    "stopped": "stopped",
    "unfit": "cannot be used",
    "clash": "clashes",
    "gone": "not installed",
}


@click.group()
def pack() -> None:
    """Switch industry packs on and off, write and check them. 行业包。"""


@pack.command("list")
@click.pass_obj
def list_packs(book: Book) -> None:
    """Show every pack, how it stands, and why. 列出行业包。"""
    with book():
        for one in queries.packs():
            behind = f" (the book has {one.standing}; see upgrade)" if one.is_behind else ""
            told = f"{one.name:16} {one.version or '-':10} {STATES[one.state]}{behind}"
            print(told if not one.reason else f"{told}: {one.reason}")


@pack.command()
@click.argument("name")
@click.pass_obj
def enable(book: Book, name: str) -> None:
    """Switch the pack NAME on. 启用行业包。"""
    with book():
        done = _tried(lambda: operations.enable_pack(name, by=command_line(), at=clock.now()))
        print(f"{name} is on." if done else f"{name} was on already.")


@pack.command()
@click.argument("name")
@click.pass_obj
def disable(book: Book, name: str) -> None:
    """Switch the pack NAME off; what was entered stays. 停用行业包。"""
    with book():
        done = _tried(lambda: operations.disable_pack(name, by=command_line(), at=clock.now()))
        print(f"{name} is off." if done else f"{name} was off already.")


@pack.command()
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("plugins"),
    show_default=True,
    help="The folder in which the pack's folder is made.",
)
def new(name: str, into: Path) -> None:
    """Begin a pack NAME: a folder with one that works, and its tests. 新建行业包。"""
    try:
        folder = make_pack(name, into)
    except (AlreadyThere, BadPack) as wrong:
        raise click.ClickException(str(wrong)) from None
    print(f"{folder} is there. Next:\n  pip install -e {folder}\n  crmlite pack check {name}")


@pack.command()
@click.argument("name")
def check(name: str) -> None:
    """Look whether the installed pack NAME is in order, on a book of its own that is thrown away.
    检查行业包。"""
    program = [sys.executable, "-m", "crmlite.testing", name]
    done = subprocess.run(program, check=False)  # noqa: S603 - it is our own
    sys.exit(done.returncode)


@pack.command()
@click.argument("name")
@click.pass_obj
def upgrade(book: Book, name: str) -> None:
    """Bring what the pack NAME ships to the version that is installed; what the firm adjusted stays.
    更新行业包。"""
    with book():
        done = _tried(lambda: operations.upgrade_pack(name, by=command_line(), at=clock.now()))
        print(f"{name} is up to date." if done else f"{name} was up to date already.")


def _tried(work: Callable[[], int]) -> int:
    try:
        return work()
    except Refused as refused:
        raise click.ClickException(refusal(refused)) from None
