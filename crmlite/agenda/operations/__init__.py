"""Making and revoking feeds."""

from crmlite.agenda.operations.feeds import make_feed, revoke_feed

__all__ = ["make_feed", "revoke_feed"]
