"""The page of the form for a contact, and the walk through Today from one such form to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader
from crmlite.customers import queries as customers
from crmlite.followups.days import soon
from crmlite.followups.forms import InteractionForm
from crmlite.followups.just_now import fresh_form
from crmlite.followups.kinds import ICONS
from crmlite.followups.queries import today as todays
from crmlite.followups.queries.of_customer import open_steps
from crmlite.followups.queries.steps import step
from crmlite.followups.views.staying import CHANGED
from crmlite.forms.times import zone
from crmlite.paging import page, saved, with_query
from crmlite.rules.text import clean_int

Row = Mapping[str, Any]
MOST_ID = 2**31 - 1
KEPT = ("back", "step", "walk", "start", "took")  # what goes along from the address of the form


@dataclass(frozen=True, slots=True)
class Walk:
    """The way through Today: from the step at hand to the one after it."""

    reader: Reader
    here: Row

    @classmethod
    def asked(cls, reader: Reader) -> "Walk | None":
        """The walk that the address is part of; None when it is none."""
        here = clean_int(request.args.get("step", ""), least=1, most=MOST_ID).value
        if "walk" not in request.args or here is None:
            return None
        return cls(reader, step(here, reader, "interactions:create"))

    @property
    def following(self) -> Row | None:
        """The line after the one at hand, as things stand now."""
        days = todays.Days.around(clock.today(zone()))
        return todays.next_to_log(self.reader, days, self.here)

    @property
    def skip_url(self) -> str:
        """Where the line after this one is written down; Today after the last."""
        following = self.following
        return walk_url(following) if following else url_for("dashboard.today")

    @property
    def is_last(self) -> bool:
        """Whether none comes after it."""
        return self.following is None

    def answer(self, message: str, undo: int) -> Any:
        """After the contact was written down: the form of the next one in its place, or an end."""
        following = self.following
        if following is None:
            return saved(
                url_for("dashboard.today"),
                message=f"{message} {_('That was the last one for today.')}",
                undo=undo,
                events={CHANGED: True, "drawer-close": True},
            )
        url = walk_url(following)
        customer = customers.customer(following["number"], seen_by=self.reader)
        steps, asked = open_steps(customer["id"]), _query(following)
        form = fresh_form(customer, self.reader, steps, asked=asked, formdata=None)
        context = context_of(
            form, customer, _("Log follow-up"), url, walk=Walk(self.reader, following)
        )
        return saved(
            url,
            "followups/_interaction.html",
            message=message,
            undo=undo,
            events={CHANGED: True},
            **context,
        )


def walk_url(row: Row) -> str:
    """Where the contact for a line of Today is written down, as part of the walk."""
    here = url_for("followups.new_interaction", number=row["number"])
    return with_query(here, _query(row))


def _query(row: Row) -> dict[str, str]:
    return {"back": "today", "step": str(row["id"]), "walk": "1"}


def form_page(
    form: InteractionForm, customer: Row, title: str, *, url: str = "", **more: Any
) -> Any:
    """The form on its page, or alone for the drawer."""
    if not url:
        here = url_for("followups.new_interaction", number=customer["number"])
        url = with_query(here, {name: request.args.get(name) for name in KEPT})
    context = context_of(form, customer, title, url, **more)
    return page(
        "followups/interaction.html", "followups/_interaction.html", form.http_status, **context
    )


def context_of(
    form: InteractionForm, customer: Row, title: str, url: str, **more: Any
) -> dict[str, Any]:
    """What the form is drawn from."""
    return {
        "row": None,
        "faster": None,
        "start": None,
        "walk": None,
        "icons": ICONS,
        "soon": soon(clock.today(zone())),
        "form": form,
        "customer": customer,
        "here": url,
        "title": title,
        **more,
    }
