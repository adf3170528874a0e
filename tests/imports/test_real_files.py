"""Files of other programs, good and bad: each is imported, or refused with a reason, and so is each
row."""

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.sensitive import whole_text
from crmlite.customers.models import Customer, Remark
from crmlite.extensions import database
from crmlite.imports import opening, queries
from crmlite.imports.models import BROKEN, IMPORTED
from crmlite.imports.operations import runs
from crmlite.imports.reading import Column
from crmlite.imports.sources.unreadable import Unreadable
from crmlite.imports.wording import MESSAGES, doubt_worded, reason
from crmlite.rules.text import clean_text, says_nothing
from crmlite.work.actors import command_line
from tests.figures import counted
from tests.imports.bringing import finished, imported
from tests.imports.spoiling import spoilt
from tests.real_files import naughty_strings, real_file

FOLDERS = ("csv_suites", "xlsx", "contacts", "naughty", "crm_samples")
SHORT = 100_000  # bytes


def files(*, shorter: bool) -> list[Path]:
    """The files of these folders that are shorter, or not, than a test in a hurry bears."""
    found = [path for folder in FOLDERS for path in real_file(folder).rglob("*") if path.is_file()]
    return sorted(path for path in found if (path.stat().st_size < SHORT) == shorter)


def fate(path: Path) -> str:
    """What becomes of a file: the code of why it is refused, or the state of its import."""
    problem = None
    with path.open("rb") as source:
        try:
            brought = runs.keep_file(source, path.name)
        except Unreadable as refused:
            problem = refused.problem
    if problem is not None:
        if problem.code != "encoding_unknown":
            assert reason(problem)
            return problem.code
        likely: Any = problem.params["may_be"]
        with path.open("rb") as source:
            brought = runs.keep_file(source, path.name, encoding=likely[0])
    by, at = command_line(), clock.now()
    import_id = runs.bring(brought, by=by, at=at)
    columns = opening.columns_of(queries.load(import_id))
    if not columns:
        return "empty"
    if runs.lacking("customers", columns):
        columns[0] = Column(heading=columns[0].heading, target="name")
        runs.set_columns(import_id, columns, runs.Options(), by=by, at=at)
    runs.start(import_id, by=by, at=at)
    return check(finished(import_id))


def check(run: Any) -> str:
    """Every row has a fate, and every row that is not in has a reason."""
    if run["state"] == BROKEN:
        assert run["problem"]["code"] in MESSAGES
        return str(run["problem"]["code"])
    assert run["state"] == IMPORTED
    with opening.opened(run) as rows:
        given = sum(1 for _row in opening.left({**run, "position": 0}, rows))
    assert run["created"] + run["updated"] + run["duplicates"] + run["failed"] == given
    noted = list(queries.each_noted(run["id"]))
    for row in noted:
        assert row["fate"] != "failed" or row["doubts"]
        assert all(doubt_worded(doubt) for doubt in row["doubts"])
    held = [row for row in noted if row["fate"] in ("failed", "duplicate")]
    assert len(held) == run["failed"] + run["duplicates"]
    return IMPORTED


@pytest.mark.parametrize("engine", ["sqlite"])
def test_short_files_are_imported_or_refused_with_a_reason(inside: Flask) -> None:
    fates = {path.name: fate(path) for path in files(shorter=True)}
    assert len(fates) > 120
    assert set(fates.values()) <= {*MESSAGES, IMPORTED, "empty"}
    done = sum(found == IMPORTED for found in fates.values())
    print({name: found for name, found in fates.items() if found != IMPORTED})
    assert done > 0.75 * len(fates)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"])
def test_long_files_are_imported_or_refused_with_a_reason(inside: Flask) -> None:
    fates = {path.name: fate(path) for path in files(shorter=False)}
    print(fates)
    assert set(fates.values()) <= {*MESSAGES, IMPORTED, "empty"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"])
def test_spoilt_files_are_imported_or_refused_with_a_reason(inside: Flask, tmp_path: Path) -> None:
    luck = random.Random(11)
    fates = {}
    for path in luck.sample(files(shorter=True), 60):
        for content in spoilt(path.read_bytes() or b"x", luck, times=2):
            given = tmp_path / f"{len(fates)}-{path.name}"
            given.write_bytes(content)
            counted("sheets that burst", files=1)
            fates[given] = fate(given)
    assert set(fates.values()) <= {*MESSAGES, IMPORTED, "empty"}


def test_whatever_stands_in_a_cell_is_stored_as_typed_or_named(inside: Flask) -> None:
    strings = naughty_strings()
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(["客户编号", "客户名称", "备注"])
    for place, string in enumerate(strings):
        writer.writerow([f"N{place}", f"客户{place}", string.replace("\x00", "\x01")])
    run = imported(kept.getvalue().encode("utf-8", "replace"))
    assert run["created"] == len(strings)
    customers, table = Customer.__table__, Remark.__table__
    counted("encodings", texts=len(strings))
    rows = database.session.execute(
        select(table, customers.c.number).join(customers, customers.c.id == table.c.customer_id)
    ).mappings()
    stored = {row["number"]: whole_text(Remark.text, row) for row in rows}
    named = {f"N{row['number'] - 2}" for row in queries.each_noted(run["id"])}
    for place, string in enumerate(strings):
        given = string.encode("utf-8", "replace").decode().replace("\x00", "\x01")
        wanted = clean_text(given, max_length=10_000, lines=True).value
        number = f"N{place}"
        told = number in named or says_nothing(string)
        assert told or (stored.get(number) or "") == (wanted or ""), (place, string)
