"""Books that are served for one test."""

import pytest

from tests.serving.house import House


@pytest.fixture
def open_house(app):
    """Serves the book of `app`: `open_house("--workers", "2")`; closed at the end."""
    houses = []

    def serve(*options):
        houses.append(House(app.extensions["crmlite.config"], *options))
        return houses[-1]

    yield serve
    for house in houses:
        house.close()
