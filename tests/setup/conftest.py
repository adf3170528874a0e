"""A book that nobody can sign in to yet."""

import pytest
from flask import Flask

from tests.setup.emptying import leave_nobody_in


@pytest.fixture
def empty(app: Flask) -> Flask:
    """An application with a book that nobody can sign in to."""
    leave_nobody_in(app)
    return app
