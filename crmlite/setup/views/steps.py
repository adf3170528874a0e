"""What people say about their first steps: that they need them no more, that the code is kept."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.paging import saved
from crmlite.setup.operations import keep_code, put_away
from crmlite.setup.views.blueprint import bp


@bp.post("/steps/away")
@requires(SIGNED_IN)
def away() -> Any:
    """Shows the reader's first steps no more."""
    reader = current_reader()
    done = put_away(reader.user_id, by=reader.actor, at=clock.now())
    return saved(url_for("dashboard.today"), message=_("The list is put away."), undo=done or None)


@bp.post("/steps/code")
@requires("backups:manage")
def code_kept() -> Any:
    """Ticks that somebody keeps the recovery code."""
    reader = current_reader()
    done = keep_code(reader.user_id, by=reader.actor, at=clock.now())
    return saved(url_for("dashboard.today"), message=_("Saved."), undo=done or None)
