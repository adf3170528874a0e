"""Pages of the ladder: quiet customers, ended cooperations, the clean-up list, and after how many days
the steps come."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import can, current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers.choices import choice_label, settable
from crmlite.customers.queries import customer
from crmlite.db.keyset import BadCursor, Page
from crmlite.dormancy import operations, queries, words
from crmlite.dormancy.forms import TermsForm
from crmlite.dormancy.ladder_sql import terms_by_tier
from crmlite.dormancy.rights import CONFIRM, MANAGE
from crmlite.forms import Form
from crmlite.paging import page, saved, toast, with_query
from crmlite.rules.dormancy import Terms, terms_of
from crmlite.rules.periods import quarter
from crmlite.rules.text import clean_int
from crmlite.settings.queries import local_day
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

bp = Blueprint("dormancy", __name__, template_folder="templates")
MOST = 5000
OTHERS = "others"


@bp.get("/dormancy")
@requires("customers:see")
def quiet() -> Any:
    """Customers of whom nothing was heard for long."""
    return _list("quiet", lambda at: queries.quiet(current_reader(), local_day(clock.now()), at))


@bp.get("/dormancy/ended")
@requires("customers:see")
def ended() -> Any:
    """Customers whose contract is over, with nothing after it."""
    return _list("ended", lambda at: queries.ended(current_reader(), at))


@bp.get("/dormancy/cleanup")
@requires(CONFIRM)
def cleanup() -> Any:
    """The clean-up list of the quarter."""
    return _list("cleanup", lambda at: queries.cleanup(_quarter(), current_reader(), at))


@bp.post("/dormancy/cleanup/<what>")
@requires(CONFIRM)
def decide(what: str) -> Any:
    """Archive or keep the selected ones, or all of the list that was shown."""
    if what not in ("archive", "keep"):
        abort(404)
    reader, here, listed = current_reader(), url_for("dormancy.cleanup"), _quarter()
    if request.form.get("quarter") != listed:
        toast(_("A new quarter has begun: look at its list first."), kind="error")
        return saved(here)
    ids = queries.listed_ids(listed, reader, MOST, _picked())
    if not ids:
        toast(_("Nothing was changed: select some first."), kind="error")
        return saved(here)
    if what == "keep":
        done = operations.keep_listed(
            listed, ids, form_key=Form().key, by=reader.actor, at=clock.now()
        )
        return saved(here, message=_("Kept until the next list."), undo=done or None)
    archived = operations.archive_listed(ids, form_key=Form().key, by=reader.actor, at=clock.now())
    message = ngettext("%(num)d customer archived.", "%(num)d customers archived.", archived.number)
    if archived.hindered or len(ids) == MOST:
        message += " " + _("Some are still on the list: confirm it once more.")
    return saved(here, message=message, undo=archived.operation or None)


@bp.post("/customers/<number>/reactivation")
@requires("customers:archive")
def reactivation(number: str) -> Any:
    """Bring an archived customer back, and begin the plan that wins it back."""
    reader = current_reader()
    row = customer(number, seen_by=reader)
    if not reader.covers("customers:archive", row["owner_id"]):
        abort(403)
    done = operations.reactivate(row["id"], by=reader.actor, at=clock.now())
    message = _("%(name)s is back, and the reactivation plan has begun.", name=row["name"])
    here = url_for("customers.show", number=row["number"])
    return saved(here, message=message if done else "", undo=done or None)


@bp.get("/settings/dormancy")
@requires(MANAGE)
def all_terms() -> Any:
    """After how many days the steps come, for each tier."""
    known = terms_by_tier()
    tiers = ["", *(one.key for one in settable("tier"))]
    lines = [_line(tier, terms_of(tier, known), own=tier in known) for tier in tiers]
    return page("dormancy/all_terms.html", lines=lines)


def _line(tier: str, terms: Terms, *, own: bool) -> dict[str, Any]:
    return {
        "name": choice_label("tier", tier) if tier else _("All other tiers"),
        "url": url_for("dormancy.terms", tier=tier or OTHERS),
        "days": [terms.warn, terms.rest, terms.ask, terms.archive],
        "own": own,
    }


@bp.route("/settings/dormancy/<tier>", methods=["GET", "POST"])
@requires(MANAGE)
def terms(tier: str) -> Any:
    """Say after how many days the steps come for a tier."""
    key, title = _tier(tier)
    row = queries.terms_row(key)
    data = dict(row) if row else _shown(key)
    form, faster = TermsForm(data=data), None
    if form.validate_on_submit():
        try:
            done = operations.set_terms(
                key,
                form.value(),
                version=form.seen if row else None,
                form_key=form.key,
                by=current_reader().actor,
                at=clock.now(),
            )
            return saved(url_for("dormancy.all_terms"), message=_("Saved."), undo=done or None)
        except Refused:
            form.blame("rest", _("The steps come one after the other: warn, dormant, archive."))
        except Stale:
            fresh = queries.terms_row(key) or {}
            form.conflict(dict(fresh))
            faster = last_change("dormancy_term", int(fresh.get("id", 0)))
    return page(
        "dormancy/terms.html",
        "dormancy/_terms.html",
        form.http_status,
        form=form,
        title=title,
        here=url_for("dormancy.terms", tier=tier),
        faster=faster,
        drop=url_for("dormancy.drop_terms", tier=tier) if row and key else "",
    )


@bp.post("/settings/dormancy/<tier>/removal")
@requires(MANAGE)
def drop_terms(tier: str) -> Any:
    """Have a tier go by the terms of all others."""
    key, _title = _tier(tier)
    done = operations.drop_terms(key, by=current_reader().actor, at=clock.now())
    return saved(url_for("dormancy.all_terms"), message=_("Saved."), undo=done or None)


def _tier(tier: str) -> tuple[str, str]:
    if tier == OTHERS:
        return "", str(_("All other tiers"))
    if tier not in {one.key for one in settable("tier")}:
        abort(404)
    return tier, choice_label("tier", tier)


def _shown(key: str) -> dict[str, Any]:
    found = terms_of(key, terms_by_tier())
    return {name: getattr(found, name) for name in ("warn", "rest", "ask", "archive")}


def _quarter() -> str:
    return quarter(local_day(clock.now()))


def _picked() -> list[int] | None:
    """The selected ones; None for all of them."""
    if request.form.get("all"):
        return None
    numbers = [
        clean_int(one, least=1, most=2**31 - 1).value for one in request.form.getlist("pick")
    ]
    return [number for number in numbers if number is not None][:MOST]


def _list(kind: str, read: Any) -> Any:
    try:
        shown: Page = read(request.args.get("after", ""))
    except BadCursor:
        abort(404)
    listed = _quarter()
    counts = queries.counted(listed, current_reader(), local_day(clock.now()))
    titles = {"quiet": _("Going quiet"), "ended": _("Cooperation ended")}
    if can(CONFIRM):
        titles["cleanup"] = _("Clean-up list")
    here = url_for(f"dormancy.{kind}")
    return page(
        "dormancy/list.html",
        "dormancy/_list.html",
        kind=kind,
        rows=[_shown_row(row) for row in shown.rows],
        tabs=[
            {
                "label": title,
                "url": url_for(f"dormancy.{name}"),
                "current": name == kind,
                "count": _many(counts[name]),
            }
            for name, title in titles.items()
        ],
        quarter=words.quarter_words(listed),
        listed=listed,
        count=counts[kind],
        total=_many(counts[kind]),
        before=with_query(here, {"after": shown.before}) if shown.before else "",
        after=with_query(here, {"after": shown.after}) if shown.after else "",
    )


def _shown_row(row: Any) -> dict[str, Any]:
    return {
        **row,
        "url": url_for("customers.show", number=row["number"]),
        "move": url_for("customers.lifecycle", number=row["number"], lifecycle="lost"),
        "owner": person_name(row["owner_id"]),
        "tier": choice_label("tier", row["tier"]),
        "lifecycle": choice_label("lifecycle", row["lifecycle"]),
        "lost_reason": choice_label("lost_reason", row["lost_reason"]),
        "held": words.held_words(row["held"]),
        "may_edit": current_reader().covers("customers:edit", row["owner_id"]),
    }


def _many(number: int) -> str:
    return f"{number}+" if number >= queries.MOST_COUNTED else str(number)
