"""Records of packs as one reader sees them: on their own page, as rows of tables, and in the timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for

from crmlite.access import Reader
from crmlite.customers.further import Fact, facts
from crmlite.fields import known_fields
from crmlite.fields.entering import FurtherPart, part_for
from crmlite.fields.queries import group_label
from crmlite.objects.kinds import Kind
from crmlite.objects.models import Object
from crmlite.objects.sight import may_edit
from crmlite.rules.fields import Field

Row = Mapping[str, Any]
OBJECTS = Object.__table__
MOST_COLUMNS = 5
FEW_COLUMNS = 3  # so many have room beside the title and the day on a small screen
TOO_WIDE = ("longtext",)
WORDY = ("text", "choices", "url", "email", "phone", "im")
DAYS = ("date", "moment")
NUMBERS = ("integer", "number", "amount")
TELLING = {"choice": 0, "amount": 1}


@dataclass(frozen=True, slots=True)
class Line:
    """A record as a row: its `title`, where its page is, the facts of its further columns; `edit` is
    where it is changed, empty for who may not."""

    id: int
    title: str
    url: str
    day: Any
    cells: Sequence[Fact]
    customer: str
    customer_url: str
    parent: str = ""
    parent_url: str = ""
    edit: str = ""


def columns_of(of: Kind, most: int = MOST_COLUMNS) -> list[Field]:
    """The fields that are columns of a table, beside the title and the day: states and figures before
    days, and these before words, where there is no room for all of them; in their own order."""
    aside = (of.title, of.day)
    fields = [one for one in of.fields if one.name not in aside and one.kind not in TOO_WIDE]
    chosen = sorted(fields, key=_rank)[:most]
    return [one for one in fields if one in chosen]


def _rank(field: Field) -> int:
    return 2 if field.kind in WORDY else int(field.kind in DAYS)


def places(columns: Sequence[Field], *corners: str) -> dict[str, str]:
    """The classes of the cells of columns: how numbers are drawn, which columns a small screen has
    room for, and which of these stand in the free corners of a row on a phone, where nothing says
    what they are: what tells by itself goes first."""
    stay = sorted(columns, key=_rank)[:FEW_COLUMNS]
    told = sorted(stay, key=lambda one: TELLING.get(one.kind, len(TELLING)))
    found = dict(zip((one.name for one in told), corners, strict=False))
    for one in columns:
        place = found.get(one.name, "") if one in stay else "opt1"
        found[one.name] = f"num {place}".strip() if number_like(one) else place
    return found


def number_like(field: Field) -> bool:
    """Whether its column is drawn as numbers are."""
    return field.kind in NUMBERS


def width_of(field: Field) -> str:
    """The class that says how wide its column is."""
    return "w-s" if number_like(field) else "w-m" if field.kind in DAYS else "w-when"


def lines(
    of: Kind,
    rows: Sequence[Row],
    reader: Reader,
    *,
    editable: bool | None = None,
    most: int = MOST_COLUMNS,
) -> list[Line]:
    """Records as rows; `editable` says for all of them whether they can be changed, where that is
    known: else each is asked."""
    columns = columns_of(of, most)
    return [_line(of, row, columns, reader, editable) for row in rows]


def _line(
    of: Kind, row: Row, columns: Sequence[Field], reader: Reader, editable: bool | None
) -> Line:
    record = ObjectRecord(of, row, reader)
    may = record.editable if editable is None else editable
    return Line(
        id=row["id"],
        title=record.title,
        url=record.url("show"),
        day=row["day"],
        cells=record.facts(columns),
        customer=row["customer"],
        customer_url=record.customer_url,
        parent=record.parent,
        parent_url=record.parent_url,
        edit=record.url("edit") if may else "",
    )


class ObjectRecord:
    """A record for one reader. `row` is what `queries` answers."""

    def __init__(self, of: Kind, row: Row, reader: Reader) -> None:
        self.kind, self.row, self.reader = of, row, reader

    @cached_property
    def editable(self) -> bool:
        """Whether the reader may change it."""
        return may_edit(self.reader, self.kind, self.row)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.kind.title_of((self.row["extra"] or {}).get(self.kind.title))

    @property
    def parent(self) -> str:
        """What the contact, order or case is called that it hangs on; empty for a customer's."""
        return str(self.row.get("parent_name") or "")

    @property
    def parent_url(self) -> str:
        """Where that is."""
        match self.kind.parent:
            case "contact":
                return url_for("customers.contacts", number=self.row["customer_number"])
            case "order":
                return url_for("sales.show", number=self.parent)
            case "case":
                return url_for("cases.show", number=self.parent)
        return ""

    @property
    def customer_url(self) -> str:
        """Where its customer is; empty for who does not see them."""
        if not self.reader.covers("customers:see", self.row["owner_id"]):
            return ""
        return url_for("customers.show", number=self.row["customer_number"])

    @property
    def home(self) -> str:
        """Where it stands among others of its kind: at the order, the case or the customer."""
        if self.kind.parent in ("order", "case"):
            return self.parent_url
        return tab_url(self.row["customer_number"], self.kind)

    def facts(self, fields: Sequence[Field]) -> list[Fact]:
        """Fields of it in words, also the empty ones."""
        return facts(self.reader, OBJECTS, self.row, self.row["owner_id"], fields)

    def groups(self) -> list[tuple[str, list[Fact]]]:
        """All its fields under their headings; those of one that is off as they were."""
        found: dict[str, list[Fact]] = {}
        fields = self.kind.fields
        for field, fact in zip(fields, self.facts(fields), strict=True):
            found.setdefault(group_label(str(field.group)), []).append(fact)
        return list(found.items())

    def resting(self) -> list[Fact]:
        """What it keeps of fields that are asked for no more."""
        shown = {field.name for field in self.kind.fields}
        known = known_fields(self.kind.name)
        kept = [name for name in self.row["extra"] or {} if name in known and name not in shown]
        return [fact for fact in self.facts([known[name] for name in kept]) if fact.text]

    def part(self) -> FurtherPart:
        """Its fields for a form."""
        return part_for(self.kind.name, self.reader, self.row["owner_id"], of=(OBJECTS, self.row))

    def url(self, endpoint: str) -> str:
        """The address of something about it."""
        return url_for(f"objects.{endpoint}", object_id=self.row["id"])


def tab_url(number: str, of: Kind) -> str:
    """The tab of a customer's page with records of a kind."""
    return url_for("customers.tab", number=number, name=of.name)
