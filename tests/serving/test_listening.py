"""Where it listens, what it calls that, and when it warns."""

import socket
import sys
from dataclasses import dataclass, replace

import pytest

from crmlite.serving.keeper import close_the_door
from crmlite.serving.listening import (
    CannotListen,
    address,
    is_exposed,
    listen,
)
from crmlite.testing import config_for

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound to it


@dataclass
class Bound:
    """A socket as far as its name: tests may not open one towards other machines."""

    host: str

    def getsockname(self):
        return self.host, 8000


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        (EVERYWHERE, "http://localhost:8000"),
        ("::", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
    ],
)
def test_the_address_is_one_for_a_browser(host, shown):
    assert address(Bound(host)) == shown


def test_a_taken_port_says_so_and_a_free_one_can_be_had_again():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Port {port} is taken"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize("host", ["127.0.0.1.2", "a..b", "x" * 70])
def test_an_address_that_is_not_ours_says_so(host):
    with pytest.raises(CannotListen, match=r"no address"):
        listen(host, 0)


@pytest.mark.parametrize(
    ("host", "public_url", "exposed"),
    [
        ("127.0.0.1", "", False),
        ("::1", "", False),
        (EVERYWHERE, "", True),
        ("::", "", True),
        (EVERYWHERE, "http://crm.example", True),
        (EVERYWHERE, "https://crm.example", False),
    ],
)
def test_plain_http_towards_other_machines_is_noticed(tmp_path, host, public_url, exposed):
    config = replace(config_for(tmp_path), public_url=public_url)
    assert is_exposed(Bound(host), config) is exposed


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can close a door before it goes.")
def test_those_who_stand_in_the_queue_are_let_in_and_nobody_after_them():
    listener = listen("127.0.0.1", 0)
    place = listener.getsockname()
    early = [socket.create_connection(place) for _ in range(3)]
    close_the_door(listener.fileno())
    with pytest.raises(TimeoutError):
        socket.create_connection(place, timeout=0.2)
    listener.setblocking(False)
    for visitor in early:
        let_in, _address = listener.accept()
        let_in.sendall(b"hello")
        assert visitor.recv(5) == b"hello"
        let_in.close()
        visitor.close()
    with pytest.raises(BlockingIOError):
        listener.accept()
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place, timeout=0.2)
