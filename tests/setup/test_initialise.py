"""Starting a book: once, whoever else starts it too, and after any interruption."""

import subprocess

import pytest
from sqlalchemy import select, text

from crmlite.access.permissions import permissions
from crmlite.accounts.models import Role
from crmlite.app import create_app
from crmlite.db import migrate
from crmlite.db.keyring import KeyRing, WrongCode, unwrap_ring
from crmlite.db.migrate import Standing
from crmlite.extensions import database
from crmlite.setup import initialise as room
from crmlite.setup.fitness import NotStarted, require_fit
from crmlite.setup.initialise import AlreadyStarted, KeysWithoutBook, ensure, initialise
from crmlite.testing import config_for
from tests.architecture.project import ROOT
from tests.serving.house import COMMAND, environment


@pytest.fixture
def config(engine, tmp_path, request):
    """Settings of an instance that is not there yet."""
    url = request.getfixturevalue("fresh_postgresql")() if engine == "postgresql" else ""
    return config_for(tmp_path / "instance", url)


@pytest.fixture
def fresh(config):
    """The context of an application without a book."""
    app = create_app(config)
    with app.app_context():
        yield app
        database.session.remove()
        database.engine.dispose()


def opens(config, code):
    """Whether a recovery code opens what a backup would carry."""
    try:
        unwrap_ring(KeyRing.load(config.keys_file).wrap_ring(), code)
    except WrongCode:
        return False
    return True


def test_a_book_has_keys_schema_roles_with_rights_and_a_first_operation(fresh, config):
    with pytest.raises(NotStarted):
        require_fit(config)
    code = initialise()
    require_fit(config)
    assert opens(config, code)
    with database.engine.connect() as connection:
        assert migrate.standing(connection) is Standing.CURRENT
        roles = set(connection.execute(select(Role.__table__.c.key)).scalars())
        assert {"sales", "support", "manager"} <= roles
        granted = connection.execute(text("SELECT DISTINCT permission FROM role_grant")).scalars()
        assert set(granted) == {name for name, right in permissions().items() if right.defaults}
        first = connection.execute(text("SELECT name FROM operation ORDER BY id")).scalars().all()
        assert first == ["book_started"]
    assert not (config.instance / "starting.lock").exists()


def test_another_start_changes_nothing(fresh, config):
    code = initialise()
    with pytest.raises(AlreadyStarted):
        initialise()
    assert ensure() is None
    assert opens(config, code)


@pytest.mark.parametrize("step", ["_make_keys", "_start"])
def test_an_interrupted_start_is_taken_up_again_with_a_code_that_works(
    fresh, config, monkeypatch, step
):
    done = getattr(room, step)

    def interrupted(*args, **kwargs):
        if step == "_make_keys":
            done(*args, **kwargs)  # the code is lost with the process
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            initialise()
    with pytest.raises(NotStarted):
        require_fit(config)
    code = ensure()
    assert opens(config, code)
    require_fit(config)


def test_a_start_that_fails_at_the_last_step_leaves_no_half_book(fresh, config, monkeypatch):
    def fails(**_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(room, "ship", fails)
        with pytest.raises(RuntimeError):
            initialise()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM role")).scalar() == 0
    assert initialise()


def test_keys_of_a_lost_book_are_not_taken_for_an_interrupted_start(fresh, config):
    config.instance.mkdir(exist_ok=True)
    KeyRing.create(config.keys_file)
    for _ in range(2):
        with pytest.raises(KeysWithoutBook):
            initialise()
    assert ensure() is None


def test_of_several_at_once_one_wins(config):
    starts = [
        subprocess.Popen(
            [*COMMAND, "init"],
            cwd=ROOT,
            env=environment(config),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    told = [start.communicate(timeout=120) for start in starts]
    assert sorted(start.returncode for start in starts) == [0, 1, 1]
    (code,) = [out.split()[2] for out, _ in told if out]
    assert opens(config, code)
    assert [err for out, err in told if not out and "already" not in err] == []
