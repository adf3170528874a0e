"""An import from the file that somebody brings to its end: each step is asked for by people, and the
work is done in the background."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import delete, insert, select, update

from crmlite.db.keys import ring
from crmlite.db.sealing import seal
from crmlite.extensions import Model, database
from crmlite.imports import opening, queries, uploads
from crmlite.imports.beginning import Beginning
from crmlite.imports.judging import HOLD
from crmlite.imports.models import (
    BROKEN,
    CHECKED,
    CHECKING,
    CUSTOMERS,
    DISCARDED,
    IMPORTED,
    IMPORTING,
    MAPPING,
    ORDERS,
    UNDOING,
    UNDONE,
    Import,
    ImportNote,
    ImportRow,
)
from crmlite.imports.objects import targets as objects
from crmlite.imports.objects.targets import is_about_objects
from crmlite.imports.orders.judging import CREATE, REFUSE
from crmlite.imports.orders.targets import says_enough
from crmlite.imports.reading import Column
from crmlite.imports.sources.looking import Layout
from crmlite.jobs.queries import is_waiting
from crmlite.jobs.queue import enqueue
from crmlite.wording import language
from crmlite.work import Actor, Gone, Refused, current, operation
from crmlite.work.actors import actor_for

IMPORTS = Import.__table__
NAMES = ("name", "company", "contact.name", "contact.given", "contact.family", "contact.email")
CHECK, CARRY_OUT, TAKE_BACK = "check-import", "import-customers", "undo-import"
FORGET = "forget-import"
JOBS = {CHECKING: CHECK, IMPORTING: CARRY_OUT, UNDOING: TAKE_BACK}
AT_ONCE = 2000
NO_COUNTS = dict.fromkeys(("created", "updated", "duplicates", "failed", "likely"), 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """A file that lies sealed, and how it begins."""

    file_name: str
    uid: str
    size: int
    digest: str
    layout: Layout
    beginning: Beginning
    sheet: int = 0
    about: str = CUSTOMERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How an import is to go. `owner_id` is whose new customers become; `day_first` settles
    03/04/2024. Of orders: what is done with customers (create, refuse) and products (create, words,
    refuse) that the book does not know."""

    on_duplicate: str = HOLD
    owner_id: int | None = None
    day_first: bool | None = None
    lang: str = field(default_factory=language)
    unknown_customers: str = REFUSE
    unknown_products: str = CREATE


def keep_file(
    source: BinaryIO, file_name: str, *, encoding: str | None = None, about: str = CUSTOMERS
) -> Brought:
    """Seal a file about customers or orders and look into it. Raises Unreadable, and nothing is kept
    then."""
    uid, size, digest = uploads.keep(source)
    try:
        layout, beginning = opening.look(uploads.opener(uid), encoding=encoding, about=about)
    except BaseException:
        uploads.discard(uid)
        raise
    return Brought(
        file_name=file_name[-255:],
        uid=uid,
        size=size,
        digest=digest,
        layout=layout,
        beginning=beginning,
        about=about,
    )


@operation("import_begun")
def bring(brought: Brought, options: Options | None = None, *, by: Actor, at: datetime) -> int:
    """Begin an import; answers its id. Columns are about what those of the last file with the same
    headings were about, else what their headings tell."""
    values = {
        "uid": brought.uid,
        "actor_id": actor_for(by).id,
        "user_id": by.user_id,
        "state": MAPPING,
        "target": brought.about,
        "created_at": at,
        "file_name": brought.file_name,
        "file_until": at + uploads.KEPT,
        "size": brought.size,
        "digest": brought.digest,
        "layout": asdict(brought.layout),
        "sheet": brought.sheet,
        "options": asdict(options or Options()),
        **_columns(brought.beginning, brought.uid, brought.about),
    }
    made = database.session.execute(insert(IMPORTS).values(values).returning(IMPORTS.c.id))
    current().id  # noqa: B018 - writes the ledger row, though no record of the book changed
    return int(made.scalar_one())


def _columns(beginning: Beginning, uid: str, about: str) -> dict[str, Any]:
    return {
        "heading_row": beginning.heading_row,
        "headings": opening.digest_of(beginning),
        "columns": opening.remembered_or_guessed(beginning, about),
        "beginning": seal(ring(), beginning.as_json(), (IMPORTS.name, "beginning", uid)),
    }


@operation("import_changed", traced=False)
def read_otherwise(
    import_id: int,
    layout: Layout,
    sheet: int,
    beginning: Beginning,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Read the file of an import in another encoding, another of its sheets, or with other headings.
    Raises Refused."""
    run = queries.load(import_id)
    columns = _columns(beginning, run["uid"], run["target"])
    values = {"layout": asdict(layout), "sheet": sheet, **columns}
    step(import_id, (MAPPING, CHECKED), MAPPING, **values)


@operation("import_changed", traced=False)
def set_columns(
    import_id: int,
    columns: Sequence[Column],
    options: Options,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Say what the columns are about, and how the import is to go. Raises Refused."""
    step(
        import_id,
        (MAPPING, CHECKED),
        MAPPING,
        columns=opening.stored(columns),
        options=asdict(options),
    )


@operation("import_check_requested", traced=False)
def check(import_id: int, *, by: Actor, at: datetime) -> int:
    """Have all rows looked at without writing any; answers the job's id. Raises Refused."""
    step(import_id, (MAPPING, CHECKED), CHECKING, started_at=at, **_from_the_start())
    return ask(CHECK, import_id)


@operation("import_started")
def start(import_id: int, *, by: Actor, at: datetime) -> int:
    """Have the rows written; answers the job's id. Refused: `import-no-name`, `import-no-order`."""
    run = queries.load(import_id)
    if lack := lacking(run["target"], opening.columns_of(run)):
        raise Refused(lack)
    began = {"started_at": at, "beginning": None}
    step(import_id, (MAPPING, CHECKED), IMPORTING, **began, **_from_the_start())
    return ask(CARRY_OUT, import_id)


def lacking(about: str, columns: Sequence[Column]) -> str:
    """Why rows with these columns cannot be what the file is about; empty where they can."""
    targets = {column.target for column in columns}
    if about == ORDERS:
        return "" if says_enough(targets) else "import-no-order"
    if is_about_objects(about):
        return "" if objects.says_enough(about, targets) else "import-no-record"
    return "" if not targets.isdisjoint(NAMES) else "import-no-name"


@operation("import_resumed")
def go_on(import_id: int, *, by: Actor, at: datetime) -> int:
    """Have the work on an import gone on with after it stopped or broke off; answers the job's id.
    Refused (`import-at-work`) while somebody will do it anyhow."""
    run = queries.load(import_id)
    state = queries.left_at(run)
    if state not in JOBS or (run["job_id"] and is_waiting(run["job_id"])):
        raise Refused("import-at-work")
    step(import_id, (run["state"],), state, problem=None, finished_at=None)
    more = {"by": actor_for(by).id} if state == UNDOING else {}
    return ask(JOBS[state], import_id, **more)


@operation("import_checked_anew", traced=False)
def check_anew(import_id: int, *, by: Actor, at: datetime) -> None:
    """Begin the check of an import from its first row. Raises Refused."""
    step(import_id, (CHECKING,), CHECKING, **_from_the_start())


@operation("import_finished", traced=False)
def finish(
    import_id: int, before: str, state: str, *, by: Actor, at: datetime, **values: Any
) -> None:
    """Say that the work on an import is done. Refused where its state is not what it was meanwhile."""
    step(import_id, (before,), state, finished_at=at, **values)


@operation("import_discarded")
def discard(import_id: int, *, by: Actor, at: datetime) -> None:
    """Throw away an import of which nothing is in the book; what was noted about its rows goes in
    the background. Raises Refused."""
    if queries.load(import_id)["operation_id"] is not None:
        raise Refused("import-at-work")
    gone = {"file_until": None, "beginning": None}
    step(import_id, (MAPPING, CHECKING, CHECKED, IMPORTED, BROKEN, UNDONE), DISCARDED, **gone)
    ask(FORGET, import_id)


@operation("import_file_gone", traced=False)
def let_file_go(import_id: int, *, by: Actor, at: datetime) -> None:
    """Note that the file of an import is not kept any more."""
    gone = {"file_until": None, "beginning": None}
    database.session.execute(update(IMPORTS).where(IMPORTS.c.id == import_id).values(gone))


@operation("import_forgotten", traced=False)
def forget(import_id: int, *, by: Actor, at: datetime) -> None:
    """Forget an import that was thrown away, once nothing is noted about its rows."""
    gone = (IMPORTS.c.id == import_id) & (IMPORTS.c.state == DISCARDED)
    database.session.execute(delete(IMPORTS).where(gone))


@operation("import_cleared", traced=False)
def clear(
    import_id: int,
    *,
    of: Sequence[type[Model]] = (ImportNote, ImportRow),
    after: int = 0,
    by: Actor,
    at: datetime,
) -> bool:
    """Take away some of what was noted about the rows after one, or of the notes alone; whether there
    was any."""
    found = False
    for model in of:
        table = model.__table__
        these = (table.c.import_id == import_id) & (table.c.number > after)
        some = select(table.c.id).where(these).limit(AT_ONCE)
        ids = list(database.session.execute(some).scalars())
        database.session.execute(delete(table).where(table.c.id.in_(ids)))
        found = found or bool(ids)
    return found


def _from_the_start() -> Mapping[str, Any]:
    return {"position": 0, "problem": None, "finished_at": None, **NO_COUNTS}


def ask(kind: str, import_id: int, **more: Any) -> int:
    """Have work on an import done in the background; answers the job's id."""
    current().id  # noqa: B018 - writes the ledger row
    job = enqueue(kind, {"import": import_id, **more})
    assert job is not None
    database.session.execute(update(IMPORTS).where(IMPORTS.c.id == import_id).values(job_id=job))
    return job


def step(import_id: int, before: Sequence[str], state: str, **values: Any) -> None:
    """Bring an import from one of these states into another. Refused (`import-at-work`) when it is
    in none of them."""
    changed = database.session.execute(
        update(IMPORTS)
        .where(IMPORTS.c.id == import_id, IMPORTS.c.state.in_(before))
        .values(state=state, **values)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        return
    if queries.find(import_id) is None:
        raise Gone("import", import_id)
    raise Refused("import-at-work")
