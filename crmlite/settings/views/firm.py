"""Settings: the firm, and what a pack has to be set."""

from collections.abc import Sequence
from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock, hooks
from crmlite.access import current_reader, requires
from crmlite.paging import page, saved
from crmlite.settings.catalogue import Setting
from crmlite.settings.forms import firm_form
from crmlite.settings.operations import change_settings
from crmlite.settings.queries import get, stored_settings
from crmlite.settings.views.blueprint import bp
from crmlite.wording import label
from crmlite.work import Stale
from crmlite.work.latest import last_change


@bp.route("/settings/firm", methods=["GET", "POST"])
@requires("settings:manage")
def firm() -> Any:
    """Everything that is set for the whole firm."""
    own = hooks.declared("register_settings")
    return _settings(own, _("Firm"), url_for("settings.firm"))


@bp.route("/packs/<owner>/settings", methods=["GET", "POST"])
@requires("settings:manage")
def of_pack(owner: str) -> Any:
    """Everything that a pack which is on has to be set."""
    theirs = hooks.declared("register_settings", owner) if owner in hooks.enabled() else ()
    if not theirs:
        abort(404)
    title = _("Settings: %(pack)s", pack=label(hooks.title(owner)))
    return _settings(theirs, title, url_for("settings.of_pack", owner=owner))


def _settings(declared: Sequence[Setting], title: str, url: str) -> Any:
    """A page with these settings: shown, and changed."""
    form = firm_form(declared, {one.name: get(one.name) for one in declared})
    latest = None
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = change_settings(form.value(), seen=form.seen, form_key=form.key, by=by, at=at)
            return saved(url, message=_("Saved."), undo=done or None)
        except Stale:
            stored = stored_settings()
            form.compare({one.name: stored.get(one.name, one.default) for one in declared})
            latest = last_change("setting")
    return page(
        "settings/firm.html",
        "settings/_firm.html",
        status=form.http_status,
        form=form,
        latest=latest,
        title=title,
        url=url,
    )
