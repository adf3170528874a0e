"""`crmlite keys`: taking the key ring to safety, bringing it back, changing keys."""

import sys
from pathlib import Path

import click
from flask import current_app

from crmlite import clock
from crmlite.backups import proof
from crmlite.backups.resealing import note_rotation
from crmlite.config import Config
from crmlite.db import durable
from crmlite.db.keyring import KeysDamaged, WrongCode, unwrap_ring
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.work import actors
from crmlite.work.proving import verify


@click.group()
def keys() -> None:
    """The keys that make phone numbers, addresses and remarks readable."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
def export(file: Path) -> None:
    """Write the key ring to FILE (or standard output), locked: only the recovery code opens it."""
    wrapped = ring().wrap_ring() + b"\n"
    if str(file) == "-":
        sys.stdout.buffer.write(wrapped)
        return
    try:
        durable.create(file.absolute(), wrapped)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; it was left as it is.") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    click.echo(f"{file}: locked with the recovery code", err=True)


@keys.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code-stdin", is_flag=True, help="Read the recovery code from standard input.")
def import_(file: Path, code_stdin: bool) -> None:
    """Put an exported key ring back where the book has lost its own."""
    config: Config = current_app.extensions["crmlite.config"]
    code = sys.stdin.readline() if code_stdin else click.prompt("Recovery code", err=True)
    try:
        found = unwrap_ring(file.read_bytes(), code)
    except (WrongCode, KeysDamaged) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None
    connection = database.session.connection()
    strange = verify(connection, found.secret("ledger")) or proof.shut_values(
        connection, found, thorough=False
    )
    if strange:
        raise click.ClickException("These keys belong to another book. Nothing was changed.")
    try:
        found.save(config.keys_file)
    except FileExistsError:
        raise click.ClickException(
            f"{config.keys_file} is there already; it was left as it is."
        ) from None
    click.echo(f"{config.keys_file} is in place.")


@keys.command()
@click.option("--new-code", is_flag=True, help="Also make a new recovery code, for later backups.")
def rotate(new_code: bool) -> None:
    """Seal with a new key from now on; a worker seals the values there are with it, too.

    Old keys are kept: they open what the ledger and older backups hold.
    """
    held = ring()
    key_id = held.rotate()
    note_rotation(key_id, by=actors.command_line(), at=clock.now())
    click.echo(f"Key {key_id} is the active one.")
    if new_code:
        click.echo(f"Recovery code: {held.renew_code()}")
        click.echo(
            "Write it down. Backups made from now on ask for it; older ones for the old one.",
            err=True,
        )
