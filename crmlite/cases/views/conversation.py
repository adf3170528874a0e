"""What is said about a case: replies, what the customer says, notes for colleagues."""

import re
from typing import Any

from flask import request
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import people, person_name
from crmlite.cases import operations
from crmlite.cases.forms.work import FROM_CUSTOMER, INTERNAL, TO_CUSTOMER, MessageForm
from crmlite.cases.operations import Said
from crmlite.cases.queries.replies import reply_text
from crmlite.cases.sight import unable
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.case import MOST, case_context
from crmlite.cases.views.finding import done, found, words
from crmlite.paging import page
from crmlite.rules.text import clean_int
from crmlite.wording import ago
from crmlite.work import Refused, Stale

MENTION = re.compile(r"[@＠](?=([^\s@＠,，。:：;；]+))")


@bp.post("/cases/<number>/messages")
@requires("cases:edit")
def say(number: str) -> Any:
    """Add to the conversation."""
    record = found(number, "cases:edit")
    form = MessageForm()
    if reply := clean_int(request.form.get("reply", ""), least=1, most=MOST).value:
        text = reply_text(record.reader, reply, record)
        form.content.data = "\n".join(filter(None, (form.content.data, text)))
        return page("cases/case.html", "cases/_case.html", **case_context(record, form))
    if form.validate_on_submit():
        try:
            undo = _said(form, record)
            return done(number, _message(form, record), undo)
        except Refused as refusal:
            form.blame(None, words(refusal))
        except Stale as stale:
            record = found(number, "cases:edit")
            form.answered_meanwhile(record.newest, _meanwhile(record, stale.record_id))
    return page(
        "cases/case.html", "cases/_case.html", form.http_status, **case_context(record, form)
    )


def _said(form: MessageForm, record: Any) -> int:
    case_id, by, at = record.row["id"], current_reader().actor, clock.now()
    said = Said(
        content=form.content.data,
        channel=form.channel.data or record.row["channel"],
        contact_id=record.row["contact_id"],
    )
    if form.direction.data == INTERNAL:
        mentions = mentioned(form.content.data)
        return int(
            operations.note(
                case_id, form.content.data, mentions=mentions, form_key=form.key, by=by, at=at
            )
        )
    if form.direction.data == FROM_CUSTOMER:
        return int(operations.hear(case_id, said, form_key=form.key, by=by, at=at))
    return int(
        operations.answer(
            case_id,
            said,
            promises=form.promises(),
            is_report=bool(form.is_report.data),
            seen=form.seen,
            form_key=form.key,
            by=by,
            at=at,
        )
    )


def _message(form: MessageForm, record: Any) -> str:
    if form.direction.data != INTERNAL:
        is_answer = form.direction.data == TO_CUSTOMER
        if is_answer and not form.promises() and found(record.number).asks_for_response:
            return _(
                "Written down, but the first response is still due: say the next step and by when."
            )
        return _("Written down.")
    blind = unable(mentioned(form.content.data), record.row["id"])
    if not blind:
        return _("Noted for colleagues.")
    who = _(", ").join(map(person_name, blind))
    return _(
        "Noted. %(who)s cannot open this case and was not told: add them to the joint team.",
        who=who,
    )


def _meanwhile(record: Any, message_id: int) -> str:
    """That a colleague answered the customer while somebody wrote, too."""
    row = next(one for one in record.messages if one["id"] == message_id)
    return _(
        "%(who)s answered meanwhile (%(when)s). Save again to send yours too.",
        who=person_name(row["author_id"]),
        when=ago(row["at"]),
    )


def mentioned(text: str) -> tuple[int, ...]:
    """Whom a note mentions: `@` and a name, the longest that fits, else a login or the first part of a
    name, as far as it is theirs alone."""
    found: list[int] = []
    everyone = [one for one in people().values() if one.active]
    for match in MENTION.finditer(text):
        said, rest = match[1].casefold(), text[match.end() :].casefold()
        fits = [one for one in everyone if rest.startswith(one.name.casefold())]
        longest = max((len(one.name) for one in fits), default=0)
        fits = [one for one in fits if len(one.name) == longest]
        fits = fits or [one for one in everyone if _is_called(one, said)]
        if len(fits) == 1 and fits[0].id not in found:
            found.append(fits[0].id)
    return tuple(found)


def _is_called(person: Any, said: str) -> bool:
    """Whether a word is somebody's login, or the first part of the name."""
    return said in (person.login.casefold(), person.name.casefold().split()[0])
