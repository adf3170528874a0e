"""The page of a case, and the parts of it that renew themselves."""

from typing import Any

from flask import request

from crmlite.access import requires
from crmlite.cases.forms.work import MessageForm
from crmlite.cases.queries.replies import offered_replies, reply_text
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import found
from crmlite.paging import page
from crmlite.rules.text import clean_int

MOST = 2**31 - 1


@bp.get("/cases/<number>")
@requires("cases:see")
def show(number: str) -> Any:
    """A case: its clocks, what was said, who is on it."""
    record = found(number)
    reply = clean_int(request.args.get("reply", ""), least=1, most=MOST).value
    data = {
        "direction": "out",
        "channel": record.row["channel"],
        "content": reply_text(record.reader, reply, record) if reply else "",
    }
    form = MessageForm(formdata=None, data=data)
    return page("cases/case.html", "cases/_case.html", **case_context(record, form))


def case_context(record: Any, form: Any) -> dict[str, Any]:
    """What the page of a case is drawn from."""
    return {
        "record": record,
        "form": form,
        "replies": offered_replies(record.reader) if record.editable else [],
        "now": record.now,
    }
