"""The list of customers."""

from functools import cache
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from crmlite import clock, hooks, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.accounts.queries import owners
from crmlite.customers.choices import settable
from crmlite.customers.conditions.catalogue import BookVoice, catalogue, tag_choices
from crmlite.customers.conditions.questions import Questions
from crmlite.customers.lists import Asked, asked_for, count_up_to, listing
from crmlite.customers.lists.answering import CAP
from crmlite.customers.lists.showing import heads, rows
from crmlite.customers.lists.views import View, current, views
from crmlite.customers.views.blueprint import bp
from crmlite.forms.form import fresh_key
from crmlite.paging import page, with_query
from crmlite.panels import Action
from crmlite.rules.conditions import phrases
from crmlite.wording import label

TAB_CAP = 999
Offered = tuple[tuple[int | str, str, str], ...]


def address(asked: Asked, endpoint: str = "customers.index", **changes: object) -> str:
    """The address of a list, with something else about it."""
    return with_query(_place(endpoint, request.script_root), asked.query(**changes))


@cache  # a page of the list has twenty addresses of these few places
def _place(endpoint: str, _mounted_at: str) -> str:
    return url_for(endpoint)


@bp.get("/customers")
@requires("customers:see")
def index() -> Response:
    """The list that the address asks for."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    today = clock.today(ZoneInfo(settings.get("timezone")))
    found = listing(asked, reader, today)
    known = views(reader)
    shown = current(asked, known)
    left_out = next((view.asked.problems for view in known if view.key == asked.view), ())
    return page(
        "customers/list.html",
        "customers/_list.html",
        asked=asked,
        found=found,
        heads=heads(asked, reader),
        rows=rows(found, asked, reader, today),
        chips=phrases(asked.tree, catalogue(reader), BookVoice()) if asked.tree.parts else [],
        problems=Questions(reader).said((*asked.problems, *left_out)),
        tabs=tabs(known, shown, asked),
        view=next((view for view in known if view.key == shown and view.may_change), None),
        total=total(found.count),
        bulk=bulk_offers(reader),
        actions=actions(asked, reader),
        address=address,
        without=lambda place: address(asked.without(place)),
    )


@bp.get("/customers/views/counts")
@requires("customers:see")
def counts() -> Response:
    """The tabs again, with how many customers each view has."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    today = clock.today(ZoneInfo(settings.get("timezone")))
    known = views(reader)
    numbers = {view.key: count_up_to(view.asked, reader, today, TAB_CAP) for view in known}
    return page(
        "customers/list_tabs.html",
        "customers/_list_tabs.html",
        asked=asked,
        tabs=tabs(known, current(asked, known), asked, numbers),
        counted=True,
        address=address,
    )


def tabs(
    known: list[View], shown: str, asked: Asked, numbers: dict[str, int] | None = None
) -> list[dict[str, object]]:
    """The views as tabs; counts above 999 read as "999+"."""
    return [
        {
            "label": view.name,
            "url": address(view.asked),
            "current": view.key == shown,
            "count": _short(numbers[view.key]) if numbers is not None else "",
        }
        for view in known
    ]


def _short(count: int) -> str:
    return f"{TAB_CAP}+" if count > TAB_CAP else str(count)


def total(count: int) -> str:
    """A count for people: "10,000+" above the cap."""
    return f"{format_decimal(CAP)}+" if count > CAP else str(format_decimal(count))


def actions(asked: Asked, reader: Reader) -> list[Action]:
    """The buttons of slices and packs for this list."""
    query = with_query("", asked.query()).removeprefix("?")
    found: list[Action] = hooks.asked("customer_list_actions", query=query, reader=reader)
    return sorted(found, key=lambda one: one.weight)


def bulk_offers(reader: Reader) -> dict[str, object]:
    """What may be done with several customers at once; empty when nothing may.

    What is chosen from is (value, words, further words to find it by).
    """
    if not reader.may("customers:edit"):
        return {}
    people: Offered = ()
    if reader.may("customers:assign"):
        people = tuple((person.id, person.name, person.login) for person in owners())
    tags = tuple(
        (tag.id, label(tag.label), " ".join(tag.label.values()))
        for tag in tag_choices()
        if tag.settable
    )
    return {
        "form_key": fresh_key(),
        "offered": {
            "people": people,
            "tags": tags,
            "stages": _offered("stage"),
            "tiers": _offered("tier") if reader.may("customers:tier") else (),
        },
        "archive": reader.may("customers:archive"),
    }


def _offered(name: str) -> Offered:
    return tuple((choice.key, label(choice.label), "") for choice in settable(name))
