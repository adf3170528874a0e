"""Serving: up within seconds, up again whatever dies, and down without dropping anyone."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from crmlite.access import strangers
from crmlite.serving import keeper
from crmlite.serving.web import THREADS
from tests.figures import counted
from tests.serving.house import (
    COMMAND,
    PATIENCE,
    House,
    children,
    environment,
    is_running,
    is_served,
)

pytestmark = pytest.mark.parametrize("engine", ["sqlite"])  # nothing here asks which it is


def test_it_is_ready_within_seconds_and_ends_when_told(app, open_house):
    house = open_house()
    house.ready()
    assert house.get("/healthz") == (200, "ok")
    assert is_served(app.extensions["crmlite.config"])
    tree = house.tree()
    assert len(tree) == 3  # keeper, web process, worker
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


def test_who_keeps_the_others_running_is_small(open_house):
    house = open_house()
    house.ready()
    rollup = Path(f"/proc/{house.process.pid}/smaps_rollup").read_text()
    assert int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1]) < 10_000


@pytest.mark.slow
def test_a_web_process_that_hangs_is_ended_and_another_answers(open_house):
    house = open_house()
    house.ready()
    hangs = house.children(2)[0]
    os.kill(hangs, signal.SIGSTOP)
    assert house.get("/healthz") == (200, "ok")
    assert not is_running(hangs)
    assert house.stop() == 0


def test_another_of_each_takes_exactly_its_place(app, open_house):
    """The web process alone holds the door, the lock is held by all; nothing is told twice."""
    house = open_house()
    house.ready()
    former = house.children(2)
    for pid in former:
        os.kill(pid, signal.SIGKILL)
    house.until(lambda: not set(former) & set(house.children(2)))
    assert is_served(app.extensions["crmlite.config"])
    house.ready()
    web, worker = house.until(lambda: sorted_by_door(house))
    assert os.getpgid(web) == web
    assert os.getpgid(worker) == worker
    assert niceness(worker) > niceness(web)
    assert house.stop() == 0
    assert house.process.stdout.read() == ""


def sorted_by_door(house):
    """The web process and the worker, as soon as one holds the door and one does not."""
    holding = {holds(pid, house.port): pid for pid in house.children(2)}
    return len(holding) == 2 and (holding[True], holding[False])


def niceness(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])


@pytest.mark.parametrize("place", [0, 1])
def test_it_ends_at_once_while_another_is_made_ready(app, open_house, place):
    house = open_house()
    house.ready()
    former = house.children(2)
    os.kill(former[place], signal.SIGKILL)
    house.until(lambda: former[place] not in house.children(2))
    tree = house.tree()
    assert house.stop() == 0
    assert not [pid for pid in tree if is_running(pid)]
    assert not is_served(app.extensions["crmlite.config"])


def test_it_ends_when_told_in_the_moment_in_which_others_die(open_house):
    house = open_house("--workers", "2")
    house.ready()
    for pid in house.children(3):
        os.kill(pid, signal.SIGKILL)
    assert house.stop() == 0
    assert house.tree() == [house.process.pid]


@pytest.mark.slow
def test_who_is_made_ready_ends_when_nobody_is_left_to_keep_it(app, open_house):
    house = open_house()
    house.ready()
    former = house.children(2)
    os.kill(former[0], signal.SIGKILL)
    house.until(lambda: former[0] not in house.children(2))
    tree = house.tree()
    house.process.kill()
    house.until(lambda: not [pid for pid in tree[1:] if is_running(pid)])
    house.until(lambda: not is_served(app.extensions["crmlite.config"]))  # threads end a bit later


def test_signals_that_mean_nothing_change_nothing(open_house):
    house = open_house()
    house.ready()
    tree = house.tree()
    others = sorted(keeper.SIGNALS - keeper.ENDS)
    for number in others * 200:
        house.process.send_signal(number)
    time.sleep(1.5)
    assert house.tree() == tree
    assert house.get("/healthz")[0] == 200
    assert house.stop() == 0


def test_what_cannot_be_made_ready_leaves_the_others_at_work_and_is_tried_again(app, tmp_path):
    noted = tmp_path / "log"
    with noted.open("w") as log:
        house = House(app.extensions["crmlite.config"], log=log)
    keys = app.extensions["crmlite.config"].keys_file
    aside = keys.with_suffix(".aside")
    try:
        house.ready()
        web, worker = house.children(2)
        keys.rename(aside)
        os.kill(worker, signal.SIGKILL)
        house.until(lambda: "exit code 1) and is started again in 2 seconds" in noted.read_text())
        assert house.get("/healthz")[0] == 200
        aside.rename(keys)
        house.until(
            lambda: [pid for pid in house.children(2) if pid != web and len(house.tree()) == 3]
        )
        house.ready()
        assert house.children(2)[0] == web
        assert house.stop() == 0
    finally:
        house.close()
    lines = [json.loads(line) for line in noted.read_text().splitlines() if line.startswith("{")]
    told = [line["message"] for line in lines if line["from"] == "crmlite.serving.keeper"]
    assert told[0] == "the worker has died (signal 9, Killed) and is started again"


@pytest.mark.slow
def test_without_an_interpreter_it_is_kept_all_the_same(app):
    program = "import sys; sys.executable = '/nowhere'; from crmlite import cli; cli.main()"
    process = subprocess.Popen(
        [COMMAND[0], "-c", program, "serve", "--port", "0"],
        env=environment(app.extensions["crmlite.config"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert b" serves " in process.stdout.readline()
        until = time.monotonic() + PATIENCE
        while len(children(process.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.stdout.close()


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
    house.until(lambda: not is_served(app.extensions["crmlite.config"]))  # threads end a bit later


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
    counted("stopping", answered=told[200], broken=told.total() - told[200] - told["refused"])
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


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGQUIT, marks=pytest.mark.slow)]
)
def test_who_says_it_twice_does_not_wait(open_house, number):
    house = open_house()
    house.ready()
    os.kill(house.children(2)[0], signal.SIGSTOP)  # it would be waited for
    house.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    began = time.monotonic()
    assert house.stop(number) == 0
    assert time.monotonic() - began < 10
