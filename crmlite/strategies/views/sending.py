"""What the reader is to send: texts to copy, and one tick for all that are sent."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.followups.operations import finish_tasks
from crmlite.followups.wording import due_state, due_words
from crmlite.forms import Form
from crmlite.paging import page, saved
from crmlite.settings.queries import local_day
from crmlite.strategies.sending import ToSend, to_send
from crmlite.strategies.views.blueprint import SEE, bp
from crmlite.strategies.wording import channel_words, message_for
from crmlite.wording import label

PLACE = "strategies.sending"


class SentForm(Form):
    """Which ones were sent."""


@bp.route("/strategies/sending", methods=["GET", "POST"])
@requires(SEE)
def sending() -> Any:
    """Greetings, news and offers that are due, by touch; those ticked are done."""
    reader = current_reader()
    waiting = to_send(reader, local_day(clock.now()))
    form = SentForm()
    if form.validate_on_submit():
        ticked = set(request.form.getlist("task"))
        ids = [one.task_id for one in waiting if str(one.task_id) in ticked]
        if not ids:
            return saved(url_for(PLACE), message=_("Tick what you have sent."))
        done = finish_tasks(ids, form_key=form.key, by=reader.actor, at=clock.now())
        said = ngettext("%(num)s is noted as sent.", "%(num)s are noted as sent.", done.number)
        return saved(url_for(PLACE), message=said, undo=done.operation or None)
    return _page(form, waiting)


def _page(form: SentForm, waiting: list[ToSend]) -> Any:
    groups: dict[str, dict[str, Any]] = {}
    for one in waiting:
        group = groups.setdefault(
            f"{label(one.touch.label)}|{one.touch.channel}",
            {
                "what": label(one.touch.label),
                "channel": channel_words(one.touch.channel),
                "lines": [],
            },
        )
        group["lines"].append(
            {
                "id": one.task_id,
                "name": one.name,
                "url": url_for("customers.show", number=one.number),
                "due": due_words(one.due_on, None),
                "state": due_state(one.due_on, None),
                "message": message_for(one.touch, one.to) or label(one.touch.content),
            }
        )
    return page("strategies/sending.html", form=form, groups=list(groups.values()))
