"""Who sends slowly without being signed in waits for nobody, and keeps nobody waiting."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from crmlite.access import strangers
from crmlite.testing import PASSWORD, SignIn, csrf_token

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])


@contextmanager
def taken(*networks: str) -> Iterator[None]:
    """Somebody from each of these networks is waited for."""
    for one in networks:
        assert strangers.PLACES.take(one)
    try:
        yield
    finally:
        for one in networks:
            strangers.PLACES.leave(one)


@pytest.fixture
def full():
    """All places are taken by others."""
    with taken(*map(str, range(strangers.AT_ONCE))):
        yield


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
    with taken(*map(str, range(strangers.AT_ONCE))):
        assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_one_network_takes_no_more_than_its_places(app: Flask):
    client = app.test_client()
    form = {"login": "sales", "password": PASSWORD, "csrf_token": csrf_token(client)}
    with taken(*["203.0.113.0/24"] * strangers.OF_ONE):
        for address, status in (("203.0.113.7", 503), ("198.51.100.9", 303)):
            sent = client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})
            assert sent.status_code == status


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
