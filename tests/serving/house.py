"""`crmlite serve` as its operator runs it: in processes of its own, told by signals."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from crmlite.db.instance_lock import InstanceInUse, alone
from tests.architecture.project import ROOT

PATIENCE = 60


class House:
    """A book that is being served."""

    def __init__(self, config, *options, log=subprocess.DEVNULL):
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *options],
            cwd=ROOT,
            env=environment(config),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # a terminal of its own, as it were
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://([^:]+):(\d+)", line)
        assert found, f"it said {line!r} and ended with {self.process.poll()}"
        self.host, self.port = found[1], int(found[2])

    def get(self, path, *, cookie=""):
        """Status and body of one request."""
        response, body = self.ask("GET", path, cookie=cookie)
        return response.status, body

    def sign_in(self, login, password):
        """Sign somebody in through the page; their cookie."""
        response, body = self.ask("GET", "/sign-in")
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body)[1]
        form = urlencode({"login": login, "password": password, "csrf_token": token})
        response, _ = self.ask("POST", "/sign-in", form, cookie=cookie)
        assert response.status == 303
        return response.headers["Set-Cookie"].partition(";")[0]

    def ask(self, method, path, form=None, *, cookie=""):
        """One request on a connection of its own: the response and its body."""
        headers = {"Connection": "close", "Cookie": cookie}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, quote(path, safe="/?=&%"), form, headers)
            response = connection.getresponse()
            return response, response.read().decode()
        finally:
            connection.close()

    def until(self, condition):
        """Wait for something, and answer it."""
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < end, "it did not come to pass"
            time.sleep(0.05)
        return found

    def ready(self):
        """Wait until everything is there, the worker too."""
        self.until(lambda: self.get("/readyz")[0] == 200)

    def stop(self, number=signal.SIGTERM):
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def ctrl_c(self):
        """What a terminal sends to every process in it; its exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)

    def tree(self):
        """The supervisor with all its descendants."""
        return descendants(self.process.pid)

    def children(self, number):
        """What the supervisor keeps running, oldest first, as soon as there are so many."""
        return self.until(
            lambda: (found := children(self.process.pid))[number - 1 :] and found[:number]
        )

    def close(self):
        """Leave nothing behind."""
        for pid in reversed(self.tree()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


COMMAND = (sys.executable, "-m", "crmlite.cli")


def environment(config, **more):
    """What tells the command which book is meant."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("CRMLITE_")}
    return given | {
        "CRMLITE_INSTANCE": str(config.instance),
        "CRMLITE_DATABASE_URL": config.database_url,
        "CRMLITE_BUSY_SECONDS": str(config.busy_seconds),
        "CRMLITE_BACKUPS": "0",
        "CRMLITE_LOG_LEVEL": "INFO",
        **more,
    }


def command(config, *arguments, given="", **more):
    """Run a command of crmlite to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(config, **more),
        input=given,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def children(pid):
    """The processes that one has started, oldest first."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return sorted(int(child) for child in listed.split())


def descendants(pid):
    """A process with all that it and they have started."""
    return [pid, *(found for child in children(pid) for found in descendants(child))]


def is_running(pid):
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_served(config):
    """Whether a web server or worker uses the instance now."""
    try:
        with alone(config):
            return False
    except InstanceInUse:
        return True
