"""`crmlite` on the command line: starting a book, serving it, and the commands of every slice."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from crmlite import __version__
from crmlite.config import Config, ConfigWrong

if TYPE_CHECKING:
    from flask import Flask

# What a command needs of the instance before it runs. Those not named need a book that fits.
STARTS_A_BOOK = {("user", "create"), ("demo", "load"), ("demo", "generate")}
NEEDS_NO_BOOK = {"restore", "check", "keys import"}
# These open the book themselves, where they need one; they find how as click's `obj`.
MAY_NEED_NO_BOOK = {"clock", "pack"}
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
# What files say when something is to be put right on the machine.
OF_THE_MACHINE = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO),
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR),
)


class Commands(click.Group):
    """Commands of crmlite itself, known at once, and those of slices and packs, loaded when one of
    them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, by name."""
        return sorted({*super().list_commands(ctx), *_from_slices()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        return super().get_command(ctx, cmd_name) or _from_slices().get(cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that is meant, with the application that it works in."""
        name, command, rest = super().resolve_command(ctx, args)
        if name in MAY_NEED_NO_BOOK:
            ctx.obj = _book
        elif name not in self.commands and "--help" not in rest and command is not None:
            _open_book(ctx, name or "", rest)
        return name, command, rest


@click.group(cls=Commands)
@click.version_option(__version__, message="%(version)s", help="Say which version this is.")
def crmlite() -> None:
    """Run crmlite, a customer book for small firms. 小企业客户管理。

    The instance is the folder in CRMLITE_INSTANCE, ./instance when nothing is said.
    """


@crmlite.command()
def version() -> None:
    """Say which version this is. 显示版本。"""
    print(__version__)


@crmlite.command()
def init() -> None:
    """Start a book: its folder, keys, tables. Prints the recovery code, once. 建立数据库。"""
    from crmlite.setup.code import offer
    from crmlite.setup.initialise import initialise

    with _application(_settings()):
        _tell_code(initialise())
        print(f"Set-up code: {offer()}")
        print(
            "Next: crmlite serve. It tells where to open the book in a browser and set it up.",
            file=sys.stderr,
        )


@crmlite.command()
def upgrade() -> None:
    """Bring a book from an older crmlite up to date; backs it up first. 升级数据库。"""
    from crmlite.setup.fitness import Behind, require_fit
    from crmlite.setup.upgrade import upgrade as bring_up_to_date

    config = _settings()
    with suppress(Behind):
        require_fit(config)
    with _application(config):
        bring_up_to_date(print)


@crmlite.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes; each answers eight requests at a time.",
)
@click.option("--no-packs", is_flag=True, help="Leave industry packs out.")
@click.option("--part", hidden=True)  # what the keeper adds: be one of its processes again
def serve(host: str, port: int, workers: int, no_packs: bool, part: str | None) -> None:
    """Serve the book to browsers, and do its background work. 启动服务。

    On a fresh folder the book is started first.
    """
    from crmlite.serving.character_tables import load_tables

    load_tables()
    config = _settings()
    if no_packs:
        config = replace(config, packs=False)
    if part:
        _take_over(config, part)
    else:
        _serve(config, host, port, workers)


def _serve(config: Config, host: str, port: int, workers: int) -> None:
    from crmlite.db.instance_lock import serving
    from crmlite.db.shares import share_of
    from crmlite.serving.listening import address, is_exposed, listen
    from crmlite.setup.fitness import NotStarted, require_fit

    try:
        require_fit(config)
    except NotStarted:
        _start(config)
    with serving(config) as lock, listen(host, port) as listener:
        print(f"crmlite {__version__} serves {config.instance} at {address(listener)}", flush=True)
        if is_exposed(listener, config):
            print(
                "Warning: other machines reach this address without encryption. Put a proxy with "
                "https before it and set public_url.",
                file=sys.stderr,
            )
        if config.is_sqlite and (share := share_of(config.database_file)):
            print(
                f"Warning: the book lies on a network share ({share}), where SQLite can be damaged. "
                "Put it on a disk of this machine, or use PostgreSQL.",
                file=sys.stderr,
            )
        from crmlite.app import create_app
        from crmlite.serving.supervisor import serve as serve_app

        app = create_app(config)
        _tell_first_address(app, config.public_url or address(listener))
        sys.exit(serve_app(app, listener.detach(), lock, workers))


def _take_over(config: Config, part: str) -> None:
    from crmlite.app import create_app
    from crmlite.serving.supervisor import take_over
    from crmlite.setup.fitness import require_fit

    require_fit(config)
    take_over(create_app(config), part)


def _settings() -> Config:
    """The settings of an instance that this account may use."""
    from crmlite.setup.fitness import require_owner

    require_owner(Config.folder(os.environ))
    return Config.read()


def _start(config: Config) -> None:
    """Start a book, and tell its recovery code."""
    from crmlite.setup.initialise import initialise

    with _application(config):
        _tell_code(initialise())


def _tell_first_address(app: "Flask", address: str) -> None:
    """Tell where the book is set up, as long as nobody can sign in."""
    from crmlite.extensions import database
    from crmlite.setup.code import offer

    with app.app_context():
        try:
            code = offer()
        finally:
            database.session.remove()
            database.engine.dispose()
    if code is not None:
        print(f"Set it up in a browser: {address.rstrip('/')}/start?code={code}", flush=True)


def _from_slices() -> dict[str, click.Command]:
    """The commands that slices and packs register, by name. Makes no file and asks no database."""
    from flask import Flask

    from crmlite import hooks

    app = Flask("crmlite")
    hooks.load(app)
    with app.app_context():
        return {str(command.name): command for command in hooks.gathered("register_commands")}


def _open_book(ctx: click.Context, name: str, rest: list[str]) -> None:
    """Give a slice's command the application, and a book that it can work on."""
    from crmlite.setup.fitness import NotStarted, require_fit

    config = _settings()
    what = next(iter(rest), "")
    if not NEEDS_NO_BOOK & {name, f"{name} {what}"}:
        try:
            require_fit(config)
        except NotStarted:
            if (name, what) not in STARTS_A_BOOK:
                raise
    ctx.obj = start_if_fresh
    ctx.with_resource(_application(config))


@contextmanager
def _book() -> Iterator[None]:
    """A book that fits, open."""
    from crmlite.setup.fitness import require_fit

    config = _settings()
    require_fit(config)
    with _application(config):
        yield


@contextmanager
def _application(config: Config) -> Iterator[None]:
    """The application as what a command works in."""
    from crmlite.app import create_app
    from crmlite.extensions import database

    with create_app(config).app_context():
        try:
            yield
        finally:
            database.session.remove()
            database.engine.dispose()


def start_if_fresh() -> None:
    """Start a book and tell its recovery code, unless there is one. Commands that may be the first
    on a fresh folder find it as click's `obj`."""
    from crmlite.setup.initialise import ensure

    code = ensure()
    if code is not None:
        _tell_code(code)


def _tell_code(code: str) -> None:
    print(f"Recovery code: {code}")
    print(
        "Write it down and keep it away from this machine. It is shown only now, and without it no "
        "backup can be restored.",
        file=sys.stderr,
    )


def main() -> None:
    """The program. What can go wrong for people is one sentence on standard error, exit code 1."""
    os.umask(0o077)  # what it makes is nobody else's
    try:
        crmlite.main(prog_name="crmlite", standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ConfigWrong as error:
        _fail(str(error))
    except Exception as error:  # noqa: BLE001 - what nobody can help goes on up
        _fail(_sentence(error))


def _fail(sentence: str) -> None:
    print(f"Error: {sentence}", file=sys.stderr)
    sys.exit(1)


def _sentence(error: Exception) -> str:
    """What a person can do something about; anything else is a fault of ours and goes on up."""
    from sqlalchemy.exc import DBAPIError, OperationalError

    from crmlite.backups.refusal import BackupRefused
    from crmlite.db.engines import is_busy, is_damaged, is_full, is_refused
    from crmlite.db.instance_lock import InstanceInUse
    from crmlite.db.keyring import KeysDamaged, KeysMissing
    from crmlite.serving.listening import CannotListen
    from crmlite.setup.fitness import Unfit
    from crmlite.work import Busy, StorageFull

    told = (Unfit, KeysMissing, KeysDamaged, InstanceInUse, CannotListen, BackupRefused)
    if isinstance(error, told):
        return str(error)
    if isinstance(error, Busy) or is_busy(error):
        return "The book is busy: somebody else is writing. Nothing was changed; try again."
    if isinstance(error, StorageFull) or is_full(error) or _errno(error) in NO_SPACE:
        return "The disk is full. Nothing was changed; free some space and try again."
    if _errno(error) in OF_THE_MACHINE:
        return f"{getattr(error, 'filename', None) or 'A file'}: {getattr(error, 'strerror', '')}."
    if isinstance(error, DBAPIError) and is_damaged(error):
        return "The database is damaged. Restore a backup: crmlite restore FILE"
    if isinstance(error, OperationalError) or is_refused(error):
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        return f"The database refuses: {reason}. Nothing was changed."
    raise error


def _errno(error: Exception) -> int | None:
    return error.errno if isinstance(error, OSError) else None


if __name__ == "__main__":
    main()
