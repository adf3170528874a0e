"""The page of the background work: what it shows, and to whom."""

import pytest
from sqlalchemy import text

from crmlite import clock
from crmlite.jobs import JobKind, queries, running, signs
from crmlite.jobs.running import JobFailed
from crmlite.jobs.worker import Worker
from crmlite.testing import csrf_token
from tests.jobs.workshop import act, bring, make_room, outside, rows, wanted

PAGE = "/settings/jobs"


@pytest.fixture
def manager(sign_in):
    return sign_in("manager")


def send(client, path, **headers):
    token = csrf_token(client, PAGE)
    return client.post(path, data={"csrf_token": token}, headers=headers)


def parked(app):
    bring(app, JobKind(name="act", label={"en": "Act", "zh": "动作"}, run=act))
    (job_id,) = wanted(app, "act", "a")
    with outside(app) as connection:
        connection.execute(
            text("UPDATE job SET state = 'parked', attempts = 5, last_error = 'KeyError (x.py:3)'")
        )
    return job_id


def test_every_kind_of_work_is_listed_in_both_languages(app, sign_in):
    assert "Tidy the background work" in sign_in("manager").get(PAGE).text
    assert "清理后台任务记录" in sign_in("manager", lang="zh").get(PAGE).text


def test_nobody_at_work_is_said_and_a_worker_is_named(app, manager):
    assert "Nobody is doing the background work" in manager.get(PAGE).text
    with app.app_context():
        signs.sign(signs.Identity.new(clock.now()), clock.now())
    shown = manager.get(PAGE).text
    assert "Nobody is doing the background work" not in shown
    assert "at work" in shown


def test_run_now_puts_it_into_the_queue_once(app, manager):
    for _ in range(2):
        response = send(manager, f"{PAGE}/tidy-jobs/runs")
        assert response.status_code == 303
    assert len(rows(app)) == 1
    worker = Worker(app)
    while worker.step():
        pass
    assert [row["state"] for row in rows(app) if row["slot"] is None] == ["done"]


def test_htmx_gets_the_part_alone(app, manager):
    response = send(manager, f"{PAGE}/tidy-jobs/runs", **{"HX-Request": "true"})
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<div id="jobs"')
    assert "<html" not in response.text


def test_what_failed_is_shown_with_its_reason_and_can_be_tried_again_or_dropped(app, manager):
    job_id = parked(app)
    shown = manager.get(PAGE).text
    assert "KeyError (x.py:3)" in shown
    assert "5 tries" in shown
    assert send(manager, f"{PAGE}/{job_id}/retry").status_code == 303
    assert rows(app)[0]["state"] == "ready"
    assert send(manager, f"{PAGE}/{job_id}/dismissal").status_code == 404
    with outside(app) as connection:
        connection.execute(text("UPDATE job SET state = 'parked'"))
    assert send(manager, f"{PAGE}/{job_id}/dismissal").status_code == 303
    assert rows(app)[0]["state"] == "dropped"
    assert "KeyError" not in manager.get(PAGE).text


def test_why_work_failed_is_told_in_the_language_of_the_reader(app, sign_in):
    def fail(_payload, *, by, at):
        text = "Unpacking needs %(wanted)s MB in %(place)s; %(free)s MB are free."
        raise JobFailed(text, wanted=70, place="/srv", free=5)

    bring(app, JobKind(name="act", label="Act", run=fail))
    (job_id,) = wanted(app, "act", "a")
    with app.app_context():
        assert not running.do_now(job_id, clock.now())
        said = "Unpacking needs 70 MB in /srv; 5 MB are free."
        assert queries.outcome(job_id) == ("ready", said)
    assert said in sign_in("manager").get(PAGE).text
    assert "解压需要 70 MB 空间，/srv 只剩 5 MB。" in sign_in("manager", lang="zh").get(PAGE).text


def test_work_that_needs_facts_or_is_unknown_cannot_be_started(app, manager):
    bring(app, JobKind(name="act", label="Act", run=act))
    make_room(app)
    for kind in ("act", "make-coffee"):
        assert send(manager, f"{PAGE}/{kind}/runs").status_code == 404
    assert rows(app) == []


@pytest.mark.parametrize("login", ["sales", "support"])
def test_others_neither_see_nor_start_it(app, sign_in, login):
    job_id = parked(app)
    client = sign_in(login)
    assert client.get(PAGE).status_code == 403
    token = csrf_token(client, "/profile")
    for path in ("tidy-jobs/runs", f"{job_id}/retry", f"{job_id}/dismissal"):
        response = client.post(f"{PAGE}/{path}", data={"csrf_token": token})
        assert response.status_code == 403
    assert rows(app)[0]["state"] == "parked"
