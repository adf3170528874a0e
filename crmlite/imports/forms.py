"""What people say about a file: how it is encoded, what its columns are about, how the import is to
go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from crmlite.access import can
from crmlite.accounts.queries import owners
from crmlite.forms import Choice, Form, Option, Person, Segments
from crmlite.imports.beginning import Beginning
from crmlite.imports.headings import FIRST_ROWS
from crmlite.imports.judging import CREATE, HOLD, UPDATE
from crmlite.imports.models import CUSTOMERS, ORDERS
from crmlite.imports.objects.targets import is_about_objects
from crmlite.imports.operations.runs import Options
from crmlite.imports.orders.judging import REFUSE, WORDS
from crmlite.imports.reading import Column
from crmlite.imports.sources.looking import CARDS, Layout
from crmlite.imports.sources.rows import Row
from crmlite.imports.targets import amounts, targets
from crmlite.objects.kinds import kinds
from crmlite.wording import N_

ENCODINGS = (
    ("utf-8-sig", N_("UTF-8")),
    ("gb18030", N_("Simplified Chinese (GBK, GB18030)")),
    ("big5", N_("Traditional Chinese (Big5)")),
    ("utf-16", N_("UTF-16")),
    ("cp1252", N_("Western European (Windows)")),
    ("mac_roman", N_("Western European (Mac)")),
    ("shift_jis", N_("Japanese (Shift JIS)")),
    ("euc_kr", N_("Korean (EUC-KR)")),
)
UNITS = (
    ("1", N_("as written")),
    ("1000", N_("in thousands")),
    ("10000", N_("in ten thousands (万)")),
    ("1000000", N_("in millions")),
    ("100000000", N_("in hundred millions (亿)")),
)
DAY_FIRST = {"day": True, "month": False}
OF_KNOWN_ORDERS = (
    (HOLD, N_("Hold back")),
    (UPDATE, N_("Update the order")),
    (CREATE, N_("Add again")),
)
OF_KNOWN_RECORDS = (
    (HOLD, N_("Hold back")),
    (UPDATE, N_("Update the record")),
    (CREATE, N_("Add again")),
)
OF_ORDERS = ("unknown_customers", "unknown_products")
SHOWN = 3
LONG = 40  # characters


def abouts() -> dict[str, str]:
    """What the reader may import, in words: customers, orders, the records of the packs that are on."""
    found = {CUSTOMERS: _("Customers")}
    if can("orders:create"):
        found[ORDERS] = _("Orders")
    if can("customers:edit"):
        found |= {of.name: of.nouns for of in kinds()}
    return found


class FileForm(Form):
    """A file to be imported."""

    about = Segments(
        _l("What the file holds"),
        options=lambda: list(abouts().items()),
    )
    file = FileField(_l("File"))
    encoding = Choice(_l("Encoding"), options=ENCODINGS, none=_l("as the file tells"))


class ReadingForm(Form):
    """How a file is read."""

    encoding = Choice(_l("Encoding"), options=ENCODINGS, none=_l("as the file tells"))
    sheet = Choice(_l("Sheet"), options=())
    heading_row = Choice(_l("Row that names the columns"), options=())


@dataclass(frozen=True, slots=True)
class Asked:
    """A column as the form asks about it: what stands above it, some of what stands in it, and the
    fields for what it is about and its unit (None: it holds no amount)."""

    heading: str
    samples: Sequence[str]
    about: Any
    unit: Any


class ColumnsForm(Form):
    """What the columns are about; `columns_form` makes one for those of a file."""

    asked: Sequence[str] = ()
    on_duplicate = Segments(
        _l("Rows that certainly are a known customer"),
        options=(
            (HOLD, N_("Hold back")),
            (UPDATE, N_("Update the customer")),
            (CREATE, N_("Add again")),
        ),
        required=True,
    )
    unknown_customers = Segments(
        _l("Customers that are not in the book"),
        options=((REFUSE, N_("Refuse their orders")), (CREATE, N_("Add them"))),
        required=True,
    )
    unknown_products = Segments(
        _l("Products that are not in the list"),
        options=(
            (CREATE, N_("Add them")),
            (WORDS, N_("Keep as words")),
            (REFUSE, N_("Refuse their orders")),
        ),
        required=True,
    )
    owner_id = Person(
        _l("Owner of the customers"), people=owners, none=_l("as the file says, else nobody")
    )
    day_first = Segments(
        _l("Dates like 03/04/2024"),
        options=(
            ("", N_("leave out and report")),
            ("day", N_("3 April")),
            ("month", N_("4 March")),
        ),
    )

    def validate(self, **more: Any) -> bool:
        """Whether each field of the book comes from one column at most, and there is a name."""
        fits = bool(super().validate(**more))
        seen: dict[str, str] = {}
        for name in self.asked:
            target = self[name].data
            if target in seen:
                self.blame(name, _("“%(column)s” is about this already.", column=seen[target]))
                fits = False
            elif target:
                seen[target] = self[name].label.text
        return fits

    def columns(self) -> list[Column]:
        """What was said about the columns."""
        return [
            Column(
                heading=self[name].label.text,
                target=self[name].data,
                unit=int(self[unit].data or 1) if (unit := f"unit_{place}") in self else 1,
            )
            for place, name in enumerate(self.asked)
        ]

    def options(self) -> Options:
        """How the import is to go."""
        return Options(
            on_duplicate=self.on_duplicate.data or HOLD,
            owner_id=self.owner_id.data if "owner_id" in self else None,
            day_first=DAY_FIRST.get(self.day_first.data or ""),
            **{name: self[name].data for name in OF_ORDERS if name in self},
        )

    def rows(self, beginning: Any) -> list[Asked]:
        """The columns with what stands in them."""
        return [
            Asked(
                self[name].label.text,
                _samples(beginning.rows, place),
                self[name],
                self[unit] if (unit := f"unit_{place}") in self else None,
            )
            for place, name in enumerate(self.asked)
        ]


def columns_form(
    columns: Sequence[Column], options: Mapping[str, Any], about: str = CUSTOMERS
) -> ColumnsForm:
    """A form for these columns of a file about customers or orders."""
    offered, money = targets(about), amounts(about)
    names = [f"column_{place}" for place in range(len(columns))]
    fields: dict[str, Any] = {
        name: Choice(column.heading or _("Column %(number)s", number=place + 1), options=offered,
                     none=_("leave out"))
        for place, (name, column) in enumerate(zip(names, columns, strict=True))
    }  # fmt: skip
    data: dict[str, Any] = {
        "on_duplicate": options["on_duplicate"],
        "owner_id": options["owner_id"],
        "day_first": {True: "day", False: "month"}.get(options["day_first"], ""),
        **{name: options.get(name) for name in OF_ORDERS},
    }
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        data[name] = column.target
        if column.target in money or column.unit != 1:
            fields[f"unit_{place}"] = Choice(_("Unit"), options=UNITS, required=True)
            data[f"unit_{place}"] = str(column.unit)
    if about == ORDERS:
        fields["on_duplicate"] = Segments(
            _("Orders that are in the book already"), options=OF_KNOWN_ORDERS, required=True
        )
    if is_about_objects(about):
        fields["on_duplicate"] = Segments(
            _("Records that are in the book already"), options=OF_KNOWN_RECORDS, required=True
        )
    kind = type("ColumnsFormOfFile", (ColumnsForm,), {"asked": names, **fields})
    form: ColumnsForm = kind(data=data)
    if is_about_objects(about):
        del form.owner_id
    if about == ORDERS:
        form.owner_id.label.text = _("Owner of new customers")
    else:
        for name in OF_ORDERS:
            del form[name]
    return form


def reading_form(layout: Layout, sheet: int, beginning: Beginning) -> ReadingForm:
    """A form for how a file is read; without what does not concern it."""
    sheets = [Option(str(place), name) for place, name in enumerate(layout.sheets)]
    rows = [Option(str(row.number), _named(row)) for row in beginning.first[:FIRST_ROWS]]
    fields = {
        "sheet": Choice(_l("Sheet"), options=sheets, required=True),
        "heading_row": Choice(
            _l("Row that names the columns"),
            options=rows,
            none=_l("none: every row is a customer"),
        ),
    }
    kind = type("ReadingFormOfFile", (ReadingForm,), fields)
    form: ReadingForm = kind(
        data={
            "encoding": offered_encoding(layout),
            "sheet": str(sheet),
            "heading_row": str(beginning.heading_row or ""),
        }
    )
    if len(sheets) < 2:
        del form.sheet
    if not layout.encoding:
        del form.encoding
    if layout.format == CARDS:
        del form.heading_row
    return form


def offered_encoding(layout: Layout) -> str:
    """The encoding of a file, as the form calls it."""
    return "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding


def _named(row: Row) -> str:
    """A row as it is offered: its number and what stands in it, cut where it is long."""
    filled = ", ".join(cell.strip() for cell in row.cells if cell.strip())
    return f"{row.number}: {filled}" if len(filled) <= LONG else f"{row.number}: {filled[:LONG]}…"


def _samples(rows: Sequence[Any], place: int) -> list[str]:
    found = (row.cells[place].strip() for row in rows if place < len(row.cells))
    return [text[:60] for text in dict.fromkeys(found) if text][:SHOWN]
