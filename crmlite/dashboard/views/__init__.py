"""Pages of the dashboard."""

from crmlite.dashboard.views import today, together, written
from crmlite.dashboard.views.blueprint import bp

__all__ = ["bp", "today", "together", "written"]
