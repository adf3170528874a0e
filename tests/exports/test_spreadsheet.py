"""What stands in an Excel file is what it is: texts texts, days days, numbers numbers."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from crmlite import clock
from crmlite.exports.formats import spreadsheet

HEAD = ["a", "b"]


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Nothing here asks a database; the words of the file need an application."""
    return str(request.param)


@pytest.fixture
def sheets(inside: Flask, tmp_path: Path):
    """Writes rows and answers the sheets of the file, by name."""

    def of(*rows: list[Any], title: str = "Book") -> dict[str, list[list[Any]]]:
        pieces = [[row] for row in rows]
        made = spreadsheet.written(title, HEAD, pieces, tmp_path / "work", clock.now())
        file = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(made)))
        return {name: file.get_sheet_by_name(name).to_python() for name in file.sheet_names}

    return of


def test_each_kind_of_cell_is_of_its_kind(sheets):
    found = sheets(
        ["=1+1", "https://calder.example"],
        [Decimal("12.5"), 7],
        [date(2026, 6, 15), datetime(2026, 6, 15, 9, 30, tzinfo=UTC)],
        [date(1899, 1, 2), 10**16],
        [True, "13800000001"],
        [None, ""],
        ["last", "_x0041_ 👋"],
    )
    assert found["Book"] == [
        HEAD,
        ["=1+1", "https://calder.example"],
        [12.5, 7.0],
        [date(2026, 6, 15), datetime.fromisoformat("2026-06-15T09:30")],
        ["1899-01-02", "10000000000000000"],
        ["yes", "13800000001"],
        ["", ""],
        ["last", "_x0041_ 👋"],
    ]


def test_a_moment_before_spreadsheets_count_is_a_text(sheets):
    early = datetime(1900, 2, 28, 23, 59, tzinfo=UTC)
    first = datetime(1900, 3, 1, 8, tzinfo=UTC)
    cells = sheets([early, first])["Book"][1]
    assert cells == ["1900-02-28 23:59", datetime.fromisoformat("1900-03-01T08:00")]


def test_a_cell_that_is_too_long_says_that_it_is_cut(sheets):
    [_head, [cell, _empty]] = sheets(["x" * 40_000, ""])["Book"]
    assert len(cell) == spreadsheet.LONGEST and cell.endswith("takes no more]")


def test_more_rows_than_a_sheet_takes_go_on_in_another(sheets, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    found = sheets(*(["row", n] for n in range(5)))
    assert found == {
        "Book": [HEAD, ["row", 0.0], ["row", 1.0]],
        "Book 2": [HEAD, ["row", 2.0], ["row", 3.0]],
        "Book 3": [HEAD, ["row", 4.0]],
    }


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Service visits and their reports of the year", "Service visits and their r"),
        ("Visits/reports [all]: *?\\", "Visits reports all"),
        ("'Visits'", "Visits"),
        ("👋" * 16, "👋" * 13),
        ("History", "History 1"),
        ("'/'", "List"),
    ],
)
def test_every_title_becomes_the_name_of_sheets(sheets, monkeypatch, title: str, name: str):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    assert list(sheets(["a", "b"], ["c", "d"], title=title)) == [name, f"{name} 2"]


def test_nothing_lies_about_afterwards_and_what_a_crash_left_is_taken_away(sheets, tmp_path):
    left = tmp_path / "work" / f"{spreadsheet.WORK}left"
    left.mkdir(parents=True)
    (left / "rows").write_text("13800000001")
    sheets(["a", "b"])
    assert [path.name for path in (tmp_path / "work").iterdir()] == [left.name]
    later = clock.now() + timedelta(days=2)
    list(spreadsheet.written("Book", HEAD, [], tmp_path / "work", later))
    assert list((tmp_path / "work").iterdir()) == []


def test_a_file_that_is_not_fetched_to_its_end_leaves_nothing(sheets, tmp_path):
    sheets(["a", "b"])
    made = spreadsheet.written("Book", HEAD, [], tmp_path / "work", clock.now())
    next(made)
    made.close()
    assert list((tmp_path / "work").iterdir()) == []
