"""What became, or would become, of the rows of an import: as its page shows it, and as a file."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import Response, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.access import Reader
from crmlite.access.sensitive import AMOUNT_MASK as MASK
from crmlite.access.undoing import may_undo, operation_row
from crmlite.customers.lists import Asked
from crmlite.customers.queries import in_sight
from crmlite.extensions import database
from crmlite.fields import guards_of
from crmlite.imports import opening, queries, uploads
from crmlite.imports.beginning import NOWHERE
from crmlite.imports.models import (
    BROKEN,
    CHECKED,
    CREATED,
    CUSTOMERS,
    DUPLICATE,
    FAILED,
    FATES,
    IMPORTED,
    ORDERS,
    UNDOING,
    UNDONE,
    UPDATED,
)
from crmlite.imports.objects.targets import is_about_objects
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.targets import targets
from crmlite.imports.wording import doubt_worded
from crmlite.objects.kinds import kind_called
from crmlite.objects.queries import objects_in_sight
from crmlite.rules.conditions import All, where
from crmlite.rules.spreadsheet_shield import shielded, unshielded
from crmlite.sales.queries.orders import orders_in_sight
from crmlite.wording import N_, label
from crmlite.work import standing

Run = Mapping[str, Any]
ROWS = 100  # on a page
NAMED = 50  # of the customers that are kept
OWNERLESS = Asked(tree=All((where("owner", "empty"),)), sort="created", descending=True)
PASSING = ("import_failed", "import-nobody")  # what may be over by now
FATE_WORDS = {
    CREATED: N_("new"),
    UPDATED: N_("updated"),
    DUPLICATE: N_("held back"),
    FAILED: N_("failed"),
}


def report(run: Run, reader: Reader, fate: str, after: int) -> dict[str, Any]:
    """What became of the rows after one: of those of one fate, or of all about which there is
    something to say."""
    fates = (fate,) if fate in FATES else ()
    noted = fate not in FATES and fate != "all"
    rows = queries.rows_of(run["id"], fates, noted=noted, after=after, limit=ROWS + 1)
    kept = _kept(run)
    customers = {row["customer_id"] for row in rows if row["customer_id"] is not None}
    customers.update(customer for row in rows for customer in row["likely"])
    is_about_orders = run["target"] == ORDERS
    if is_about_orders:
        seen = orders_in_sight(reader, {row["order_id"] for row in rows}.union(kept[:NAMED]))
        names, orders = in_sight(reader, customers), seen
    elif is_about_objects(run["target"]):
        names, orders = in_sight(reader, customers), {}
    else:
        names, orders = in_sight(reader, customers.union(kept[:NAMED])), {}
    records = _records(run, reader, [*(row["object_id"] for row in rows), *kept[:NAMED]])
    may = may_take_back(run, reader)
    veiled = _veiled(run, reader)
    return {
        "fate": fate,
        "after": after,
        "rows": [{**row, "said": _said(row, names, veiled)} for row in rows[:ROWS]],
        "more": rows[ROWS - 1]["number"] if len(rows) > ROWS else None,
        "still_there": kept,
        "kept_named": [
            (url_for("sales.show", number=orders[one]), orders[one])
            if is_about_orders
            else (url_for("objects.show", object_id=one), records[one])
            if one in records
            else (url_for("customers.show", number=names[one]["number"]), names[one]["name"])
            for one in kept[:NAMED]
            if one in (orders if is_about_orders else records or names)
        ],
        "orders": orders,
        "records": records,
        "about": _about(run),
        "names": names,
        "fates": {key: label(words) for key, words in FATE_WORDS.items()},
        "total": sum(run[name] for name in ("created", "updated", "duplicates", "failed")),
        "may_start": run["state"] == CHECKED,
        "may_undo": run["state"] in (IMPORTED, BROKEN) and run["operation_id"] is not None and may,
        "may_go_on": run["state"] == BROKEN
        and may_go_on(run, reader)
        and run["operation_id"] is not None
        and (run["problem"] or {}).get("code") in PASSING,
        "ownerless": queries.ownerless(run["id"])
        if run["state"] == IMPORTED and run["target"] == CUSTOMERS
        else 0,
        "ownerless_query": OWNERLESS.query(),
        "has_file": uploads.is_kept(run["uid"]),
    }


def _kept(run: Run) -> Sequence[int]:
    """The customers, or orders, that are there although an import was taken back."""
    if run["state"] != UNDONE:
        return ()
    if run["target"] != CUSTOMERS:
        return sorted(run["kept"] or ())
    return run["kept"] or sorted(queries.still_there(run["id"]))


def _records(run: Run, reader: Reader, ids: Collection[int | None]) -> dict[int, str]:
    """What the records of packs are called that a file is about; nothing of other files."""
    return objects_in_sight(reader, ids) if is_about_objects(run["target"]) else {}


def _about(run: Run) -> str:
    """What one record of the pack is called that a file is about; empty for other files."""
    if not is_about_objects(run["target"]):
        return ""
    of = kind_called(run["target"])
    return of.noun if of is not None else str(run["target"])


def _veiled(run: Run, reader: Reader) -> Collection[str]:
    """The headings of columns of which the reader may not see what stands there."""
    found = set()
    for column in run["columns"] or ():
        kind, _dot, name = f"customer.{column['target']}".rpartition(".")
        guard = guards_of(kind.rpartition(".")[2]).get(name) if "__" in name else None
        if guard is not None and not reader.may(guard.right):
            found.add(column["heading"])
    return found


def _said(
    row: Mapping[str, Any], names: Collection[int] = (), veiled: Collection[str] = ()
) -> list[str]:
    """What there is to say about a row, a sentence each. `names` are the customers in sight, `veiled`
    headings of columns that are not quoted."""
    found = [
        _(": ").join(filter(None, (doubt["heading"], doubt_worded(doubt))))
        for doubt in (_masked(one) if one["heading"] in veiled else one for one in row["doubts"])
    ]
    if row["earlier"]:
        found.insert(0, _("The same customer as in row %(row)s.", row=row["earlier"]))
    elif row["fate"] == DUPLICATE and not row["doubts"]:
        found.insert(0, _("This customer is in the book already."))
    if likely := [one for one in row["likely"] if one in names]:
        found.append(ngettext("Perhaps a known customer:", "Perhaps known customers:", len(likely)))
    return found


def _masked(doubt: Mapping[str, Any]) -> dict[str, Any]:
    """A doubt without what stood in its cell."""
    params = {
        name: MASK if value == doubt["text"] else value for name, value in doubt["params"].items()
    }
    return {**doubt, "params": params, "text": MASK if doubt["text"] else ""}


def may_take_back(run: Run, reader: Reader) -> bool:
    """Whether the reader may undo what an import did: for as long as it is there, or nothing was."""
    if run["operation_id"] is None:
        return True
    what = standing(run["operation_id"])
    row = operation_row(what) if what is not None else None
    return row is not None and may_undo(reader, row)


def may_go_on(run: Run, reader: Reader) -> bool:
    """Whether the reader may have stopped work gone on with: undoing as whoever may begin it; else
    who brought the file, with whose rights it is done."""
    if queries.left_at(run) == UNDOING:
        return may_take_back(run, reader)
    return bool(run["user_id"] == reader.user_id)


def left_over_rows(run: Run) -> Iterator[list[str]]:
    """Headings, then the rows of the file that failed or were held back, each with the reason."""
    noted = queries.each_noted(run["id"], (FAILED, DUPLICATE))

    def following() -> dict[str, Any] | None:
        found = next(noted, None)
        database.session.close()  # the file takes its time, and so does who receives it
        return found

    said = following()
    with suppress(Unreadable), opening.opened(run) as rows:
        if run["heading_row"] == NOWHERE:
            names = {option.value: option.text for option in targets(run["target"])}
            yield [*(names.get(one.target, "") for one in opening.columns_of(run)), _("Reason")]
        for row in rows:
            if row.number == run["heading_row"]:
                yield [*map(_harmless, row.cells), _("Reason")]
            elif said is None:
                return
            elif row.number == said["number"]:
                wide = [*row.cells, *[""] * (len(run["columns"]) - len(row.cells))]
                yield [*map(_harmless, wide), shielded(" ".join(_said(said)))]
                said = following()


def _harmless(cell: str) -> str:
    """A cell of somebody's file, shielded once where it is to be."""
    return shielded(unshielded(cell))


def as_file(name: str, rows: Iterator[list[str]]) -> Response:
    """A text file that spreadsheets open, sent as it is made."""
    response = Response(stream_with_context(_lines(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    yield "\ufeff"
    for row in rows:
        kept = io.StringIO()
        csv.writer(kept).writerow(row)
        yield kept.getvalue()
