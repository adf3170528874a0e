"""Notifications as their reader sees them now."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.notifications.kinds import NotificationKind, Params, kinds
from crmlite.wording import Teller, label, teller

log = logging.getLogger(__name__)
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A notification as a line. Without `is_open` there is nothing to go to any more."""

    id: int
    at: datetime
    icon: str
    text: str
    is_read: bool
    is_urgent: bool
    is_open: bool


def lines(rows: Sequence[Row], reader: Reader) -> list[Line]:
    """Notifications in words; what a kind reads for them is read once for all."""
    for kind in kinds().values():
        mine = [row["params"] for row in rows if row["kind"] == kind.name]
        if mine and kind.ahead is not None:
            _read_ahead(kind, mine, reader)
    return [_line(row, reader) for row in rows]


def _read_ahead(kind: NotificationKind, mine: Sequence[Params], reader: Reader) -> None:
    try:
        assert kind.ahead is not None
        kind.ahead(mine, reader)
    except Exception:  # the lines may still be worded, one by one
        log.exception("a kind of notifications cannot read ahead: %s", kind.name)


def by_day(found: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The same under the days of the firm on which they came."""
    say = teller()
    groups: list[tuple[str, list[Line]]] = []
    for line in found:
        title = _day(say, line.at)
        if not groups or groups[-1][0] != title:
            groups.append((title, []))
        groups[-1][1].append(line)
    return groups


def _day(say: Teller, at: datetime) -> str:
    day = at.astimezone(say.zone).date()
    days = (say.today - day).days
    if days in (0, 1):
        return f"{say.on_day(day)} · {say.ago(day)}"
    return say.on_day(day) if 0 < days < 300 else say.exactly(day)


def text_of(row: Row, reader: Reader) -> str | None:
    """What a notification says; None when its reader may no longer see what it is about, or nobody
    knows such notifications any more."""
    kind = kinds().get(row["kind"])
    return _said(kind, row, reader) if kind is not None else None


def _said(kind: NotificationKind, row: Row, reader: Reader) -> str | None:
    try:
        return kind.words(row["params"], reader)
    except Exception:
        log.exception("a notification cannot be put into words: %s", kind.name)
        return label(kind.label)


def _line(row: Row, reader: Reader) -> Line:
    kind, text = kinds().get(row["kind"]), text_of(row, reader)
    return Line(
        id=row["id"],
        at=row["at"],
        icon=kind.icon if kind and text is not None else "lock",
        text=_("About something that you cannot see any more.") if text is None else text,
        is_read=row["read_at"] is not None,
        is_urgent=kind is not None and kind.urgent and text is not None,
        is_open=text is not None,
    )
