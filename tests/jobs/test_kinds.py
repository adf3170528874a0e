"""What a kind of work may say of itself."""

from datetime import time, timedelta

import pytest

from crmlite.jobs import JobKind
from crmlite.jobs.kinds import UnknownKind, kinds, known


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Tidy up"},
        {"name": ""},
        {"every": timedelta(minutes=1), "daily_at": time(3)},
        {"every": timedelta(0)},
        {"catch_up": "sometimes"},
    ],
)
def test_what_makes_no_sense_is_refused_at_start(wrong):
    with pytest.raises(ValueError, match=r"."):
        JobKind(**{"name": "work", "label": "Work", "run": print, **wrong})


def test_only_work_with_a_timetable_recurs():
    assert JobKind(name="work", label="Work", run=print, daily_at=time(3)).recurs
    assert not JobKind(name="work", label="Work", run=print).recurs


def test_work_about_nothing_in_particular_can_be_asked_for():
    assert JobKind(name="work", label="Work", run=print, daily_at=time(3)).on_demand
    assert JobKind(name="work", label="Work", run=print, pending=lambda: False).on_demand
    assert not JobKind(name="work", label="Work", run=print).on_demand


def test_kinds_of_the_slices_are_known_and_others_are_not(inside):
    assert "tidy-jobs" in kinds()
    assert known("tidy-jobs").recurs
    with pytest.raises(UnknownKind):
        known("make-coffee")
