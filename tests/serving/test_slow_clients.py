"""Clients that take their time, by bad luck or by design, keep nobody else waiting for long.

Each web process has eight threads.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from crmlite.serving.clients import PATIENCE_SECONDS
from crmlite.serving.web import THREADS
from tests.figures import told

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])  # nothing here asks which it is

MANY = 3 * THREADS
FEW = THREADS + 4
SOON = 1.5  # seconds


@pytest.fixture
def house(open_house):
    """A book that is served by one process."""
    house = open_house("--workers", "1")
    house.ready()
    return house


@contextmanager
def clients(house, number: int, sent: str = "") -> Iterator[list[socket.socket]]:
    """So many who connect, and send this."""
    with ExitStack() as stack:
        place = (house.host, house.port)
        found = [stack.enter_context(socket.create_connection(place)) for _ in range(number)]
        for one in found:
            one.sendall(sent.encode())
        time.sleep(0.5)
        yield found


def waited(house) -> float:
    """How long somebody else waits for a page."""
    began = time.monotonic()
    assert house.get("/healthz")[0] == 200
    return time.monotonic() - began


def test_those_who_connect_and_ask_nothing_take_no_thread(house):
    with clients(house, MANY) as idle:
        took = waited(house)
        asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        idle[-1].sendall(asked)
        assert idle[-1].recv(1000).startswith(b"HTTP/1.1 200")
    told("slow clients", f"{MANY} who ask nothing kept others out for {took:.1f} s")
    assert took < SOON


def test_those_who_do_not_close_their_end_keep_nobody_waiting(house):
    asked = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with clients(house, MANY, asked) as lasting:
        took = waited(house)
        for one in lasting:
            assert one.recv(1000).startswith(b"HTTP/1.1 200")
    told("slow clients", f"{MANY} who do not close kept others out for {took:.1f} s")
    assert took < SOON


def test_who_is_refused_in_the_middle_still_gets_the_answer(house):
    head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n"
    with clients(house, 1, f"{head}Content-Type: text/plain\r\n\r\n") as [one]:
        with suppress(OSError):
            one.sendall(b"x" * 4_000_000)
        assert one.recv(1000).startswith(b"HTTP/1.1 413")


def test_what_is_there_as_a_whole_does_not_stand_behind_those_who_dawdle(house):
    head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    slow, whole = f"{head.format(1000)}x", f"{head.format(3)}a=b"
    with clients(house, FEW, slow), clients(house, 1, whole) as [one]:
        assert one.recv(1000).startswith(b"HTTP/1.1 400")  # its token is missing


@pytest.mark.slow
@pytest.mark.parametrize("place", ["head", "body", "head or body"])
def test_those_who_send_a_byte_now_and_then_keep_nobody_out_for_long(house, place):
    head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    over = threading.Event()
    with clients(house, FEW, head) as slow:
        begun = {"head": [], "body": slow, "head or body": slow[::2]}[place]
        for one in begun:
            one.sendall(b"\r\n")

        def drip() -> None:
            while not over.wait(0.5):
                for one in slow:
                    with suppress(OSError):
                        one.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        time.sleep(1)
        try:
            took = waited(house)
        finally:
            over.set()
            thread.join()
    told("slow clients", f"{FEW} who send slowly in the {place} kept others out for {took:.0f} s")
    assert took < PATIENCE_SECONDS + 5


@pytest.mark.slow
def test_those_who_read_nothing_keep_nobody_out_for_long(house):
    asked = "GET /static/vendor/tabler.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with clients(house, FEW, asked * 20):
        took = waited(house)
    told("slow clients", f"{FEW} who read nothing kept others out for {took:.0f} s")
    assert took < PATIENCE_SECONDS + 5
