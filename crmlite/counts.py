"""Counts of what waits on a reader. Every page says them beside its navigation, so each is kept a
while for each reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from crmlite import clock
from crmlite.access import Reader, current_reader

KEPT = timedelta(seconds=20)  # what other processes change is seen after this


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCount:
    """A count by its name; `ask` answers it for a reader. It is asked for anew when `mark` answers
    something else than it did, such as another day."""

    name: str
    ask: Callable[[Reader], int]
    mark: Callable[[], Any] = lambda: None

    def __call__(self) -> int:
        """How much waits on the reader; nothing on one who has not signed in."""
        reader, now, mark = current_reader(), clock.now(), self.mark()
        if not reader.is_authenticated:
            return 0
        known = self._known()
        until, of, count = known.get(reader.user_id, (now, mark, 0))
        if until <= now or of != mark:
            count = self.ask(reader)
            known[reader.user_id] = (now + KEPT, mark, count)
        return count

    def forget(self, user_ids: Iterable[int] | None = None) -> None:
        """Count again for these people, or for all: what is counted has changed."""
        if user_ids is None:
            self._known().clear()
            return
        for user_id in user_ids:
            self._known().pop(user_id, None)

    def _known(self) -> dict[int, tuple[datetime, Any, int]]:
        found: dict[int, tuple[datetime, Any, int]] = current_app.extensions.setdefault(
            f"crmlite.counts.{self.name}", {}
        )
        return found
