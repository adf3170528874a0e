"""The pages of tiers."""

from crmlite.tiers.views import pinning, points, proposals  # noqa: F401 - their routes
from crmlite.tiers.views.blueprint import bp

__all__ = ["bp"]
