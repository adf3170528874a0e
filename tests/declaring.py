"""What slices declare, put in place of it in a test."""

from collections.abc import Iterable
from typing import Any

from flask import Flask

from crmlite import hooks


def declare(app: Flask, hook: str, things: Iterable[Any]) -> None:
    """Have a `register_*` hook answered with these things, and no others."""
    known = app.extensions[hooks.REGISTRY].known
    given = tuple(things)
    known[hook, ()] = given
    known[hook, (), "name"] = {hooks.name_of(thing): thing for thing in given}
