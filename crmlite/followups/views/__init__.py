"""Pages of follow-ups."""

from crmlite.followups.views import interactions, steps
from crmlite.followups.views.blueprint import bp

__all__ = ["bp", "interactions", "steps"]
