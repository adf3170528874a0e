"""Pages of follow-ups."""

from crmlite.followups.views import brief, interactions, starts, steps
from crmlite.followups.views.blueprint import bp

__all__ = ["bp", "brief", "interactions", "starts", "steps"]
