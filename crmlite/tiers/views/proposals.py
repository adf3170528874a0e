"""The list of proposals: from which tier to which, why, accepted or declined."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers.choices import choice_label
from crmlite.forms import Form
from crmlite.paging import page, saved, toast, with_query
from crmlite.rules.text import clean_int
from crmlite.tiers import operations, queries
from crmlite.tiers.queries import SIZE, Asked
from crmlite.tiers.rights import MANAGE
from crmlite.tiers.views.blueprint import bp
from crmlite.tiers.words import chosen_words, factor_words
from crmlite.wording import N_
from crmlite.work.batches import Outcome

AMOUNTS = "customers:amounts"
MOST = 5000  # at once: whoever presses waits for it
STATES = {
    "open": N_("To decide"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "overtaken": N_("Changed meanwhile"),
}


@bp.get("/strategies/tiers")
@requires(MANAGE)
def index() -> Any:
    """The list that stands."""
    reader, review, asked = current_reader(), queries.current_review(), _asked()
    rows = queries.proposals(review["id"], asked, reader) if review else []
    return page(
        "tiers/proposals.html",
        review=review,
        is_making=queries.is_making(),
        looked=format_decimal(review["looked"]) if review else "",
        unknown=format_decimal(review["unknown"]) if review else "",
        asked=asked,
        states=[(key, _(words), _url(asked, state=key, page=1)) for key, words in STATES.items()],
        moves=_moves(review, asked, reader),
        lines=[_line(row, reader) for row in rows[:SIZE]],
        form=Form(),
        here=_url(asked),
        before=_url(asked, page=asked.page - 1) if asked.page > 1 else "",
        after=_url(asked, page=asked.page + 1) if len(rows) > SIZE else "",
    )


@bp.post("/strategies/tiers/<what>")
@requires(MANAGE)
def decide(what: str) -> Any:
    """Accept or decline the picked ones, or all that the address asks for."""
    if what not in ("acceptance", "refusal"):
        abort(404)
    reader, review, asked = current_reader(), queries.current_review(), _asked()
    here = _url(asked)
    if review is None:
        return saved(here)
    if request.form.get("review") not in (None, str(review["id"])):
        toast(_("A new list was made meanwhile: look at it first."), kind="error")
        return saved(here)
    picked = None if "all" in request.form else _picked()
    ids = queries.proposal_ids(review["id"], asked, reader, picked)
    if not ids:
        toast(_("Nothing was changed: select some first."), kind="error")
        return saved(here)
    decided = operations.accept if what == "acceptance" else operations.decline
    done = decided(ids[:MOST], form_key=Form().key, by=reader.actor, at=clock.now())
    said = _said(what, done, is_more=len(ids) > MOST or done.hindered != "")
    return saved(here, message=said, undo=done.operation or None)


@bp.post("/strategies/tiers/review")
@requires(MANAGE)
def review() -> Any:
    """Have a list made now."""
    if queries.is_making():
        return saved(url_for("tiers.index"), message=_("A list is being made already."))
    operations.ask_for_review(by=current_reader().actor, at=clock.now())
    return saved(url_for("tiers.index"), message=_("A new list is being made."))


def _said(what: str, done: Outcome, *, is_more: bool) -> str:
    if what == "acceptance":
        said = ngettext("%(num)d tier changed.", "%(num)d tiers changed.", done.number)
    else:
        said = ngettext("%(num)d declined.", "%(num)d declined.", done.number)
    if done.left:
        said += " " + ngettext(
            "%(num)d was left: pinned, or changed meanwhile.",
            "%(num)d were left: pinned, or changed meanwhile.",
            done.left,
        )
    if is_more:
        said += " " + _("Some are still on the list: confirm it once more.")
    return str(said)


def _asked() -> Asked:
    state = request.args.get("state", "open")
    number = clean_int(request.args.get("page", "1"), least=1, most=100_000).value
    return Asked(
        before=request.args.get("before", "")[:40],
        after=request.args.get("after", "")[:40],
        state=state if state in STATES else "open",
        page=number or 1,
    )


def _picked() -> list[int]:
    found = (
        clean_int(text, least=1, most=2**31 - 1).value for text in request.form.getlist("id")[:SIZE]
    )
    return [one for one in found if one is not None]


def _url(asked: Asked, **changes: Any) -> str:
    query = {
        "before": asked.before,
        "after": asked.after,
        "state": "" if asked.state == "open" else asked.state,
        "page": asked.page,
        **changes,
    }
    query["state"] = "" if query["state"] == "open" else query["state"]
    query["page"] = "" if query["page"] == 1 else query["page"]
    return with_query(url_for("tiers.index"), query)


def _moves(review: Any, asked: Asked, reader: Reader) -> list[dict[str, Any]]:
    """From which tier to which, how many, with the address that shows only them."""
    if review is None:
        return []
    return [
        {
            "words": f"{_tier(before)} → {_tier(after)}",
            "count": format_decimal(count),
            "url": _url(asked, before=before or "-", after=after, state="open", page=1),
            "is_shown": (asked.before, asked.after) == (before or "-", after),
        }
        for before, after, count in queries.moves(review["id"], reader)
    ]


def _line(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    sees = reader.covers(AMOUNTS, row["customer_owner_id"])
    return {
        "id": row["id"],
        "name": row["customer_name"],
        "number": row["customer_number"],
        "url": url_for("customers.show", number=row["customer_number"]),
        "owner": person_name(row["customer_owner_id"]),
        "before": _tier(row["before"]),
        "after": _tier(row["after"]),
        "mean": format_decimal(round(row["mean"])) if row["mean"] is not None and sees else "–",
        "known": row["known"],
        "why": factor_words(row["points"], sees_amounts=sees),
        "chosen": chosen_words(row),
        "pinned": row["pin_reason"] or "",
        "is_changed": row["state"] == "open" and row["customer_tier"] != row["before"],
    }


def _tier(key: str | None) -> str:
    return choice_label("tier", key) if key else _("none")
