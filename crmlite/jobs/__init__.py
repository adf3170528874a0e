"""Work in the background: what must happen is written in the transaction that makes it necessary."""

from crmlite.jobs.kinds import EVERY, LATEST, JobKind
from crmlite.jobs.queue import Lease, LeaseLost, enqueue, enqueue_once

__all__ = ["EVERY", "LATEST", "JobKind", "Lease", "LeaseLost", "enqueue", "enqueue_once"]
