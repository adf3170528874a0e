"""What somebody asks for: which customers, which of what is known of them, in which format."""

from collections.abc import Mapping
from dataclasses import dataclass

from crmlite.access import Reader
from crmlite.customers.lists import Asked
from crmlite.wording import N_

EXPORT = "customers:export"
OPEN_ARCHIVED = "customers:see_archived"
PLAN = "plan"
"""The layout of the strategy table."""
LAYOUTS = {
    "list": N_("The columns of this list"),
    "all": N_("Everything"),
    "sheet": N_("The customer sheet with 16 columns"),
    PLAN: N_("The strategy table"),
}
ORDERS = "orders"  # the layout of files with orders
RECORDS = "records"
"""The layout of a file with records of a pack."""
FORMATS = {"xlsx": N_("Excel"), "csv": N_("CSV"), "json": N_("JSON")}
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
HINTS: Mapping[str, str] = {
    "list": N_("In its order, as many rows as it has."),
    "all": N_(
        "Every field, with the main contact, the first need and the last contact. JSON has all "
        "contacts, needs and talks."
    ),
    "sheet": N_("As it is passed around as a spreadsheet; it can be read in again."),
    PLAN: N_("By which strategies customers are served, by which touches, and when next."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file as it is asked for. `asked` is the list whose customers stand in it, in its order;
    archived ones too with `archived`, for those who may open them."""

    asked: Asked
    reader: Reader
    layout: str = "all"
    format: str = "csv"
    archived: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the customers in it."""
        also = self.archived and self.reader.may(OPEN_ARCHIVED)
        return ("active", "archived") if also else ("active",)

    @property
    def is_archive(self) -> bool:
        """Whether it is everything as JSON, with all that hangs on customers."""
        return (self.layout, self.format) == ("all", "json")
