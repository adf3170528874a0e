"""Who sends slowly without being signed in waits for nobody, and keeps nobody waiting."""

import socket

import pytest
from flask import Flask

from crmlite.access import strangers
from crmlite.testing import PASSWORD, SignIn, csrf_token

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@pytest.fixture
def full():
    """All places are taken by others."""
    for _ in range(strangers.AT_ONCE):
        assert strangers._places.acquire(blocking=False)
    yield
    for _ in range(strangers.AT_ONCE):
        strangers._places.release()


def test_when_all_places_are_taken_strangers_are_sent_away(app: Flask, full):
    client = app.test_client()
    form = {"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(client)}
    refused = client.post("/sign-in", data=form)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/sign-in").status_code == 200


def test_who_is_signed_in_needs_no_place(app: Flask, sign_in: SignIn):
    client = sign_in("sales")
    token = csrf_token(client, "/profile")
    for _ in range(strangers.AT_ONCE):
        strangers._places.acquire(blocking=False)
    try:
        assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    finally:
        for _ in range(strangers.AT_ONCE):
            strangers._places.release()


def test_places_are_free_again_whatever_was_sent(app: Flask):
    client = app.test_client()
    for _ in range(strangers.AT_ONCE + 1):
        assert client.post("/sign-in", data={"login": "x" * (3 << 20)}).status_code == 413
        assert client.post("/sign-in", data={"login": "x"}).status_code == 400


def test_nothing_more_is_heard_after_a_while(app: Flask):
    ours, theirs = socket.socketpair()
    with ours, theirs, strangers._within(0.05, ours):
        assert ours.recv(1) == b""
        ours.sendall(b"the answer")
        assert theirs.recv(10) == b"the answer"
