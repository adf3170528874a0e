"""What a row says of a record of a pack. A value that is wrong costs itself; a row without what names
the record, or what it hangs on, is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlite.imports.orders.reading import NOBODY, Whose
from crmlite.imports.reading import Column, Doubt, RowReader, Vocabulary
from crmlite.rules.contact_details import check_phone
from crmlite.rules.problems import Problem
from crmlite.rules.text import folded
from crmlite.wording import N_

MESSAGES = {
    "object_title_missing": N_("What names the record is missing."),
    "object_contact_missing": N_("The contact is missing."),
    "object_contact_unknown": N_("This customer has no contact called “%(name)s”."),
    "object_contact_several": N_("This customer has several contacts called “%(name)s”."),
    "object_order_unknown": N_("There is no such order."),
    "object_case_unknown": N_("There is no such case."),
    "object_other_customer": N_("%(number)s is another customer's."),
    "object_not_yours": N_("You may not add anything to this."),
    "object_known": N_("This record is in the book already."),
    "object_earlier": N_("The same record as in row %(row)s."),
}
LONGEST = 200


@dataclass(kw_only=True, slots=True)
class ObjectRow:
    """A row as it tells of a record: whose it is, the contact, order or case by what it is called, and
    the values of its fields. `failed` rows say nothing at all."""

    row: int
    whose: Whose = NOBODY
    parent: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    failed: bool = False


class ObjectReader(RowReader):
    """Reads the rows of one file; `parent` is the target that says what a record hangs on."""

    def __init__(self, columns: Sequence[Column], words: Vocabulary, parent: str = "") -> None:
        super().__init__(columns, words)
        self.parent = parent

    def tell(self, number: int, cells: Sequence[str]) -> Any:
        """What a row says."""
        told = ObjectRow(row=number)
        if not any(cell.strip() for cell in cells):
            told.failed = True
            told.doubts.append(Doubt("", Problem("import_row_unreadable")))
            return told
        said = self.said(told.doubts, cells)
        self.keep_all(told, said, told.values)
        told.whose = self._whose(told, said)
        told.parent = _text(said, self.parent)
        return told

    def _whose(self, told: ObjectRow, said: Mapping[str, tuple[Column, str]]) -> Whose:
        phone = ""
        if found := said.get("customer.phone"):
            checked = check_phone(found[1], home=self.words.reading.home)
            phone = checked.value or ""
            if not phone:
                told.doubts += [Doubt(found[0].heading, one, found[1]) for one in checked.problems]
        return Whose(_text(said, "customer.number"), _text(said, "customer.name"), phone)


def _text(said: Mapping[str, tuple[Column, str]], target: str) -> str:
    return folded(said[target][1])[:LONGEST] if target in said else ""
