"""The pages of the first start."""

from crmlite.setup.views import beginning, opening, steps
from crmlite.setup.views.blueprint import bp

__all__ = ["beginning", "bp", "opening", "steps"]
