"""The steps up to the first login: open to nobody but who has the set-up code, and only until somebody
can sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import current_reader, requires
from crmlite.accounts import passwords, queries, throttle
from crmlite.accounts.entering import begin
from crmlite.accounts.operations import NewUser
from crmlite.accounts.operations.shipped import MANAGER as MANAGER_ROLE
from crmlite.calendars.shipped import WEEK
from crmlite.networks import network
from crmlite.paging import page, redirected
from crmlite.setup import code
from crmlite.setup.draft import FIRM, MANAGER, MARK, PLACE, drop, keep, said
from crmlite.setup.forms import CodeForm, FirmForm, ManagerForm, PlaceForm
from crmlite.setup.guessing import country_of, currency_of, zone_of
from crmlite.setup.operations import SETUP, NewBook, set_up
from crmlite.setup.views.blueprint import bp, step
from crmlite.work import Refused
from crmlite.work.operations import was_done

TRIES = 20  # of codes, from one network within an hour


def while_open(view: Callable[[], Any]) -> Callable[[], Any]:
    """Show a page only before anybody can sign in. Who was in the middle of it learns that somebody
    else was faster."""

    @wraps(view)
    def shown() -> Any:
        if code.is_open():
            return view()
        if current_reader().is_authenticated:
            return redirected(url_for("dashboard.today"))
        if said(MARK):
            return _taken()
        return redirected(url_for("accounts.sign_in"))

    return shown


def with_code(view: Callable[[], Any]) -> Callable[[], Any]:
    """The same for who has given the code; others are asked for it."""

    @while_open
    @wraps(view)
    def shown() -> Any:
        if not code.is_mark(said(MARK) or ""):
            return redirected(url_for("setup.start"))
        return view()

    return shown


def sent_once(view: Callable[[], Any]) -> Callable[[], Any]:
    """The same for a step that was sent twice: nobody else was faster, and what was said is saved."""

    @wraps(view)
    def shown() -> Any:
        key = ManagerForm(firm="").key if request.method == "POST" else ""
        if key and not code.is_open() and was_done("book_set_up", by=SETUP, form_key=key):
            return redirected(url_for("accounts.sign_in"))
        return view()

    return shown


@bp.route("", methods=["GET", "POST"])
@requires(None)
@while_open
def start() -> Any:
    """Where the address on the console leads, `?code=`; without the code it is asked for."""
    form = CodeForm()
    typed = request.args.get("code", "") if request.method == "GET" else ""
    if form.validate_on_submit():
        typed = form.code.data
    elif not typed:
        if code.is_mark(said(MARK) or ""):
            return redirected(url_for("setup.place"))
        return _asked(form, form.http_status)
    pause = throttle.spend(f"setup {network(request.remote_addr)}", TRIES, clock.now())
    if pause is not None:
        form.blame(None, _("Too many tries. %(wait)s, please.", wait=throttle.in_words(pause)))
        response = _asked(form, 429)
        response.headers["Retry-After"] = str(throttle.seconds(pause))
        return response
    mark = code.mark_of(typed)
    if not mark:
        form.blame(None, _("This code does not hold. Take the newest one that the console shows."))
        return _asked(form, 422)
    keep(MARK, mark)
    return redirected(url_for("setup.place"))


@bp.route("/language", methods=["GET", "POST"])
@requires(None)
@with_code
def place() -> Any:
    """Which language, and which country: the next step guesses by it."""
    locale = get_locale()
    lang = locale.language if locale else "en"
    accepted = [one for one, _quality in request.accept_languages]
    guessed = {"lang": lang, "country": country_of(accepted, lang)}
    before = said(PLACE) or {}
    form = PlaceForm(data={**guessed, **before, "lang": lang})
    if not form.validate_on_submit():
        return step("place", status=form.http_status, form=form)
    if before.get("country") != form.country.data:
        drop(FIRM, "timezone", "currency")
    keep(PLACE, {"country": form.country.data})
    session["lang"] = form.lang.data
    return redirected(url_for("setup.firm"))


@bp.route("/firm", methods=["GET", "POST"])
@requires(None)
@with_code
def firm() -> Any:
    """The firm: its name, its hours, its money."""
    if not said(PLACE):
        return redirected(url_for("setup.place"))
    country = said(PLACE)["country"]
    form = FirmForm(
        data={
            "timezone": zone_of(country),
            "currency": currency_of(country),
            "tier_scheme": settings.get("tier_scheme"),
            "days": [str(number) for number, day in enumerate(WEEK) if day],
            "hours": WEEK[0],
            **(said(FIRM) or {}),
        }
    )
    if not form.validate_on_submit():
        return step("firm", status=form.http_status, form=form)
    names = ("company_name", "timezone", "currency", "tier_scheme", "days", "hours")
    keep(FIRM, {name: form[name].data for name in names})
    return redirected(url_for("setup.manager"))


@bp.route("/manager", methods=["GET", "POST"])
@requires(None)
@sent_once
@with_code
def manager() -> Any:
    """The first login; with it the book is set up, and this browser signed in."""
    if not said(PLACE) or not said(FIRM) or "timezone" not in said(FIRM):
        return redirected(url_for("setup.firm"))
    form = ManagerForm(firm=said(FIRM)["company_name"], data=said(MANAGER))
    if form.is_submitted():
        keep(MANAGER, {"name": form.name.data or "", "login": form.login.data or ""})
    if not form.validate_on_submit():
        return step("manager", status=form.http_status, form=form, least=passwords.LEAST)
    at = clock.now()
    try:
        set_up(_book(form), form_key=form.key, by=SETUP, at=at)
    except Refused as refused:
        if refused.code != "book-has-people":
            raise
        return _taken()
    code.forget()
    found = queries.credentials(form.login.data)
    if found is None or not begin(found, at):
        return redirected(url_for("accounts.sign_in"))
    return redirected(url_for("setup.packs"))


def _book(form: ManagerForm) -> NewBook:
    firm, lang = said(FIRM), session.get("lang", "")
    days = {int(number) for number in firm["days"]}
    names = ("company_name", "timezone", "currency", "tier_scheme")
    return NewBook(
        settings={
            **{name: firm[name] for name in names},
            "country": said(PLACE)["country"],
            "language": lang,
        },
        week=[firm["hours"] if number in days else [] for number in range(7)],
        manager=NewUser(
            login=form.login.data,
            name=form.name.data,
            role=MANAGER_ROLE,
            lang=lang,
            password_hash=passwords.hashed(form.new.data),
        ),
    )


def _asked(form: CodeForm, status: int) -> Any:
    return page("setup/code.html", status=status, form=form)


def _taken() -> Any:
    return page("setup/taken.html", status=409)
