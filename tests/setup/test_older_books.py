"""Books of every earlier schema are brought up to date, with all that is in them."""

import pytest
import sqlalchemy as sa

from crmlite import clock
from crmlite.accounts.operations import NewUser, create_user
from crmlite.accounts.passwords import hashed
from crmlite.app import create_app
from crmlite.customers.models import Contact
from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import key_of, open_sealed
from crmlite.extensions import database
from crmlite.testing import PASSWORD, SignIn
from crmlite.work.actors import command_line
from tests import postgresql
from tests.commands import command  # noqa: F401 - a fixture
from tests.figures import told
from tests.setup import older

# What is made anew, or says of what runs: of these only that it is there and fits is asked.
MADE_ANEW = {
    *("alembic_version", "backup", "epoch", "job", "job_worker"),
    *("case_facts", "customer_facts", "purchase_cycle"),
}
SHIPPED = {
    "canned_reply",
    "case_target",
    "choice",
    "role_grant",
    "strategy",
    "tag",
    "tag_dimension",
}
FOLLOWS = {"name_sort", "name_key"}
WENT_ELSEWHERE = {"task": {"done_at"}, "customer": {"incomplete"}, "case": {"description"}}


BY_DAY = ("before-1", "before-7")  # the others at night


@pytest.fixture(
    params=[
        pytest.param(name, marks=() if name in BY_DAY else pytest.mark.slow) for name in older.NAMES
    ]
)
def book(request, engine, tmp_path):
    """The settings of an instance with an older book."""
    config = older.lay(request.param, engine, tmp_path / "older")
    yield config
    if engine == "postgresql":
        postgresql.drop_database(config.database_url)


def test_an_older_book_is_brought_up_to_date_with_all_that_is_in_it(book, app, command):  # noqa: F811
    fresh = app.extensions["crmlite.config"].url
    leave_open(book.url)
    before = older.rows_of(book.url)
    refused = command(book, "worker")
    assert refused.returncode == 1
    assert "crmlite upgrade" in refused.stderr

    done = command(book, "upgrade")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "The book is up to date now.")
    checked = command(book, "check", "--all")
    assert checked.returncode == 0, checked.stdout
    assert older.shape_of(book.url) == older.shape_of(fresh)

    after = older.rows_of(book.url)
    lost = [row for row in kept_or_not(before, after) if row[-1]]
    assert lost == []
    assert all(job["state"] == "done" for job in after["job"].values() if is_settling(job))
    stands_where_it_belongs(before, after, KeyRing.load(book.keys_file))
    assert rights(after) >= rights(older.rows_of(fresh))
    pages, broken = walked(book, after)
    assert broken == []
    told("upgrades", f"{sum(map(len, before.values()))} rows, 0 lost; {pages} pages, 0 broken")


def leave_open(url):
    """What the first books could hold and the demo did not: a note on a contact, and a task done."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        there = {c["name"]: c["type"] for c in sa.inspect(connection).get_columns("contact")}
        if isinstance(there["note"], sa.Text):
            connection.execute(
                sa.text("UPDATE contact SET note = '爱喝茶 (likes tea)' WHERE id = 1")
            )
        if "done_at" in {c["name"] for c in sa.inspect(connection).get_columns("task")}:
            done = "UPDATE task SET status = 'done', done_at = updated_at WHERE id = 1"
            connection.execute(sa.text(done))
    engine.dispose()


def is_settling(job):
    return job["kind"] == "settle-upgrade"


def kept_or_not(before, after):
    """Each row that was there, with the columns that are others now, or that it is gone."""
    for name in before.keys() - MADE_ANEW:
        for key, row in before[name].items():
            now = after[name].get(key)
            if now is None:
                yield name, key, "gone"
            elif name not in SHIPPED:
                left_out = FOLLOWS | WENT_ELSEWHERE.get(name, set())
                yield name, key, [c for c in row.keys() - left_out if not same(row[c], now[c])]


def same(before, now):
    """Whether a value is as it was, or was sealed."""
    return before == now or (
        isinstance(now, str) and bool(key_of(now)) and not key_of(before or "")
    )


def stands_where_it_belongs(before, after, ring):
    """What the first books kept elsewhere, in the open, or without saying whose it is."""
    for key, task in before["task"].items():
        assert after["task"][key]["closed_at"] == task.get("done_at", task.get("closed_at"))
    for key, contact in before["contact"].items():
        if contact["note"] and not key_of(contact["note"]):
            place = (Contact.__tablename__, "note", contact["uid"])
            assert open_sealed(ring, after["contact"][key]["note"], place) == contact["note"]
    for name in SHIPPED - {"role_grant"}:
        assert any(row["shipped_key"] for row in after[name].values()), name


def rights(rows):
    return {(row["role_id"], row["permission"]) for row in rows["role_grant"].values()}


def walked(book, rows):
    """How many pages a manager has now, and those that break: of some customers what they are and
    what was changed, and what some of the oldest and newest operations did."""
    numbers = sorted(row["number"] for row in rows["customer"].values() if row["state"] == "active")
    numbers = numbers[:5]
    changed = sorted({row["operation_id"] for row in rows["change"].values()})
    operations = changed[:10] + changed[-10:]
    app = create_app(book)
    with app.app_context():
        newcomer = NewUser(
            login="newcomer", name="Newcomer", role="manager", password_hash=hashed(PASSWORD)
        )
        create_user(newcomer, by=command_line(), at=clock.now())
        database.session.remove()
    client = SignIn(app)("newcomer")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    pages = [rule.rule for rule in rules if not rule.arguments and rule.rule != "/readyz"]
    broken = [page for page in pages if client.get(page).status_code >= 500]
    told_of = [f"/customers/{number}" for number in numbers]
    told_of += [f"{page}/{part}" for page in told_of for part in ("contacts", "changes")]
    told_of += [f"/settings/ledger/{operation}" for operation in operations]
    broken += [page for page in told_of if client.get(page).status_code != 200]
    with app.app_context():
        database.session.remove()
        database.engine.dispose()
    return len(pages + told_of), broken


def test_the_backup_made_before_can_be_restored(book, engine, command, request):  # noqa: F811
    """In PostgreSQL where it has the tables that the migrations make; what was before is refused."""
    fits = engine == "sqlite" or request.node.callspec.params["book"] in ("before-6", "before-7")
    command(book, "upgrade")
    (made,) = book.backups_folder.glob("*.zip")
    before = older.rows_of(book.url)
    code = (book.instance / "code").read_text()
    restored = command(book, "restore", made, "--code-stdin", given=code)
    after = older.rows_of(book.url)
    assert (restored.returncode == 0) is fits, restored.stderr
    if fits:
        assert any(is_settling(job) and job["state"] == "ready" for job in after["job"].values())
        assert after["customer"].keys() == before["customer"].keys()
    else:
        assert "this crmlite does not know" in restored.stderr or "loaded" in restored.stderr
        assert after == before
