"""Pages for the firm's settings and for the editable lists."""

from crmlite.settings.views import firm, lists
from crmlite.settings.views.blueprint import bp

__all__ = ["bp", "firm", "lists"]
