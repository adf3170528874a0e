"""Times in the reader's words."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from crmlite import clock
from crmlite.wording import ago, to_the_minute


@pytest.mark.parametrize(
    ("distance", "english", "chinese"),
    [
        (timedelta(seconds=-20), "just now", "刚刚"),
        (timedelta(minutes=-1), "1 minute ago", "1 分钟前"),
        (timedelta(minutes=-59), "59 minutes ago", "59 分钟前"),
        (timedelta(minutes=-62), "1 hour ago", "1 小时前"),
        (timedelta(minutes=5), "in 5 minutes", "5 分钟后"),
        (timedelta(hours=3), "in 3 hours", "3 小时后"),
        (timedelta(days=-4), "4 days ago", "4 天前"),
    ],
)
def test_figures_stand_apart_from_words_in_chinese_whatever_the_unit(
    app: Flask, monkeypatch: pytest.MonkeyPatch, distance: timedelta, english: str, chinese: str
):
    noon = clock.now().replace(hour=4, minute=0)  # noon in Shanghai
    monkeypatch.setattr(clock, "now", lambda: noon)
    with app.test_request_context():
        assert ago(noon + distance) == english
        with force_locale("zh"):
            assert ago(noon + distance) == chinese


def test_a_moment_that_people_enter_has_no_seconds(app: Flask):
    at = datetime(2026, 11, 27, 0, 16, 40, tzinfo=UTC)
    with app.test_request_context():
        assert to_the_minute(at) == "27 Nov 2026, 08:16"
        with force_locale("zh"):
            assert to_the_minute(at) == "2026年11月27日 08:16"
