"""What is measured against can be run: a floor that no longer fits the book is no floor."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench.raw_import import main
from bench.sheets import made
from crmlite.customers.models import Customer
from crmlite.extensions import database


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_sheet_is_written_raw_into_a_book(app: Flask, tmp_path: Path) -> None:
    sheet = made(tmp_path / "sheet.csv", 30, seed=1)
    assert main(app.extensions["crmlite.config"].instance, sheet) > 0
    with app.app_context():
        there = select(func.count()).select_from(Customer.__table__)
        assert database.session.execute(there).scalar() == 30
        database.session.remove()
