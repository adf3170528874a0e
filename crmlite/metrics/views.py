"""Reports: how well records, promises and the plan are kept, and the rows behind each figure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask import Blueprint, abort, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.whose import Whose
from crmlite.metrics.declaring import Metric, Span
from crmlite.metrics.definitions import METRICS
from crmlite.metrics.showing import listing, report
from crmlite.metrics.whose import asked, group_choices, person_choices
from crmlite.paging import page, with_query
from crmlite.rules.periods import KINDS, MONTH, OWN, QUARTER, WEEK, Period, is_sensible
from crmlite.rules.text import clean_int
from crmlite.wording import N_, label, teller

bp = Blueprint("metrics", __name__, template_folder="templates")
LABELS = {WEEK: N_("Week"), MONTH: N_("Month"), QUARTER: N_("Quarter"), OWN: N_("Own dates")}


@bp.get("/reports/record-keeping")
@requires(SIGNED_IN)
def record_keeping() -> Any:
    """The figures of the reader; `?who=` a person's, `?team=` a team's, `?all=1` everybody's, for those
    who may; `?period=` and `?day=`, or `?first=` and `?last=`, say of which days."""
    reader = current_reader()
    shown, span = _shown(reader), _span()

    def rows(metric: Metric, query: Mapping[str, str]) -> str:
        here = url_for("metrics.rows", name=metric.name)
        return with_query(here, {**query, **_query(span.period)})

    def of(query: Mapping[str, str]) -> str:
        return with_query(url_for("metrics.record_keeping"), {**query, **_query(span.period)})

    return page(
        "metrics/record_keeping.html",
        shown=shown,
        report=report(shown, span, rows),
        groups=group_choices(reader, shown, of),
        persons=person_choices(reader, shown, of),
        address=of,
        **_period_context(span, shown, url_for("metrics.record_keeping")),
    )


@bp.get("/reports/record-keeping/<name>")
@requires(SIGNED_IN)
def rows(name: str) -> Any:
    """The rows behind a figure, those that were not kept first; `?missed=1` these only."""
    metric = METRICS.get(name)
    if metric is None:
        abort(404)
    reader, span, missed = current_reader(), _span(), "missed" in request.args
    shown = _shown(reader)
    number = clean_int(request.args.get("page", ""), least=1, most=100_000).value or 1
    figure, found = listing(metric, reader, shown, span, missed=missed, page=number)
    here = url_for("metrics.rows", name=name)
    kept = {"missed": "1"} if missed else {}

    def address(**changes: str) -> str:
        query = {**dict(shown.query or (("who", reader.login),)), **_query(span.period)}
        return with_query(here, {**query, **kept, **changes})

    return page(
        "metrics/rows.html",
        shown=shown,
        figure=figure,
        found=found,
        missed=missed,
        address=address,
        up=with_query(
            url_for("metrics.record_keeping"), {**dict(shown.query), **_query(span.period)}
        ),
        **_period_context(span, shown, here, **kept),
    )


def _shown(reader: Reader) -> Whose:
    shown = asked(reader, request.args)
    if shown is None:
        abort(404)
    return shown


def _span() -> Span:
    """The days that the address names; this month without a name."""
    now, zone = clock.now(), firm_zone()
    today = now.astimezone(zone).date()
    kind = request.args.get("period", "")
    first, last = _day("first"), _day("last")
    if kind == OWN and first is not None and last is not None:
        return Span(Period.between(first, last), zone, now)
    if kind == OWN:
        return Span(Period.between(today.replace(day=1), today), zone, now)
    known = kind if kind in KINDS else MONTH
    return Span(Period.around(known, _day("day") or today), zone, now)


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if is_sensible(day) else None


def _query(period: Period) -> dict[str, str]:
    """How an address names a period."""
    if period.kind == OWN:
        return {
            "period": OWN,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        }
    return {"period": period.kind, "day": period.first.isoformat()}


def _period_context(span: Span, shown: Whose, here: str, **more: str) -> dict[str, Any]:
    """The period in words, those beside it, and other kinds of periods."""
    period, query = span.period, {**dict(shown.query), **more}
    other = period.first if period.first <= span.today <= period.last else None
    around = {"day": (span.today if other else period.first).isoformat()}
    following = period.after()

    def address(found: Mapping[str, str]) -> str:
        return with_query(here, {**query, **found})

    return {
        "period": period,
        "period_words": _words(period),
        "period_before": address(_query(period.before())),
        "period_after": address(_query(following)) if following.first <= span.today else "",
        "kinds": [
            {
                "label": label(words),
                "url": address(
                    _query(Period(OWN, period.first, period.last))
                    if kind == OWN
                    else {"period": kind, **around}
                ),
                "current": kind == period.kind,
            }
            for kind, words in LABELS.items()
        ],
        "own_url": here,
        "own_query": query,
    }


def _words(period: Period) -> str:
    """A period as a heading says it."""
    if period.kind == MONTH:
        return str(format_skeleton("yMMMM", period.first, locale=teller().locale))
    if period.kind == QUARTER:
        return str(format_skeleton("yQQQ", period.first, locale=teller().locale))
    return _(
        "%(first)s to %(last)s",
        first=format_date(period.first, "medium"),
        last=format_date(period.last, "medium"),
    )
