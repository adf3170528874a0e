"""Settings: the firm."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.paging import page, saved
from crmlite.settings.forms import firm_form
from crmlite.settings.operations import change_settings
from crmlite.settings.queries import declared_settings, get, stored_settings
from crmlite.settings.views.blueprint import bp
from crmlite.work import Stale
from crmlite.work.latest import last_change


@bp.route("/settings/firm", methods=["GET", "POST"])
@requires("settings:manage")
def firm() -> Any:
    """Everything that is set for the whole firm."""
    declared = declared_settings()
    form = firm_form(list(declared.values()), {name: get(name) for name in declared})
    latest = None
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = change_settings(form.value(), seen=form.seen, form_key=form.key, by=by, at=at)
            return saved(url_for("settings.firm"), message=_("Saved."), undo=done or None)
        except Stale:
            stored = stored_settings()
            form.compare({name: stored.get(name, one.default) for name, one in declared.items()})
            latest = last_change("setting")
    return page(
        "settings/firm.html",
        "settings/_firm.html",
        status=form.http_status,
        form=form,
        latest=latest,
    )
