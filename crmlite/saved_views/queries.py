"""The views that are kept of a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select

from crmlite.access import Reader
from crmlite.extensions import database
from crmlite.saved_views.models import SavedView

Row = Mapping[str, Any]
SHARE = "views:share"
TABLE = SavedView.__table__
SEEN = (
    select(TABLE)
    .where(
        TABLE.c.list == bindparam("list"),
        or_(TABLE.c.owner_id == bindparam("reader"), TABLE.c.shared.is_(True)),
    )
    .order_by(TABLE.c.position, TABLE.c.id)
)


def views_of(list_name: str, reader: Reader) -> Sequence[Row]:
    """One's own views of a list and those that others share; one statement."""
    asked = {"list": list_name, "reader": reader.user_id}
    return database.session.execute(SEEN, asked).mappings().all()


def view_row(list_name: str, view_id: int) -> Row | None:
    """A view of a list as it is stored; None when there is none."""
    wanted = select(TABLE).where(TABLE.c.id == view_id, TABLE.c.list == list_name)
    return database.session.execute(wanted).mappings().first()


def may_change(reader: Reader, *, owner_id: int | None, shared: bool) -> bool:
    """Whether a reader may change a view: their own, or a shared one for those who may share."""
    return owner_id == reader.user_id or (shared and reader.may(SHARE))
