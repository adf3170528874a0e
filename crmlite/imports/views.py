"""The pages on which people bring a file, say what is in it, see what would become of it, and have it
imported or taken back."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, abort, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import can, current_reader, requires, takes_files
from crmlite.access.undoing import may_undo, operation_row
from crmlite.customers.duplicates import in_sight
from crmlite.db.sealing import SealBroken
from crmlite.imports import opening, queries, uploads
from crmlite.imports.forms import FileForm, columns_form, reading_form
from crmlite.imports.models import (
    AT_WORK,
    BROKEN,
    CHECKED,
    CREATED,
    DUPLICATE,
    FAILED,
    FATES,
    IMPORTED,
    MAPPING,
    UNDONE,
    UPDATED,
)
from crmlite.imports.operations import runs
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.wording import doubt_worded, reason, worded
from crmlite.jobs.queries import is_over
from crmlite.jobs.signs import is_anybody_working
from crmlite.paging import page, redirected, saved, toast, wants_part
from crmlite.rules.formulas import shielded, unshielded
from crmlite.rules.text import clean_int
from crmlite.wording import N_, label
from crmlite.work import Refused

bp = Blueprint("imports", __name__, template_folder="templates", url_prefix="/imports")

Run = Mapping[str, Any]
RIGHT = "customers:import"
ROWS = 100  # on a page of the report
MOST = 2**31 - 1
STATES = {
    "mapping": N_("waiting for its columns"),
    "checking": N_("being checked"),
    "checked": N_("checked"),
    "importing": N_("being imported"),
    "imported": N_("imported"),
    "undoing": N_("being taken back"),
    "undone": N_("taken back"),
    "broken": N_("broken off"),
}
FATE_WORDS = {
    CREATED: N_("new"),
    UPDATED: N_("updated"),
    DUPLICATE: N_("held back"),
    FAILED: N_("failed"),
}
SAMPLE = (
    "客户编号,客户名称,联系人,职位,联系方式,电子邮箱,所属行业,客户类型,合作阶段,签约金额(万元),合作起始日期,最近跟进日期,跟进内容,跟进人,"
    "下次跟进计划,备注"
).split(",")


@bp.get("")
@requires(RIGHT)
def overview() -> Response:
    """What was imported so far, and where to bring a file."""
    return _overview(FileForm())


@bp.post("")
@takes_files("max_import_mb")
@requires(RIGHT)
def bring() -> Response:
    """Take a file and look into it."""
    form, reader = FileForm(), current_reader()
    if not form.validate_on_submit():
        return _overview(form)
    file = form.file.data
    if not file or not getattr(file, "filename", ""):
        form.blame("file", _("Please choose a file."))
        return _overview(form)
    try:
        brought = runs.keep_file(file.stream, file.filename, encoding=form.encoding.data)
    except Unreadable as error:
        form.blame("file", reason(error.problem))
        return _overview(form)
    import_id = runs.bring(brought, by=reader.actor, at=clock.now())
    return saved(url_for("imports.show", import_id=import_id))


def _overview(form: FileForm) -> Response:
    found = queries.runs(current_reader())
    shown = {"form": form, "runs": found, "states": STATES}
    return page("imports/overview.html", "imports/_overview.html", form.status, **shown)


@bp.get("/<int:import_id>")
@requires(RIGHT)
def show(import_id: int) -> Response:
    """An import as it stands."""
    return _shown(_run(import_id))


@bp.post("/<int:import_id>/reading")
@requires(RIGHT)
def read_otherwise(import_id: int) -> Response:
    """Read the file in another encoding, or another of its sheets."""
    run = _run(import_id)
    form = _reading(run)
    if not form.validate_on_submit():
        return _shown(run, reading=form)
    sheet = int(form.sheet.data) if "sheet" in form else 0
    encoding = form.encoding.data if "encoding" in form else None
    try:
        layout, beginning = opening.look(uploads.opener(run["uid"]), encoding=encoding, sheet=sheet)
        runs.read_otherwise(
            import_id, layout, sheet, beginning, by=current_reader().actor, at=clock.now()
        )
    except Unreadable as error:
        form.blame("encoding" if "encoding" in form else "sheet", reason(error.problem))
        return _shown(run, reading=form)
    except (Refused, SealBroken, FileNotFoundError) as error:
        return _refused(import_id, error)
    return _again(import_id)


@bp.post("/<int:import_id>/columns")
@requires(RIGHT)
def name_columns(import_id: int) -> Response:
    """Say what the columns are about, and have all rows looked at."""
    run = _run(import_id)
    form = columns_form(opening.columns_of(run), run["options"])
    if not form.validate_on_submit():
        return _shown(run, columns=form)
    by, at = current_reader().actor, clock.now()
    columns = form.columns()
    if not runs.names_somebody(columns):
        form.blame(None, worded("import-no-name", {}))
        return _shown(run, columns=form)
    try:
        runs.set_columns(import_id, columns, form.options(), by=by, at=at)
        runs.check(import_id, by=by, at=at)
    except Refused as refusal:
        return _refused(import_id, refusal)
    return _again(import_id)


@bp.post("/<int:import_id>/mapping")
@requires(RIGHT)
def map_again(import_id: int) -> Response:
    """Go back to the columns, after a check."""
    run = _run(import_id)
    try:
        runs.set_columns(
            import_id,
            opening.columns_of(run),
            runs.Options(**run["options"]),
            by=current_reader().actor,
            at=clock.now(),
        )
    except Refused as refusal:
        return _refused(import_id, refusal)
    return _again(import_id)


@bp.post("/<int:import_id>/start")
@requires(RIGHT)
def start(import_id: int) -> Response:
    """Have the rows written."""
    _run(import_id)
    try:
        runs.start(import_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _refused(import_id, refusal)
    return _again(import_id)


@bp.post("/<int:import_id>/reversal")
@requires(RIGHT)
def take_back(import_id: int) -> Response:
    """Have everything that the import did taken back."""
    if not _may_take_back(_run(import_id)):
        abort(403)
    try:
        runs.take_back(import_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _refused(import_id, refusal)
    return _again(import_id)


@bp.post("/<int:import_id>/dismissal")
@requires(RIGHT)
def discard(import_id: int) -> Response:
    """Throw the file away."""
    run = _run(import_id)
    try:
        runs.discard(import_id, by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return _refused(import_id, refusal)
    uploads.discard(run["uid"])
    return saved(url_for("imports.overview"), message=_("Nothing was imported."))


@bp.get("/<int:import_id>/left-over.csv")
@requires(RIGHT)
def left_over(import_id: int) -> Response:
    """The rows that failed or were held back, as they stood in the file, each with the reason."""
    run = _run(import_id)
    if not uploads.is_kept(run["uid"]):
        abort(404)
    return _file(f"import-{import_id}.csv", _left_over(run))


@bp.get("/sample.csv")
@requires(RIGHT)
def sample() -> Response:
    """A sheet to fill in, with the headings that are known."""
    return _file("customers.csv", iter([SAMPLE]))


def _may_take_back(run: Run) -> bool:
    """Whether the reader may undo what an import did: for as long as it is there, or nothing was."""
    if run["operation_id"] is None:
        return True
    row = operation_row(run["operation_id"])
    return row is not None and may_undo(current_reader(), row)


def _left_over(run: Run) -> Iterator[list[str]]:
    """Headings, then both in the order of the file: its rows, and what there is to say of some."""
    noted = queries.each_noted(run["id"], (FAILED, DUPLICATE))
    said = next(noted, None)
    with opening.opened(run) as rows:
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


def _file(name: str, rows: Iterator[list[str]]) -> Response:
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


def _run(import_id: int) -> Run:
    return queries.run_of(import_id, seen_by=current_reader())


def _again(import_id: int) -> Response:
    """The import as it stands now."""
    if not wants_part():
        return redirected(url_for("imports.show", import_id=import_id))
    return _shown(_run(import_id))


def _refused(import_id: int, error: Exception) -> Response:
    words = reason(error) if isinstance(error, Refused) else worded("file_gone", {})
    if wants_part():
        response = _shown(_run(import_id))
        response.status_code = 409
        return response
    toast(words, kind="error")
    return redirected(url_for("imports.show", import_id=import_id))


def _shown(run: Run, **forms: Any) -> Response:
    """The page of an import; each state has its part."""
    shown: dict[str, Any] = {"run": run, "states": STATES, "reason": _problem(run)}
    status = 200
    if run["state"] == MAPPING:
        shown["form"] = None
        try:
            shown |= _mapping(run, **forms)
        except (Unreadable, SealBroken, FileNotFoundError) as error:
            problem = error.problem if isinstance(error, Unreadable) else None
            shown["reason"] = reason(problem) if problem else worded("file_gone", {})
        status = max([200, *(form.status for form in forms.values())])
    elif run["state"] in AT_WORK:
        shown["nobody"] = not is_anybody_working(clock.now())
        shown["stuck"] = run["job_id"] is not None and is_over(run["job_id"])
    else:
        shown |= _report(run)
    return page("imports/show.html", "imports/_show.html", status, **shown)


def _problem(run: Run) -> str:
    problem = run["problem"]
    return worded(problem["code"], problem["params"]) if problem else ""


def _reading(run: Run) -> Any:
    layout = opening.layout_of(run)
    return reading_form(layout.encoding, layout.sheets, run["sheet"])


def _mapping(run: Run, reading: Any = None, columns: Any = None) -> dict[str, Any]:
    beginning = opening.beginning(run)
    form = columns or columns_form(opening.columns_of(run), run["options"])
    return {
        "reading": reading or _reading(run),
        "form": form,
        "rows": form.rows(beginning),
        "may_assign": can("customers:assign"),
    }


def _report(run: Run) -> dict[str, Any]:
    """What became of the rows, of one fate or of all about which there is something to say."""
    fate = request.args.get("fate", "")
    fates = (fate,) if fate in FATES else ()
    after = clean_int(request.args.get("after", ""), least=0, most=MOST).value or 0
    noted = fate not in FATES and fate != "all"
    rows = queries.rows_of(run["id"], fates, noted=noted, after=after, limit=ROWS + 1)
    customers = {row["customer_id"] for row in rows if row["customer_id"] is not None}
    customers.update(customer for row in rows for customer in row["likely"])
    return {
        "fate": fate,
        "after": after,
        "rows": [{**row, "said": _said(row)} for row in rows[:ROWS]],
        "more": rows[ROWS - 1]["number"] if len(rows) > ROWS else None,
        "names": in_sight(current_reader(), customers.union(run["kept"] or ())),
        "fates": {key: label(words) for key, words in FATE_WORDS.items()},
        "total": sum(run[name] for name in ("created", "updated", "duplicates", "failed")),
        "is_done": run["state"] in (IMPORTED, UNDONE, BROKEN),
        "may_start": run["state"] == CHECKED,
        "may_undo": run["state"] in (IMPORTED, BROKEN)
        and run["operation_id"] is not None
        and _may_take_back(run),
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
