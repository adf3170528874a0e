"""Values are said in the reader's language, and none of them loses anything by it."""

import pytest
from flask import Flask

from crmlite.customers.conditions.catalogue import BookVoice
from crmlite.customers.words import in_words
from crmlite.rules.fields import Field

SHARE = Field(name="bakery__share", label="Share", kind="number")


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0004, "0.0004"), (31.230416, "31.230416"), (12.0, "12"), (1234567.5, "1,234,567.5")],
)
def test_a_number_is_said_with_all_its_decimals(app: Flask, value: float, words: str) -> None:
    with app.test_request_context():
        assert in_words(SHARE, value) == words
        assert BookVoice().shown(SHARE, value) == words
