"""Packs of tests: what they declare is taken in as that of installed ones, and switched by the host."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask, has_app_context

from crmlite import clock, hooks
from crmlite.extensions import database
from crmlite.packs import loading
from crmlite.packs.loading import Found
from crmlite.packs.manifest import Manifest
from crmlite.packs.operations import disable_pack, enable_pack, upgrade_pack
from crmlite.rules.fields import Field
from crmlite.work.actors import command_line
from crmlite.work.epoch import look_again


def bring(app: Flask, name: str, **answers: Iterable[Field]) -> None:
    """Install a pack and switch it on, or a further version of it: `bring(app, "bakery",
    customer=[Field(…)])`."""
    take_in(app, name, {f"register_{kind}_fields": tuple(f) for kind, f in answers.items()})


def take_in(app: Flask, name: str, declared: Mapping[str, tuple[Any, ...]]) -> None:
    """The same with all that a pack declares, by hook."""
    installed = loading.known(app)
    before = installed.get(name)
    title = {"en": name.title(), "zh": name.title()}
    found = before or Found(
        name=name,
        version="0",
        manifest=Manifest(name=name, version="0", title=title, description=title),
    )
    found = replace(found, version=str(int(found.version) + 1), answers=declared)
    app.extensions[loading.KEY] = {**installed, name: found}
    with app.app_context():
        hooks.register_pack(name, None, declared)
    _change(app, upgrade_pack if before else enable_pack, name)


def switch(app: Flask, name: str, *, on: bool) -> None:
    """Switch a pack on or off."""
    _change(app, enable_pack if on else disable_pack, name)


def _change(app: Flask, change: Callable[..., int], name: str) -> None:
    """Do it as another process would; a context that goes on reads on from there."""
    with app.app_context():
        change(name, by=command_line(), at=clock.now())
    if has_app_context():
        database.session.rollback()
        look_again()
