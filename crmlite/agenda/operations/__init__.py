"""Making and revoking feeds, saying that a week is swept."""

from crmlite.agenda.operations.feeds import make_feed, revoke_feed
from crmlite.agenda.operations.sweeps import finish_sweep

__all__ = ["finish_sweep", "make_feed", "revoke_feed"]
