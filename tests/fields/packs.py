"""Packs of tests: what they declare is taken in as that of installed ones, and can be off."""

from collections.abc import Iterable

from flask import Flask

from crmlite import clock, hooks
from crmlite.rules.fields import Field
from crmlite.setup.shipping import ship
from crmlite.work.actors import command_line
from crmlite.work.operations import move_epoch, operation


class Shelf(hooks.NoPacks):
    """Which packs are on."""

    def __init__(self, *names: str) -> None:
        self.on = list(names)

    def enabled(self) -> tuple[str, ...]:
        """Those that are on."""
        return tuple(self.on)


def bring(app: Flask, name: str, **answers: Iterable[Field]) -> None:
    """Install a pack and switch it on, or a further version of it: `bring(app, "bakery",
    customer=[Field(…)])`."""
    registry = app.extensions[hooks.REGISTRY]
    if not isinstance(registry.host, Shelf):
        registry.host = Shelf()
    if name not in registry.host.on:
        registry.host.on.append(name)
    declared = {f"register_{kind}_fields": tuple(fields) for kind, fields in answers.items()}
    with app.app_context():
        hooks.register_pack(name, None, declared)
        ship(by=command_line(), at=clock.now())
        _arrange(by=command_line(), at=clock.now())


def switch(app: Flask, name: str, *, on: bool) -> None:
    """Switch a pack on or off."""
    shelf = app.extensions[hooks.REGISTRY].host
    shelf.on.append(name) if on else shelf.on.remove(name)
    with app.app_context():
        _arrange(by=command_line(), at=clock.now())


@operation("packs_arranged", traced=False)
def _arrange(*, by: object, at: object) -> None:
    move_epoch()
