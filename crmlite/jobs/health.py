"""Whether the background work is alive, for /readyz."""

from crmlite import clock
from crmlite.health import Finding
from crmlite.jobs import signs


def worker() -> Finding:
    """There is a worker, and it gave a sign of life lately."""
    now = clock.now()
    found = signs.workers(now)
    if not found:
        return Finding(ok=False)
    age = min(now - seen.seen_at for seen in found)
    alive = any(seen.alive for seen in found)
    return Finding(ok=alive, facts={"seen_seconds_ago": max(0, int(age.total_seconds()))})
