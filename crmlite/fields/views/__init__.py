"""The page on which managers say what is recorded."""

from crmlite.fields.views import arranging, editing
from crmlite.fields.views.blueprint import bp

__all__ = ["arranging", "bp", "editing"]
