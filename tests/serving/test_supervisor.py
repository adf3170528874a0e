"""Serving: up within seconds, up again whatever dies, and down without dropping anyone."""

import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from crmlite.access import strangers
from crmlite.serving.forking import let_stops_in, stops_held
from crmlite.serving.supervisor import SETTLED, Supervisor
from crmlite.serving.web import THREADS, WebServer
from tests.serving.house import PATIENCE, House, is_running, is_served

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])  # nothing here asks which it is


def test_it_is_ready_within_seconds_and_ends_when_told(app, open_house):
    house = open_house()
    house.ready()
    assert house.get("/healthz") == (200, "ok")
    assert is_served(app.extensions["crmlite.config"])
    tree = house.tree()
    assert len(tree) == 3  # supervisor, web process, worker
    assert house.stop() == 0
    assert not [pid for pid in tree if is_running(pid)]
    assert not is_served(app.extensions["crmlite.config"])


@pytest.mark.parametrize("place", [0, 1])
def test_what_dies_is_started_again(open_house, place):
    house = open_house()
    house.ready()
    died = house.children(2)[place]
    os.kill(died, signal.SIGKILL)
    house.until(lambda: died not in house.children(2))  # gone and buried, another in its place
    house.ready()
    assert house.stop() == 0


def test_who_is_told_to_stop_while_parting_stops(app):
    """With the handlers of its parent it would note the signal and go on."""
    heard = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("told"))
    come, told = os.pipe()
    try:
        with stops_held():
            child = os.fork()
            if not child:
                os.read(come, 1)  # the signal is there
                let_stops_in()
                os._exit(0)
        os.kill(child, signal.SIGTERM)
        os.write(told, b"!")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
        os.kill(os.getpid(), signal.SIGTERM)
        assert heard == ["told"]
    finally:
        signal.signal(signal.SIGTERM, before)
        os.close(come)
        os.close(told)


def test_the_worker_does_not_hold_the_door(open_house):
    """Nobody would be let in by a door that a worker keeps open after the others are gone."""
    house = open_house()
    house.ready()
    assert [holds(pid, house.port) for pid in house.children(2)] == [True, False]


def holds(pid, port):
    """Whether a process has the socket on which a port is listened to."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    door = {line[9] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "0A"}
    assert len(door) == 1
    held = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            held.add(str(link.readlink()))
    return f"socket:[{door.pop()}]" in held


def test_a_worker_that_keeps_dying_is_started_again_less_and_less_often(app):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        supervisor = Supervisor(WebServer(app, listener.fileno(), 1))
    pauses = []
    for lived in (1, 1, 1, SETTLED, 1):
        supervisor.worker_since = 1000.0 - lived
        supervisor._note_death(1000.0)
        pauses.append(supervisor.worker_due - 1000.0)
    assert pauses == [2, 4, 8, 0, 2]


def test_people_wait_for_a_moment_while_a_web_process_is_started_again(open_house):
    house = open_house()
    house.ready()
    os.kill(house.children(2)[0], signal.SIGKILL)
    statuses = {house.get("/healthz")[0] for _ in range(20)}
    assert statuses == {200}


def test_nothing_is_left_when_the_supervisor_itself_is_killed(app, open_house):
    house = open_house("--workers", "2")
    house.ready()
    tree = house.tree()
    house.process.kill()
    house.until(lambda: not [pid for pid in tree[1:] if is_running(pid)])
    assert not is_served(app.extensions["crmlite.config"])


class Visitor(threading.Thread):
    """Asks again and again until nobody lets it in any more; notes what became of each request."""

    def __init__(self, house, keep):
        super().__init__()
        self.house, self.keep = house, keep
        self.told = Counter()

    def run(self):
        connection = None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if connection is None:
                connection = http.client.HTTPConnection(self.house.host, self.house.port)
                try:
                    connection.connect()
                except OSError:
                    self.told["refused"] += 1
                    return
            connection = self.ask(connection)

    def ask(self, connection):
        try:
            headers = {} if self.keep else {"Connection": "close"}
            connection.request("GET", "/sign-in", headers=headers)
            response = connection.getresponse()
            response.read()
            self.told[response.status] += 1
            if not response.will_close:
                return connection
        except (OSError, http.client.HTTPException) as error:
            self.told[f"broken: {type(error).__name__}"] += 1
        connection.close()
        return None


@pytest.mark.parametrize("stop", [House.stop, House.ctrl_c])
def test_no_request_is_broken_by_stopping_under_load(open_house, stop):
    house = open_house("--workers", "2")
    house.ready()
    visitors = [Visitor(house, keep) for keep in (True, False) * 8]
    for visitor in visitors:
        visitor.start()
    house.until(lambda: sum(visitor.told[200] for visitor in visitors) > 200)
    began = time.monotonic()
    assert stop(house) == 0
    assert time.monotonic() - began < 10
    told = Counter()
    for visitor in visitors:
        visitor.join()
        told += visitor.told
    assert set(told) == {200, "refused"}, told
    assert told["refused"] == len(visitors)


def test_who_stands_at_the_door_when_it_closes_is_still_answered(open_house):
    house = open_house()
    house.ready()
    server = house.children(2)[0]
    os.kill(server, signal.SIGSTOP)  # it cannot open the door just now
    waiting = []
    for _ in range(40):
        connection = http.client.HTTPConnection(house.host, house.port, timeout=PATIENCE)
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        waiting.append(connection)
    house.process.send_signal(signal.SIGTERM)
    os.kill(server, signal.SIGTERM)
    os.kill(server, signal.SIGCONT)
    for connection in waiting:
        assert connection.getresponse().read() == b"ok"
        connection.close()
    assert house.process.wait(PATIENCE) == 0


def test_strangers_who_send_slowly_keep_nobody_waiting(open_house):
    house = open_house()
    house.ready()
    beginning = (
        b"POST /sign-in HTTP/1.1\r\nHost: crm\r\nContent-Length: 5000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
    )
    with ExitStack() as held:
        for _ in range(3 * THREADS):
            slow = held.enter_context(socket.create_connection((house.host, house.port)))
            slow.sendall(beginning)
        started = time.monotonic()
        assert house.get("/sign-in")[0] == 200
        assert time.monotonic() - started < strangers.PATIENCE / 2
