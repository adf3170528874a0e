"""What this slice contributes."""

from flask import Blueprint

from crmlite import hookimpl
from crmlite.search import models, views

__all__ = ["models", "register_blueprints"]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The search page and what the palette finds."""
    return [views.bp]
