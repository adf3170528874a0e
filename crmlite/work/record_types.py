"""Which kinds of records there are: what they are called, and how they are put back as they were."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from crmlite import hooks
from crmlite.db.guarded_json import PREFIX

Words = str | Mapping[str, str]
CURRENCY = "currency"  # the column


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordType:
    """A kind of record as the ledger knows it. Only `name`, `label` and `model` must be given.

    In words: `many` is what several are called, where that is another word; `labels` names its
    columns for people. `title` is the column that says what a record
    is called; `titled` puts that value into words where it is not a name. `key` is the column that
    its address is made of, `url` makes the address: `url("C001")`. `choices` says which columns
    hold keys of which choice list, `amounts` which hold minor units of the row's `currency`, and
    `further_amounts()` which further fields do. Days, moments, yes and no and links to other
    records are worded without help; `wording(column, value)` words the rest, and answers None for
    what it does not know. `operations` names what is
    done to it (`{"customers_handed_over": N_("Customers handed over")}`); created, changed, deleted
    and their like are known. `final` names those operations that nobody undoes as a whole.

    `see` is the right to see what such a record holds, asked for the owner of the record that it
    hangs on, besides the right to see that one. `see_by` names further ones by columns: they are asked
    of a record in which such a column leads somewhere, as `{"order_id": "orders:see"}`.

    Putting back: `edit` is the right that changes such records, asked for the owner of the record
    that they hang on. Without it single values are not restored; with it an undo asks for it too.
    `rights` names further rights that single columns ask for, `fixed` the columns that are never
    restored on their own, `lasting` those that no undo brings back either, because what belongs to
    them is not in the ledger. `returnable(reader, record id, {column: value coming back})` is what
    must hold besides all rights; `withheld` is said where it does not, unless nothing is to be said
    of it. `restorers` put back what is kept outside the row, of many records
    at once, as `{"tags": function({record id: value})}`; they note what they change.
    `beside(reader, right)` selects the ids of those that a right, or for an empty one sight, reaches
    by another way than over the record that they hang on. With `along` they are reached as another
    record is, by its `beside`: `("case", "case_id")`, its kind and the column that leads there; so
    are those that were taken away. `part_of` names the record that it is a part of, its kind and the
    column that leads there, where that is not the one that it hangs on: the line of an order. A part
    stays where the whole does, and people who worked on it worked on the whole. `refresh` gets
    ids of roots whose derived values (sort names, search rows, facts) must be made again, and may
    refuse. `gone` is what makes a record one that was never added; unless said, `state` becomes
    `deleted`, and a row without state goes away.
    """

    name: str
    label: Words
    model: type[Any]
    icon: str = "pencil"

    many: Words = ""
    labels: Mapping[str, Words] = field(default_factory=dict)
    title: str = ""
    titled: Callable[[Any], str] | None = None
    key: str = "id"
    url: Callable[[Any], str] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    amounts: Collection[str] = ()
    further_amounts: Callable[[], Iterable[str]] | None = None
    wording: Callable[[str, Any], str | None] | None = None
    operations: Mapping[str, Words] = field(default_factory=dict)
    final: Collection[str] = ()

    see: str = ""
    see_by: Mapping[str, str] = field(default_factory=dict)
    edit: str = ""
    rights: Mapping[str, str] = field(default_factory=dict)
    fixed: Collection[str] = ()
    lasting: Collection[str] = ()
    returnable: Callable[[Any, int, Mapping[str, Any]], bool] | None = None
    withheld: Words = ""
    restorers: Mapping[str, Callable[[Mapping[int, Any]], None]] = field(default_factory=dict)
    beside: Callable[[Any, str], Any] | None = None
    along: tuple[str, str] | None = None
    part_of: tuple[str, str] | None = None
    refresh: Callable[[list[int]], None] | None = None
    gone: Mapping[str, Any] | None = None

    @property
    def table(self) -> Table:
        """Where its rows are."""
        table: Table = self.model.__table__
        return table

    @property
    def measured(self) -> Collection[str]:
        """What holds minor units of the row's currency, further fields by their names in diffs
        (`extra.clinic__bill`); nothing in a kind without currency."""
        if CURRENCY not in self.table.c:
            return ()
        further = self.further_amounts() if self.further_amounts is not None else ()
        return (*self.amounts, *(f"{PREFIX}{key}" for key in further))

    @property
    def root(self) -> tuple[str, str]:
        """The kind of record that it hangs on and the column that leads there; itself and `id`
        for one that stands on its own."""
        kind, column = self.table.info.get("root", (self.name, "id"))
        return kind, column


def record_types() -> Mapping[str, RecordType]:
    """All kinds of records by name."""
    return hooks.by_name("register_record_types")
