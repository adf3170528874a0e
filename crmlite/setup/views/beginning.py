"""The steps after the first login, of the manager who has it: the packs of the trade, and with which
customers to begin."""

from typing import Any

from flask import make_response, request, url_for

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.forms import Form
from crmlite.packs import queries
from crmlite.packs.operations import disable_pack, enable_pack
from crmlite.packs.rights import MANAGE
from crmlite.packs.words import refusal
from crmlite.paging import page, redirected, toast, wants_part
from crmlite.setup.jobs import ENDED, FAILED, STEPS, state_of_demo, steps_done
from crmlite.setup.operations import ask_for_demo
from crmlite.setup.queries import is_new
from crmlite.setup.views.blueprint import bp, step
from crmlite.work import Refused

SET = "settings:manage"


@bp.route("/packs", methods=["GET", "POST"])
@requires(MANAGE)
def packs() -> Any:
    """Which packs are to be on."""
    if not is_new():
        return redirected(url_for("packs.overview"))
    found = [one for one in queries.packs() if one.can_be_on or one.is_on]
    if not found:
        return redirected(url_for("setup.book"))
    form = Form()
    if form.validate_on_submit():
        if _switch(found, set(request.form.getlist("pack"))):
            return redirected(url_for("setup.book"))
        return redirected(url_for("setup.packs"))
    brings = {one.name: queries.brings(one.name) for one in found}
    return step("packs", status=form.http_status, form=form, packs=found, brings=brings)


def _switch(found: list[queries.PackState], wanted: set[str]) -> bool:
    """Have those on that were ticked; whether all of it could be done."""
    by, done = current_reader().actor, True
    for one in found:
        if one.is_on == (one.name in wanted):
            continue
        try:
            (disable_pack if one.is_on else enable_pack)(one.name, by=by, at=clock.now())
        except Refused as refused:
            toast(refusal(refused), kind="error")
            done = False
    return done


@bp.route("/book", methods=["GET", "POST"])
@requires(SET)
def book() -> Any:
    """With demo data, with one's own, or with nothing."""
    if not is_new():
        return redirected(url_for("dashboard.today"))
    form = Form()
    if form.validate_on_submit():
        reader = current_reader()
        ask_for_demo(reader.user_id, by=reader.actor, at=clock.now(), form_key=form.key)
        return redirected(url_for("setup.demo"))
    return step("book", status=form.http_status, form=form)


@bp.get("/demo")
@requires(SET)
def demo() -> Any:
    """How far the demo data are; Today once they are there."""
    state = state_of_demo()
    if state == ENDED:
        return _to_today()
    return page(
        "setup/demo.html",
        "setup/_demo.html",
        failed=state == FAILED,
        done=steps_done(),
        total=len(STEPS) + 1,
    )


def _to_today() -> Any:
    url = url_for("dashboard.today")
    if not wants_part():
        return redirected(url)
    response = make_response("")
    response.headers["HX-Redirect"] = url
    return response
