"""The pages on which people bring a file, say what is in it, see what would become of it, and have it
imported or taken back."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import can, current_reader, requires, takes_files
from crmlite.db.sealing import SealBroken
from crmlite.imports import opening, queries, uploads
from crmlite.imports.beginning import NOWHERE
from crmlite.imports.forms import FileForm, abouts, columns_form, offered_encoding, reading_form
from crmlite.imports.headings import own
from crmlite.imports.models import AT_WORK, CUSTOMERS, MAPPING, ORDERS
from crmlite.imports.objects.targets import is_about_objects, sheet_of
from crmlite.imports.operations import runs, undoing
from crmlite.imports.report import as_file, left_over_rows, may_go_on, may_take_back, report
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.wording import reason, worded
from crmlite.jobs.queries import is_over
from crmlite.jobs.signs import is_anybody_working
from crmlite.paging import page, redirected, saved, toast, wants_part
from crmlite.rules.text import clean_int
from crmlite.wording import N_
from crmlite.work import Refused

bp = Blueprint("imports", __name__, template_folder="templates", url_prefix="/imports")

Run = Mapping[str, Any]
RIGHT = "customers:import"
MOST = 2**31 - 1
STATES = {
    "mapping": N_("to be mapped"),
    "checking": N_("being checked"),
    "checked": N_("checked"),
    "importing": N_("being imported"),
    "imported": N_("imported"),
    "undoing": N_("being undone"),
    "undone": N_("undone"),
    "broken": N_("broken off"),
}


@bp.get("")
@requires(RIGHT)
def overview() -> Response:
    """What was imported so far, and where to bring a file; `?about=orders` says what is in it."""
    about = request.args.get("about", CUSTOMERS)
    return _overview(FileForm(data={"about": about if about in abouts() else CUSTOMERS}))


@bp.post("")
@takes_files("max_import_mb")
@requires(RIGHT)
def bring() -> Response:
    """Take a file and look into it."""
    form, reader = FileForm(), current_reader()
    if len(abouts()) == 1:
        del form.about
    if not form.validate_on_submit():
        return _overview(form)
    file = form.file.data
    if not file or not getattr(file, "filename", ""):
        form.blame("file", _("Please choose a file."))
        return _overview(form)
    about = (form.about.data if "about" in form else "") or CUSTOMERS
    try:
        brought = runs.keep_file(
            file.stream, file.filename, encoding=form.encoding.data, about=about
        )
    except Unreadable as error:
        form.blame("file", reason(error.problem))
        return _overview(form)
    import_id = runs.bring(brought, by=reader.actor, at=clock.now())
    return saved(url_for("imports.show", import_id=import_id))


def _overview(form: FileForm) -> Response:
    found = queries.runs(current_reader())
    known = abouts()
    if len(known) == 1 and "about" in form:
        del form.about
    shown = {
        "form": form,
        "abouts": known,
        "runs": found,
        "states": STATES,
        "undecided": queries.UNDECIDED,
    }
    return page("imports/overview.html", "imports/_overview.html", form.http_status, **shown)


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
    if run["state"] != MAPPING:
        return _refused(import_id, Refused("import-at-work"))
    form = _reading(run)
    if not form.validate_on_submit():
        return _shown(run, reading=form)
    sheet = int(form.sheet.data) if "sheet" in form else 0
    encoding = form.encoding.data if "encoding" in form else None
    before = offered_encoding(opening.layout_of(run))
    is_same = sheet == run["sheet"] and (encoding or before) == before
    asked = int(form.heading_row.data or NOWHERE) if "heading_row" in form and is_same else None
    source = uploads.opener(run["uid"])
    try:
        layout, beginning = opening.look(
            source, encoding=encoding, sheet=sheet, heading_row=asked, about=run["target"]
        )
        runs.read_otherwise(
            import_id, layout, sheet, beginning, by=current_reader().actor, at=clock.now()
        )
    except Unreadable as error:
        form.blame("encoding" if "encoding" in form else "sheet", reason(error.problem))
        return _shown(run, reading=form)
    except (Refused, SealBroken) as error:
        return _refused(import_id, error)
    return _again(import_id)


@bp.post("/<int:import_id>/columns")
@requires(RIGHT)
def name_columns(import_id: int) -> Response:
    """Say what the columns are about, and have all rows looked at."""
    run = _run(import_id)
    form = columns_form(opening.columns_of(run), run["options"], run["target"])
    if not form.validate_on_submit():
        return _shown(run, columns=form)
    by, at = current_reader().actor, clock.now()
    columns = form.columns()
    if lack := runs.lacking(run["target"], columns):
        form.blame(None, worded(lack, {}))
        return _shown(run, columns=form)

    def ask() -> None:
        runs.set_columns(import_id, columns, form.options(), by=by, at=at)
        runs.check(import_id, by=by, at=at)

    return _stepped(import_id, ask)


@bp.post("/<int:import_id>/mapping")
@requires(RIGHT)
def map_again(import_id: int) -> Response:
    """Go back to the columns, after a check."""
    run, by = _run(import_id), current_reader().actor
    columns, options = opening.columns_of(run), runs.Options(**run["options"])
    return _stepped(
        import_id,
        lambda: runs.set_columns(import_id, columns, options, by=by, at=clock.now()),
    )


@bp.post("/<int:import_id>/start")
@requires(RIGHT)
def start(import_id: int) -> Response:
    """Have the rows written."""
    _run(import_id)
    by = current_reader().actor
    return _stepped(import_id, lambda: runs.start(import_id, by=by, at=clock.now()))


@bp.post("/<int:import_id>/continuation")
@requires(RIGHT)
def go_on(import_id: int) -> Response:
    """Have the work gone on with after it stopped."""
    if not may_go_on(_run(import_id), current_reader()):
        abort(403)
    by = current_reader().actor
    return _stepped(import_id, lambda: runs.go_on(import_id, by=by, at=clock.now()))


@bp.post("/<int:import_id>/reversal")
@requires(RIGHT)
def take_back(import_id: int) -> Response:
    """Have everything that the import did taken back."""
    if not may_take_back(_run(import_id), current_reader()):
        abort(403)
    by = current_reader().actor
    return _stepped(import_id, lambda: undoing.take_back(import_id, by=by, at=clock.now()))


@bp.post("/<int:import_id>/dismissal")
@requires(RIGHT)
def discard(import_id: int) -> Response:
    """Discard the file."""
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
    return as_file(f"import-{import_id}.csv", left_over_rows(run))


@bp.get("/sample.csv")
@requires(RIGHT)
def sample() -> Response:
    """A sheet to fill in, with the headings that are known, of what `?about=` says: customers, orders,
    records of a pack."""
    about = request.args.get("about", CUSTOMERS)
    if about == ORDERS:
        return as_file("orders.csv", iter([own("orders")]))
    if about in abouts() and is_about_objects(about):
        return as_file(f"{about}.csv", iter([sheet_of(about)]))
    return as_file("customers.csv", iter([own("sample")]))


def _run(import_id: int) -> Run:
    return queries.run_of(import_id, seen_by=current_reader())


def _stepped(import_id: int, ask: Callable[[], object]) -> Response:
    """The import after a step, or why it could not be taken."""
    try:
        ask()
    except Refused as refusal:
        return _refused(import_id, refusal)
    return _again(import_id)


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
        if uploads.is_kept(run["uid"]) and run["beginning"] is not None:
            shown |= _mapping(run, **forms)
        else:
            shown["reason"] = worded("file_gone", {})
        status = max([200, *(form.http_status for form in forms.values())])
    elif run["state"] in AT_WORK:
        shown["nobody"] = not is_anybody_working(clock.now())
        shown["stuck"] = run["job_id"] is not None and is_over(run["job_id"])
        shown["may_go_on"] = shown["stuck"] and may_go_on(run, current_reader())
        if shown["stuck"] and (now := _run(run["id"]))["state"] != run["state"]:
            return _shown(now)  # its work ended in between
    else:
        after = clean_int(request.args.get("after", ""), least=0, most=MOST).value or 0
        shown |= report(run, current_reader(), request.args.get("fate", ""), after)
    return page("imports/show.html", "imports/_show.html", status, **shown)


def _problem(run: Run) -> str:
    problem = run["problem"]
    return worded(problem["code"], problem["params"]) if problem else ""


def _reading(run: Run) -> Any:
    return reading_form(opening.layout_of(run), run["sheet"], queries.beginning_of(run))


def _mapping(run: Run, reading: Any = None, columns: Any = None) -> dict[str, Any]:
    beginning = queries.beginning_of(run)
    form = columns or columns_form(opening.columns_of(run), run["options"], run["target"])
    return {
        "reading": reading or _reading(run),
        "form": form,
        "rows": form.rows(beginning),
        "may_assign": can("customers:assign"),
    }
