"""Whatever people have written anywhere, no page takes it for its own: marks in every text that the
book holds, and no page that shows one raw."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, String, Table, select, update

from crmlite.db.columns import Json
from crmlite.extensions import database
from crmlite.testing import SignIn
from tests.access.conftest import Book, addresses
from tests.figures import told

MARK = "<i zq=1>\"'zq"
RAW = ("<i zq", "&gt;\"'zq", "&#34;'zq")
# The record of changes refuses to be rewritten; the others hold no text of people.
LEFT = {
    "operation",
    "change",
    "sealed",
    "seal",
    "epoch",
    "job",
    "job_worker",
    "session",
    "throttle",
}
DERIVED = ("name_sort", "name_key", "hash", "token")


def is_written_by_people(value: Any) -> bool:
    """Whether a value reads like something that somebody has written."""
    return isinstance(value, str) and (" " in value.strip() or not value.isascii())


def marked(value: Any) -> Any:
    """The value with the mark behind each text in it."""
    if isinstance(value, dict):
        return {key: marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one) for one in value]
    return f"{value} {MARK}" if is_written_by_people(value) else value


def mark(table: Table) -> int:
    """Put the mark into all texts of a table; answers how many there are."""
    count = 0
    [key] = table.primary_key.columns if len(table.primary_key.columns) == 1 else [None]
    if key is None:
        return 0
    for column in table.columns:
        is_text = type(column.type) in (String, Json, JSON) or type(column.type).__name__ == "Text"
        if not is_text or column.name.endswith(DERIVED) or column.primary_key:
            continue
        rows = database.session.execute(select(key, column).where(column.is_not(None))).all()
        for row_id, value in rows:
            if (now := marked(value)) != value:
                statement = update(table).where(key == row_id).values({column.name: now})
                database.session.execute(statement)
                count += 1
    return count


@pytest.mark.parametrize("engine", ["sqlite"])  # texts may be longer than PostgreSQL lets them be
def test_no_page_takes_what_is_stored_for_its_own(app: Flask, sign_in: SignIn, book: Book) -> None:
    client = sign_in("manager")
    with app.app_context():
        tables = [one for one in database.metadata.sorted_tables if one.name not in LEFT]
        marks = sum(mark(one) for one in tables if not one.name.startswith("search"))
        epoch = database.metadata.tables["epoch"]
        database.session.execute(update(epoch).values(number=epoch.c.number + 1))
        database.session.commit()
        database.session.remove()
    hits, pages, shown = [], 0, 0
    for one in addresses(app):
        if "GET" not in one.methods or one.rule.startswith("/static"):
            continue
        for number in {book.of_sales, book.of_nobody, "SO0001"}:
            for part in ({}, {"HX-Request": "true"}):
                place = one.url(number=number)
                with client.get(place, headers=part) as answer:
                    text = answer.text if answer.mimetype == "text/html" else ""
                pages += bool(text)
                shown += "zq" in text
                hits += [f"{place}: {raw}" for raw in RAW if raw in text]
    told("marks", f"marks {marks}, pages {pages}, showing some {shown}, raw {len(hits)}")
    assert hits == []
    assert marks >= 300 and shown >= 100
