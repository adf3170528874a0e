"""A page of the list as it is drawn: every cell in the reader's words, looked up once per page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Reader, Shown, opened, shown
from crmlite.accounts.roster import roster
from crmlite.customers import choices as lists
from crmlite.customers.conditions.asked_fields import asked as answered
from crmlite.customers.conditions.catalogue import TagChoice, catalogue, may_sort, tag_choices
from crmlite.customers.conditions.sql import FACT_COLUMNS
from crmlite.customers.fields import KINDS, column_of
from crmlite.customers.lists.answering import Listing
from crmlite.customers.lists.query_string import Asked
from crmlite.customers.models import Contact, Customer, Facts
from crmlite.customers.words import in_words
from crmlite.fields.showing import of_record
from crmlite.rules.amounts import exponent
from crmlite.rules.fields import Field
from crmlite.rules.lifecycle import DORMANT
from crmlite.rules.purchases import overdue
from crmlite.wording import label, teller

WIDTHS = {  # of the columns that have one of their own; others get w-m, numbers w-s
    "number": "w-no opt1",
    "name": "w-name",
    "tier": "w-tier",
    "lifecycle": "w-life opt2",
    "owner": "w-who opt2",
    "tags": "w-tags opt1",
    "last_contact": "w-said",
    "next_step": "w-next",
    "annual_amount": "w-s num opt2",
    "orders_year": "w-m num opt1",
    "bought_year": "w-m num opt1",
    "order_gap": "w-m num opt1",
    "asked": "w-m num opt1",
    "answer_days": "w-m num opt1",
    "waiting_days": "w-m num opt1",
}
PLACES = {"name": "k1 cut", "tier": "k2", "last_contact": "k3 cut", "next_step": "k4 cut"}
CUSTOMER = Customer.__table__
NUMBERS = ("integer", "number", "amount")
WAYS = {"phone": (Contact.mobile, Contact.phone), "email": (Contact.email,), "im": (Contact.im,)}
SAID = "interactions:see"  # the right of the slice that keeps the last contact in the facts


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `sort` is what the address says to sort by it, empty if it cannot."""

    name: str
    label: str
    classes: str
    sort: str
    sorted: str


Place = tuple[str, str]
Drawn = tuple[str, str, str, str]
Draw = Callable[[Mapping[str, Any]], Drawn]

# A page has hundreds of cells, so they are plain: column, classes; then what was drawn, which is
# the words, a quieter continuation, the exact value for the pointer, and the state.
Cell = tuple[str, str, str, str, str, str]
NO_VALUE = ("–", "", "", "muted")
NOTHING = ("", "", "", "")


class ShownRow(NamedTuple):
    """A customer as a row."""

    id: int
    number: str
    name: str
    cells: Sequence[Cell]


def heads(asked: Asked, reader: Reader) -> list[Head]:
    """The columns that are asked for."""
    fields = catalogue(reader)
    return [_head(fields[name], asked, reader) for name in asked.columns]


def _head(field: Field, asked: Asked, reader: Reader) -> Head:
    current = field.name == asked.sort
    sort = ""
    if may_sort(reader, field):
        sort = f"-{field.name}" if current and not asked.descending else field.name
    order = ("descending" if asked.descending else "ascending") if current else ""
    return Head(field.name, label(field.label), _width(field), sort, order)


def _width(field: Field) -> str:
    number = " num" if field.kind in NUMBERS else ""
    return WIDTHS.get(field.name, f"{'w-s' if number else 'w-m'} opt1{number}")


def rows(found: Listing, asked: Asked, reader: Reader, today: date) -> list[ShownRow]:
    """The rows of a page."""
    fields = catalogue(reader)
    words = _Words(found, reader, today)
    columns = [(_place(fields[name]), words.drawer(fields[name])) for name in asked.columns]
    return [
        ShownRow(
            row["id"],
            row["number"],
            row["name"],
            [place + draw(row) for place, draw in columns],
        )
        for row in found.page.rows
    ]


def _place(field: Field) -> Place:
    """The column of a cell and its classes; how wide it is, the head says."""
    parts = _width(field).split()
    classes = " ".join(part for part in parts if not part.startswith("w-"))
    return field.name, PLACES.get(field.name) or classes


class _Words:
    """Looks words up once for all rows of a page."""

    def __init__(self, found: Listing, reader: Reader, today: date) -> None:
        self.reader, self.today = reader, today
        self.tags, self.contacts = found.tags, found.contacts
        self.times = teller()
        self.people = {person.id: person.name for person in roster().people.values()}
        self.tag_labels: dict[int, TagChoice] = {}
        if self.tags:
            self.tag_labels = {tag.id: tag for tag in tag_choices()}
        self.currency = settings.get("currency")
        self.masked = str(_("Masked: you may not see all of it"))

    def drawer(self, field: Field) -> Draw:
        """What draws the cells of a column."""
        special = getattr(self, f"_draw_{field.name}", None)
        if special is not None:
            return special()  # type: ignore[no-any-return]
        column = (
            FACT_COLUMNS[field.name].name if field.name in FACT_COLUMNS else column_of(field.name)
        )
        if field.pack and field.name not in answered():
            return self._of_pack(field)
        match field.kind:
            case "choice":
                texts = self._choices(field)
                return lambda row: (texts.get(row[column]) or row[column] or "", "", "", "")
            case "person":
                return lambda row: (self.people.get(row[column], ""), "", "", "")
            case "amount":
                return self._amount(column)
            case "phone" | "email" | "im":
                return self._way(field.name)
            case "date" | "moment":
                return lambda row: self._moment(row[column])
        return lambda row: (in_words(field, row[column]), "", "", "")

    def _of_pack(self, field: Field) -> Draw:
        def draw(row: Mapping[str, Any]) -> Drawn:
            value = of_record(self.reader, CUSTOMER, field, row, row["owner_id"])
            if isinstance(value, Shown):
                if value.masked:
                    return value.text, "", self.masked, "muted"
                value = value.value
            if isinstance(value, date):
                return self._moment(value)
            return in_words(field, value, currency=row["currency"]), "", "", ""

        return draw

    def _choices(self, field: Field) -> dict[str, str]:
        if field.choices_from == "customer_kind":
            return {key: label(text) for key, text in KINDS.items()}
        found = lists.choices(field.choices_from, retired=True)
        return {choice.key: label(choice.label) for choice in found}

    def _moment(self, value: date | datetime | None) -> Drawn:
        if value is None:
            return NOTHING
        return self.times.ago(value), "", self.times.exactly(value), ""

    def _amount(self, column: str) -> Draw:
        """Recorded amounts are in the customer's currency, counted ones in the firm's."""
        counted = column in Facts.__table__.c
        attribute = getattr(Facts if counted else Customer, column)
        precision = cache(exponent)
        grouped = self.times.grouped

        def draw(row: Mapping[str, Any]) -> Drawn:
            found = shown(self.reader, attribute, row, owner_id=row["owner_id"])
            if found.masked:
                return found.text, "", self.masked, "muted"
            if found.value is None:
                return NO_VALUE
            currency = self.currency if counted else row["currency"]
            digits = precision(currency)
            foreign = currency if currency != self.currency else ""
            return grouped(found.value // 10**digits), foreign, "", ""

        return draw

    def _way(self, name: str) -> Draw:
        attributes = WAYS[name]

        def draw(row: Mapping[str, Any]) -> Drawn:
            contact = self.contacts.get(row["id"])
            if contact is None:
                return NOTHING
            stored = next((one for one in attributes if contact[one.key]), attributes[0])
            found = shown(self.reader, stored, contact, owner_id=row["owner_id"])
            return (
                (found.text, "", self.masked, "muted") if found.masked else (found.text, "", "", "")
            )

        return draw

    def _draw_address(self) -> Draw:
        return lambda row: (opened(Customer.address, row), "", "", "")

    def _draw_team(self) -> Draw:
        known = roster()
        joint = str(_(", "))

        @cache
        def teams(owner_id: int | None) -> Drawn:
            own = known.team_ids(owner_id) if owner_id is not None else ()
            return (
                joint.join(label(team.label) for team in known.teams.values() if team.id in own),
                "",
                "",
                "",
            )

        return lambda row: teams(row["owner_id"])

    def _draw_name(self) -> Draw:
        person = str(_("person"))
        return lambda row: (row["name"], person if row["kind"] == "person" else "", "", "")

    def _draw_tier(self) -> Draw:
        tiers = self._choices(catalogue(self.reader)["tier"])
        rests = lists.tier_shown({"lifecycle": DORMANT, "tier": None})

        def draw(row: Mapping[str, Any]) -> Drawn:
            key = rests if rests and row["lifecycle"] == DORMANT else row["tier"]
            return tiers.get(key) or key or "", "", "", ""

        return draw

    def _draw_lifecycle(self) -> Draw:
        cycles = {c.key: label(c.label) for c in lists.choices("lifecycle", retired=True)}
        stages = {c.key: label(c.label) for c in lists.choices("stage", retired=True)}

        def draw(row: Mapping[str, Any]) -> Drawn:
            stage = row["stage"]
            more = f"· {stages.get(stage, stage)}" if stage else ""
            return cycles.get(row["lifecycle"], row["lifecycle"]), more, "", ""

        return draw

    def _draw_tags(self) -> Draw:
        places = {tag_id: place for place, tag_id in enumerate(self.tag_labels)}
        words = {one.id: label(one.label) for one in self.tag_labels.values() if not one.quiet}

        def draw(row: Mapping[str, Any]) -> Drawn:
            found = sorted(set(self.tags.get(row["id"], ())) & words.keys(), key=places.__getitem__)
            if not found:
                return NOTHING
            rest = [words[tag_id] for tag_id in found[1:]]
            state = "muted" if self.tag_labels[found[0]].resting else ""
            return words[found[0]], f"+{len(rest)}" if rest else "", _(", ").join(rest), state

        return draw

    def _draw_order_gap(self) -> Draw:
        grouped, today = self.times.grouped, self.today

        def draw(row: Mapping[str, Any]) -> Drawn:
            found = overdue(row["last_order_on"], row["order_interval"], today)
            return NOTHING if found is None else (grouped(found), "", "", "")

        return draw

    def _draw_last_contact(self) -> Draw:
        times = self.times

        def draw(row: Mapping[str, Any]) -> Drawn:
            at = row["last_contact_at"]
            if at is None:
                return NO_VALUE
            exactly = times.exactly(at)
            if not self.reader.covers(SAID, row["owner_id"]):
                return times.ago(at), "", exactly, ""
            who = self.people.get(row["last_contact_by_id"])
            title = f"{exactly} · {who}" if who else exactly
            return times.ago(at), row["last_contact_said"] or "", title, ""

        return draw

    def _draw_next_step(self) -> Draw:
        times = self.times
        today_word = times.ago(self.today)

        def draw(row: Mapping[str, Any]) -> Drawn:
            due = row["next_step_on"]
            if due is None:
                return NO_VALUE
            if due == self.today:
                return today_word, row["next_step"] or "", times.exactly(due), "soon"
            if due < self.today:
                return times.due(due), row["next_step"] or "", times.exactly(due), "late"
            return times.on_day(due), row["next_step"] or "", times.exactly(due), ""

        return draw
