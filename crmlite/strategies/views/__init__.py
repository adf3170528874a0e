"""The pages of strategies."""

from crmlite.strategies.views import editing, reading, sending, table  # noqa: F401 - their routes
from crmlite.strategies.views.blueprint import MANAGE, SEE, bp

__all__ = ["MANAGE", "SEE", "bp"]
