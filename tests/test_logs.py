"""The log says what went wrong and where, and nothing that somebody typed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from crmlite.access import requires
from crmlite.logs import JsonLines


@pytest.fixture
def noted() -> Iterator[io.StringIO]:
    """What crmlite's log says meanwhile."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("crmlite.errors")
    logger.addHandler(handler)
    yield told
    logger.removeHandler(handler)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_error_is_noted_by_its_kind_and_place_without_its_message(
    app: Flask, noted: io.StringIO
):
    @requires(None)
    def broken() -> str:
        raise ValueError("13912347788")

    app.view_functions["dashboard.start"] = broken
    assert app.test_client().get("/").status_code == 500
    [line] = [json.loads(line) for line in noted.getvalue().splitlines()]
    *_, place, kind = line["trace"]
    assert kind == "ValueError"
    assert place.endswith(" broken")
    assert "13912347788" not in noted.getvalue()
