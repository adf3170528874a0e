"""What became, or would become, of the rows of an import: as its page shows it, and as a file."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request, stream_with_context
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.access import Reader
from crmlite.access.undoing import may_undo, operation_row
from crmlite.customers.duplicates import in_sight
from crmlite.imports import opening, queries, uploads
from crmlite.imports.beginning import NOWHERE
from crmlite.imports.models import (
    BROKEN,
    CHECKED,
    CREATED,
    DUPLICATE,
    FAILED,
    FATES,
    IMPORTED,
    UNDONE,
    UPDATED,
)
from crmlite.imports.targets import targets
from crmlite.imports.wording import doubt_worded
from crmlite.rules.formulas import shielded, unshielded
from crmlite.rules.text import clean_int
from crmlite.wording import N_, label

Run = Mapping[str, Any]
ROWS = 100  # on a page
MOST = 2**31 - 1
FATE_WORDS = {
    CREATED: N_("new"),
    UPDATED: N_("updated"),
    DUPLICATE: N_("held back"),
    FAILED: N_("failed"),
}


def report(run: Run, reader: Reader) -> dict[str, Any]:
    """What became of the rows, of one fate or of all about which there is something to say."""
    fate = request.args.get("fate", "")
    fates = (fate,) if fate in FATES else ()
    after = clean_int(request.args.get("after", ""), least=0, most=MOST).value or 0
    noted = fate not in FATES and fate != "all"
    rows = queries.rows_of(run["id"], fates, noted=noted, after=after, limit=ROWS + 1)
    kept = run["kept"] or (queries.still_there(run["id"]) if run["state"] == UNDONE else ())
    customers = {row["customer_id"] for row in rows if row["customer_id"] is not None}
    customers.update(customer for row in rows for customer in row["likely"])
    return {
        "fate": fate,
        "after": after,
        "rows": [{**row, "said": _said(row)} for row in rows[:ROWS]],
        "more": rows[ROWS - 1]["number"] if len(rows) > ROWS else None,
        "still_there": kept,
        "names": in_sight(reader, customers.union(kept)),
        "fates": {key: label(words) for key, words in FATE_WORDS.items()},
        "total": sum(run[name] for name in ("created", "updated", "duplicates", "failed")),
        "may_start": run["state"] == CHECKED,
        "may_undo": run["state"] in (IMPORTED, BROKEN)
        and run["operation_id"] is not None
        and may_take_back(run, reader),
        "has_file": uploads.is_kept(run["uid"]),
    }


def _said(row: Mapping[str, Any]) -> list[str]:
    """What there is to say about a row, a sentence each."""
    found = [
        f"{doubt['heading']}: {doubt_worded(doubt)}" if doubt["heading"] else doubt_worded(doubt)
        for doubt in row["doubts"]
    ]
    if row["earlier"]:
        found.insert(0, _("The same customer as in row %(row)s.", row=row["earlier"]))
    elif row["fate"] == DUPLICATE:
        found.insert(0, _("This customer is in the book already."))
    if row["likely"]:
        found.append(
            ngettext("Perhaps a known customer:", "Perhaps known customers:", len(row["likely"]))
        )
    return found


def may_take_back(run: Run, reader: Reader) -> bool:
    """Whether the reader may undo what an import did: for as long as it is there, or nothing was."""
    if run["operation_id"] is None:
        return True
    row = operation_row(run["operation_id"])
    return row is not None and may_undo(reader, row)


def left_over_rows(run: Run) -> Iterator[list[str]]:
    """Headings, then both in the order of the file: its rows, and what there is to say of some."""
    noted = queries.each_noted(run["id"], (FAILED, DUPLICATE))
    said = next(noted, None)
    with opening.opened(run) as rows:
        if run["heading_row"] == NOWHERE:
            names = {option.value: option.text for option in targets()}
            yield [*(names.get(one.target, "") for one in opening.columns_of(run)), _("Reason")]
        for row in rows:
            if row.number == run["heading_row"]:
                yield [*map(_harmless, row.cells), _("Reason")]
            elif said is not None and row.number == said["number"]:
                wide = [*row.cells, *[""] * (len(run["columns"]) - len(row.cells))]
                yield [*map(_harmless, wide), shielded(" ".join(_said(said)))]
                said = next(noted, None)


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
