"""The web server's own manners: what it believes, what it notes, what it refuses."""

import json
import logging
import os
import select
import socket
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from crmlite.app import create_app
from crmlite.extensions import database
from crmlite.serving.clients import LEAST_BYTES, Answered, Visitor
from crmlite.serving.warming import keep_compiled, warm
from crmlite.serving.web import DrainingWorker, Log, WebServer, answer
from crmlite.testing import config_for

engine_once = pytest.mark.parametrize("engine", ["sqlite"])


def visitor(app):
    """What the application takes a visitor for who says that a proxy stands in between."""
    headers = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "crm.example",
    }
    seen = {}

    @app.before_request
    def look():
        from flask import request

        seen.update(address=request.remote_addr, scheme=request.scheme, host=request.host)

    app.test_client().get("/healthz", headers=headers)
    return seen


@engine_once
def test_nobody_is_believed_about_the_visitor(app):
    assert visitor(app) == {"address": "127.0.0.1", "scheme": "http", "host": "localhost"}


def test_as_many_proxies_as_were_set_are_believed(tmp_path):
    app = create_app(replace(config_for(tmp_path), proxies=1))
    assert visitor(app) == {"address": "203.0.113.7", "scheme": "https", "host": "crm.example"}


class Notes(logging.Handler):
    """What gunicorn's messages become."""

    def __init__(self):
        super().__init__()
        self.told = []

    def emit(self, record):
        self.told.append(record.getMessage())


@pytest.fixture
def notes():
    handler = Notes()
    logging.getLogger("crmlite.web").addHandler(handler)
    yield handler.told
    logging.getLogger("crmlite.web").removeHandler(handler)


def test_addresses_in_the_log_have_no_query(notes):
    log = Log(None)
    try:
        raise RuntimeError
    except RuntimeError:
        log.exception("Error handling request %s", "/search?q=13800000001")
    log.warning("Invalid request from ip=203.0.113.7: GET /search?q=13800000001")
    log.access(None, None, {"QUERY_STRING": "q=13800000001"}, None)
    assert notes == ["Error handling request /search", "somebody sent what is not a request"]


@engine_once
def test_gunicorn_is_set_to_tell_nothing_and_to_believe_nobody(app):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = WebServer(app, listener.fileno()).cfg
    assert settings.accesslog is None
    assert settings.forwarded_allow_ips == []
    assert settings.limit_request_line == 8190


class Client:
    """Somebody who is answered, as far as it matters how long."""

    moved_at = 0.0


def test_a_process_whose_threads_all_never_come_back_gives_no_sign_of_life(tmp_path, notes):
    answered, now = Answered(2, 300.0), time.monotonic()
    first, second = Client(), Client()
    with (tmp_path / "sign").open("w") as sign:
        worker = SimpleNamespace(
            sign=sign.fileno(), answered=answered, was_stuck=False, log=Log(None)
        )

        def lives():
            os.utime(sign.fileno(), (0, 0))
            DrainingWorker.notify(worker)
            return os.fstat(sign.fileno()).st_mtime > 0

        answered.enter(first)
        first.moved_at = now - 301
        assert lives()  # another thread is free
        answered.enter(second)
        assert lives()
        second.moved_at = now - 301
        assert not lives() and not lives()
        assert len(notes) == 1
        first.moved_at = now  # it sends or is sent something
        assert lives()
        first.moved_at = now - 301
        answered.leave(second)
        assert lives()


@engine_once
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # gunicorn's look at the socket
def test_a_process_that_parts_from_another_leaves_it_its_connections(app, monkeypatch):
    seen = []

    def answered(self):
        seen.append(database.engine.pool.checkedin())
        for kept in (*self.sockets, self.tmp):
            kept.close()

    monkeypatch.setattr("crmlite.serving.web.DrainingWorker.init_process", answered)
    with socket.create_server(("127.0.0.1", 0)) as listener, app.app_context():
        with database.engine.connect() as connection:
            theirs = connection.connection.driver_connection
        assert database.engine.pool.checkedin() == 1
        answer(app, os.dup(listener.fileno()), 0, os.getpid())
        assert seen == [0]
        theirs.execute("SELECT 1")
        theirs.close()


@engine_once
def test_an_address_that_is_too_long_is_refused_and_a_long_filter_is_not(open_house):
    house = open_house()
    assert house.get("/healthz?" + "a" * 7000)[0] == 200
    assert house.get("/healthz?" + "a" * 9000)[0] == 414


@engine_once
def test_what_is_not_a_request_is_noted_without_what_was_sent(app, tmp_path):
    from tests.serving.house import House

    noted = tmp_path / "log"
    with noted.open("w") as log:
        house = House(app.extensions["crmlite.config"], "--workers", "1", log=log)
    try:
        house.ready()
        with socket.create_connection((house.host, house.port)) as stranger:
            stranger.sendall(b"13800000001 / nonsense\r\n\r\n")
            assert b"400" in stranger.recv(1000)
        house.get("/search?q=13800000001")
        assert house.stop() == 0
    finally:
        house.close()
    lines = [json.loads(line) for line in noted.read_text().splitlines()]
    assert "13800000001" not in noted.read_text()
    assert {"/search", "/readyz"} <= {line.get("route") for line in lines}


IN, OUT = select.POLLIN, select.POLLOUT


@pytest.fixture
def visitor_and_client():
    theirs, ours = socket.socketpair()
    with theirs, Visitor(fileno=ours.detach()) as visitor:
        visitor.renew()
        visitor.left = {IN: 0.3, OUT: 0.3}
        yield visitor, theirs


def test_nobody_is_waited_for_for_ever(visitor_and_client):
    visitor, client = visitor_and_client
    began = time.monotonic()
    assert visitor.recv(10) == b""
    assert 0.2 < time.monotonic() - began < 2
    client.sendall(b"too late")
    assert visitor.recv(10) == b""
    visitor.sendall(b"An answer, though.")
    assert client.recv(100) == b"An answer, though."
    visitor.renew()
    assert visitor.recv(10) == b"too late"


def test_who_sends_a_byte_now_and_then_wins_no_time_by_it(visitor_and_client):
    visitor, client = visitor_and_client
    got = 0
    for _ in range(10):
        client.sendall(b"x")
        got += len(visitor.recv(10))
        visitor.left[IN] -= 0.1  # as if it had waited for the next
    assert got < 5


def test_who_sends_steadily_is_waited_for(visitor_and_client):
    visitor, client = visitor_and_client
    client.sendall(b"x" * LEAST_BYTES)
    assert len(visitor.recv(LEAST_BYTES)) == LEAST_BYTES
    assert visitor.left[IN] > 1


def test_who_reads_nothing_is_let_go(visitor_and_client, monkeypatch):
    visitor, _client = visitor_and_client
    monkeypatch.setattr("crmlite.serving.clients.PATIENCE_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(ConnectionResetError):
        visitor.sendall(b"x" * 10**8)
    assert 0.2 < time.monotonic() - began < 5


def test_who_reads_steadily_gets_it_all(visitor_and_client):
    visitor, client = visitor_and_client
    told = b"".join(b"%d " % number for number in range(300_000))
    got = []

    def read():
        while sum(map(len, got)) < len(told):
            got.append(client.recv(10_000))

    reader = threading.Thread(target=read)
    reader.start()
    visitor.sendall(told)
    reader.join()
    assert b"".join(got) == told


def test_warming_up_leaves_no_connection_open(app):
    warm(app)
    with app.app_context():
        assert database.engine.pool.checkedin() == 0
        assert database.engine.pool.checkedout() == 0


@engine_once
def test_compiled_templates_are_kept_for_the_next_start_where_nobody_else_reads_them(app):
    warm(app)
    folder = app.extensions["crmlite.config"].instance / "cache"
    assert list(folder.iterdir())
    assert folder.stat().st_mode & 0o077 == 0


@engine_once
def test_compiled_templates_of_other_versions_go(app):
    folder = app.extensions["crmlite.config"].instance / "cache"
    assert not keep_compiled(app)
    (folder / "0.0.0-former.cache").touch()
    warm(app)
    assert not (folder / "0.0.0-former.cache").exists()
    assert keep_compiled(app)


@engine_once
def test_without_room_for_them_pages_are_made_all_the_same(app, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jinja2.bccache.tempfile.NamedTemporaryFile", full)
    keep_compiled(app)
    assert app.test_client().get("/sign-in").status_code == 200
    (app.extensions["crmlite.config"].instance / "cache").rmdir()
    (app.extensions["crmlite.config"].instance / "cache").touch()
    keep_compiled(app)
    assert app.test_client().get("/sign-in").status_code == 200
