"""The page of a case, and the parts of it that renew themselves."""

from typing import Any

from flask import request, url_for

from crmlite.access import requires
from crmlite.accounts.queries import people
from crmlite.cases import query_string
from crmlite.cases.forms.work import message_form
from crmlite.cases.queries.queue import VIEWS, neighbours
from crmlite.cases.queries.replies import offered_replies, reply_text
from crmlite.cases.record import CaseRecord
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import found
from crmlite.cases.views.queue import TITLES
from crmlite.paging import page, wants_part, with_query
from crmlite.rules.text import clean_int
from crmlite.wording import label

MOST = 2**31 - 1


@bp.get("/cases/<number>")
@requires("cases:see")
def show(number: str) -> Any:
    """A case: its clocks, what was said, who is on it."""
    record = found(number)
    reply = clean_int(request.args.get("reply", ""), least=1, most=MOST).value
    form = message_form(record, reply_text(record.reader, reply, record) if reply else "")
    context = case_context(record, form) | {"beside": _beside(record)}
    return page("cases/case.html", "cases/_case.html", **context)


def _beside(record: CaseRecord) -> dict[str, str] | None:
    """The way back to the queue that the case was opened from, and to the cases before and after it
    there; None where it was opened from elsewhere."""
    if request.args.get("view") not in VIEWS or wants_part():
        return None
    wanted = query_string.wanted_of(request.args, record.reader)
    before, after = neighbours(record.reader, wanted, record.row)
    query = query_string.query_of(wanted)

    def leads_to(number: str) -> str:
        return with_query(url_for("cases.show", number=number), query) if number else ""

    return {
        "title": label(TITLES[wanted.view]),
        "back": with_query(url_for("cases.queue"), query),
        "before": leads_to(before),
        "after": leads_to(after),
    }


def case_context(record: Any, form: Any) -> dict[str, Any]:
    """What the page of a case is drawn from."""
    return {
        "record": record,
        "form": form,
        "replies": offered_replies(record.reader) if record.editable else [],
        "names": _names() if record.editable else [],
        "now": record.now,
        "beside": None,
    }


def _names() -> list[Any]:
    """Whom a note can mention."""
    return [one for one in people().values() if one.active]
