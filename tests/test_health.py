"""What monitoring asks: is it alive, is it ready, and no more than that."""

from crmlite import clock, hookimpl, hooks
from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.health import Finding, HealthCheck
from crmlite.jobs import signs
from crmlite.testing import config_for


def bring(app, *checks):
    """A pack with checks of its own."""

    class Extra:
        @hookimpl
        def register_health_checks(self):
            return list(checks)

    app.extensions[hooks.KEY].register(Extra())


def work(app):
    """A worker gives a sign of life."""
    with app.app_context():
        signs.sign(signs.Identity.new(clock.now()), clock.now())


def test_a_process_is_alive_also_without_a_database(tmp_path):
    app = create_app(config_for(tmp_path / "instance"))
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.text) == (200, "ok")
    assert not app.extensions["crmlite.config"].database_file.exists()


def test_with_a_worker_it_is_ready(app):
    work(app)
    response = app.test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json["ready"]
    assert {name for name, found in response.json["checks"].items() if found["ok"]} >= {
        "database",
        "schema",
        "disk",
        "worker",
    }


def test_without_a_worker_it_is_not(app):
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert not response.json["ready"]
    assert response.json["checks"]["worker"]["ok"] is False


def test_without_a_database_it_is_not(app, engine):
    work(app)
    with app.app_context():
        database.engine.dispose()
    config = app.extensions["crmlite.config"]
    if engine == "sqlite":
        config.database_file.write_text("this is no database any more")
    else:
        from tests import postgresql

        postgresql.drop_database(config.url)
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json["checks"]["database"] == {"ok": False}


def test_a_full_disk_makes_it_unready(app, monkeypatch):
    work(app)
    monkeypatch.setattr("crmlite.health.LEAST_FREE_MB", 10**9)
    assert app.test_client().get("/readyz").json["checks"]["disk"]["ok"] is False


def test_a_check_that_fails_is_not_well_and_does_not_hide_the_others(app):
    def broken():
        raise RuntimeError("13800000001")

    work(app)
    bring(app, HealthCheck(name="broken", look=broken))
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json["checks"]["broken"] == {"ok": False}
    assert response.json["checks"]["worker"]["ok"]


def test_what_is_not_fatal_is_told_and_makes_nothing_unready(app):
    work(app)
    old = Finding(ok=False, facts={"hours": 50})
    bring(app, HealthCheck(name="old", look=lambda: old, fatal=False))
    response = app.test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json["checks"]["old"] == {"ok": False, "hours": 50}


def test_strangers_learn_figures_and_nothing_else(app):
    work(app)
    found = app.test_client().get("/readyz").json["checks"]
    for check in found.values():
        assert all(isinstance(value, (bool, int, float)) for value in check.values())
