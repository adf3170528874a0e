"""Where the firm is in another time zone, its open tasks stand on the days of that."""

from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.followups.operations import finish_task
from crmlite.jobs.queue import claim
from crmlite.jobs.running import do
from crmlite.settings.operations import change_settings
from crmlite.work.actors import command_line
from tests.followups.tasks import person, planned, stored

AT = datetime(2099, 3, 3, 17, 30, tzinfo=UTC)  # the fourth in Shanghai
THIRD, FOURTH = date(2099, 3, 3), date(2099, 3, 4)


def test_tasks_follow_the_time_zone_of_the_firm(inside: Flask, customer):
    timed, done = planned(customer, due_at=AT), planned(customer, due_at=AT)
    promise = planned(customer, kind="promise", due_on=FOURTH)
    finish_task(done, by=person("sales"), at=clock.now())
    assert stored(timed)["due_on"] == FOURTH
    assert stored(promise)["alert_at"] == datetime(2099, 3, 4, 16, tzinfo=UTC)
    change_settings({"timezone": "Europe/London"}, by=command_line(), at=clock.now())
    while (claimed := claim("test:1:x", clock.now())) is not None:
        assert do(claimed), claimed.kind.name
    assert (stored(timed)["due_on"], stored(done)["due_on"]) == (THIRD, FOURTH)
    assert stored(promise)["due_on"] == FOURTH
    assert stored(promise)["alert_at"] == datetime(2099, 3, 5, tzinfo=UTC)
    assert database.session.execute(select(Facts.next_step_on)).scalar_one() == THIRD
