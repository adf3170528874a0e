"""The pages of records of packs."""

from crmlite.objects.views import index, record
from crmlite.objects.views.blueprint import bp

__all__ = ["bp", "index", "record"]
