"""What this slice contributes."""

from typing import TYPE_CHECKING

from flask import Blueprint

from crmlite import hookimpl
from crmlite.search import checks, models, views
from crmlite.work.checks import Check

if TYPE_CHECKING:
    import click

__all__ = ["models", "register_blueprints"]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The search page and what the palette finds."""
    return [views.bp]


@hookimpl
def register_commands() -> "list[click.Command]":
    """`crmlite search rebuild`."""
    from crmlite.search.commands import search

    return [search]


@hookimpl
def register_checks() -> list[Check]:
    """Whether what can be found is in the index."""
    return [checks.check()]
