"""One change to several customers, from the bar over the list."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.accounts.queries import owners
from crmlite.customers.choices import settable
from crmlite.customers.conditions.catalogue import tag_choices
from crmlite.customers.doubts import number_doubtful
from crmlite.customers.lists import args_of, asked_for, changeable, ids_matching, whole
from crmlite.customers.operations.bulk import BulkChange, change_many
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.overview import address
from crmlite.forms import Form
from crmlite.paging import saved, toast
from crmlite.rules.text import clean_int
from crmlite.wording import N_
from crmlite.work.batches import Outcome

MOST = 5000
RIGHTS = {
    "owner": "customers:assign",
    "tier": "customers:tier",
    "stage": "customers:edit",
    "tag": "customers:edit",
    "untag": "customers:edit",
    "archive": "customers:archive",
}

HINDERED = {
    "busy": N_(
        "%(number)s of %(all)s customers changed, then the book was busy. The others are as they "
        "were: change them in a moment."
    ),
    "full": N_(
        "%(number)s of %(all)s customers changed, then the disk was full. The others are as they "
        "were: ask whoever runs this server to free some space."
    ),
}


@bp.post("/customers/bulk/<what>")
@requires("customers:edit")
def change(what: str) -> Any:
    """Set owner, tier or stage, add or take a tag, archive: the selected ones or all of the list.

    Those on which the reader does not hold the right stay as they are and are counted.
    """
    reader = current_reader()
    right = RIGHTS.get(what)
    if right is None:
        abort(404)
    if not reader.may(right):
        abort(403)
    asked = asked_for(_list_args(), reader)
    back = address(asked)
    wanted = _change(what, request.form.get("value", ""))
    if wanted is None:
        abort(422)
    selected, picked = _selected(reader, right, what)
    if len(selected) > MOST:
        toast(_("At most %(most)s at once. Narrow the list down first.", most=MOST), kind="error")
        return saved(back)
    if not selected:
        toast(_("Nothing was changed: none of the selected ones allows it."), kind="error")
        return saved(back)
    done = change_many(selected, wanted, form_key=Form().key, by=reader.actor, at=clock.now())
    if done.hindered:
        toast(_cut_short(done, len(selected)), undo=done.operation, kind="error")
        return saved(back)
    message = ngettext("%(num)d customer changed.", "%(num)d customers changed.", done.number)
    if what == "stage" and done.number and (unlikely := number_doubtful(selected, what, reader)):
        message += " " + ngettext(
            "%(num)d looks doubtful: the stage does not fit the rest.",
            "%(num)d look doubtful: the stage does not fit the rest.",
            unlikely,
        )
    if left := picked - len(selected) + done.left:
        message += " " + _left_alone(what, left)
    return saved(back, message=message, undo=done.operation or None)


def _left_alone(what: str, number: int) -> str:
    if what == "archive":
        return ngettext(
            "%(num)d was left as it is: only lost and dormant customers are archived.",
            "%(num)d were left as they are: only lost and dormant customers are archived.",
            number,
        )
    return ngettext("%(num)d was left as it is.", "%(num)d were left as they are.", number)


def _cut_short(done: Outcome, wanted: int) -> str:
    """What was done of a change that others or a full disk kept from its end."""
    numbers = {"number": format_decimal(done.number), "all": format_decimal(wanted)}
    return str(_(HINDERED[done.hindered], **numbers))


def _list_args() -> MultiDict[str, str]:
    """The list that the selection was made on, as its address says it."""
    return args_of(request.form.get("list", ""))


def _selected(reader: Reader, right: str, what: str) -> tuple[list[int], int]:
    """The ids that may be changed so, and how many were selected."""
    if request.form.get("all"):
        today = clock.today(ZoneInfo(settings.get("timezone")))
        asked = whole(asked_for(_list_args(), reader))
        found = ids_matching(asked, reader, today, right)
        return changeable(reader, found, right, resting=what == "archive"), len(found)
    picks = [
        clean_int(text, least=1, most=2**31 - 1).value for text in request.form.getlist("pick")
    ]
    ids = [pick for pick in dict.fromkeys(picks) if pick is not None]
    return changeable(reader, ids, right, resting=what == "archive"), len(ids)


def _change(what: str, value: str) -> BulkChange | None:
    """The change that is asked for; None when its value is not one that is offered."""
    match what:
        case "archive":
            return BulkChange(values={"state": "archived"})
        case "owner":
            if value == "nobody":
                return BulkChange(values={"owner_id": None})
            known = {str(person.id): person.id for person in owners()}
            return BulkChange(values={"owner_id": known[value]}) if value in known else None
        case "stage" | "tier":
            keys = {choice.key for choice in settable(what)}
            return BulkChange(values={what: value}) if value in keys else None
    tag = next((tag for tag in tag_choices() if str(tag.id) == value), None)
    if tag is None or tag.automatic or tag.resting:
        return None
    if what == "untag":
        return BulkChange(remove_tags=frozenset({tag.id}))
    rivals = {
        other.id
        for other in tag_choices()
        if tag.exclusive and other.dimension == tag.dimension and other.id != tag.id
    }
    return BulkChange(add_tags=frozenset({tag.id}), remove_tags=frozenset(rivals))
