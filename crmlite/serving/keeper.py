"""The keeper: a small process that keeps the web processes and the worker running, and stops them in
order.

It is run as a file, by an interpreter that knows nothing but the standard library: a process that
only waits need not hold the application. Whoever started crmlite becomes it, under the same number,
and so the processes that it made before are its children.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence

# Held back at all times and asked for one after the other: none is lost, and none comes in between.
SIGNALS = {
    *(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGCHLD),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGTTIN, signal.SIGTTOU),
}
ENDS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
AT_ONCE = {signal.SIGINT, signal.SIGQUIT}  # when it is stopping already

WEB, WORKER = "web", "worker"
NAMES = {WEB: "the web process", WORKER: "the worker"}

LOOK = 1.0  # seconds between looks at the children
SILENT = 30.0  # seconds without a sign of life after which a web process is ended
LOADING = 120.0  # and while it loads the application
SETTLED = 60.0  # seconds after which one counts as started
LONGEST_PAUSE = {WEB: 8.0, WORKER: 60.0}  # seconds before one that keeps dying is started again
HALFWAY_IN = 0.2  # seconds for connections that are being made when the door is closed
GRACE = 30.0  # seconds in which everyone may finish
AT_ONCE_GRACE = 2.0

ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux, which Python's socket does not name
# Classic BPF over the TCP header: a packet that asks for a new connection (SYN without ACK) is
# dropped, every other one goes on.
NO_NEW_CONNECTION = (
    (0x30, 0, 0, 13),  # load the byte of flags
    (0x54, 0, 0, 0x12),  # keep SYN and ACK
    (0x15, 0, 1, 0x02),  # SYN alone?
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFFFFFF),  # take
)


class Child:
    """One of the processes that are kept, whichever it is just now.

    `sign` is the descriptor of a file that it touches as a sign of life; `pid` is 0 while it does
    not run.
    """

    def __init__(self, kind: str, sign: int, pid: int) -> None:
        self.kind, self.sign, self.pid = kind, sign, pid
        self.since = time.monotonic()
        self.due = 0.0  # when it is to be started again
        self.failures = 0
        self.warned = False  # it was told to end since it is silent

    def is_silent(self, now: float) -> bool:
        """Whether it has stopped working. A worker may be at one job for long, and is believed."""
        last = os.fstat(self.sign).st_mtime
        return self.kind == WEB and bool(self.pid) and now - last > SILENT

    def note_end(self, now: float) -> float:
        """It has ended; answers for how long it pauses, which is longer each time that it dies
        soon after it was started."""
        self.failures = 1 if now - self.since >= SETTLED else self.failures + 1
        doubled = 2.0 ** min(self.failures - 1, 10)  # it may fail for days
        pause = min(LONGEST_PAUSE[self.kind], doubled) if self.failures > 1 else 0.0
        self.pid, self.due, self.warned = 0, now + pause, False
        return pause

    def tell(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.pid:
            os.kill(self.pid, number)


class Keeper:
    """Keeps children running.

    It is told by words: the descriptor of the socket on which people are let in, whether errors are
    noted (1 or 0), each child as `web:sign:pid`, `--`, and the command that makes a new one in place
    of one that has ended.
    """

    def __init__(self, words: Sequence[str]) -> None:
        listener, loud, *children = words[: words.index("--")]
        self.listener = int(listener)
        self.loud = bool(int(loud))
        self.children = [Child(*_numbers(child)) for child in children]
        self.command = words[words.index("--") + 1 :]

    def run(self) -> int:
        """Keep everything running until told to stop; answers the exit code."""
        while (told := awaited(LOOK)) not in ENDS:
            self.bury()
            self.end_the_silent(time.monotonic())
            self.start_what_is_due(time.monotonic())
        self.stop(gently=told != signal.SIGQUIT)
        return 0

    def bury(self) -> None:
        """Take note of those that have ended, also of strangers who were left to this process."""
        for pid, status in _ended():
            for child in self.children:
                if child.pid == pid:
                    pause = child.note_end(time.monotonic())
                    self._note(child, f"has died ({_how(status)})", pause)

    def end_the_silent(self, now: float) -> None:
        """End web processes that hang."""
        for child in self.children:
            if child.is_silent(now):
                self._log("critical", f"{NAMES[child.kind]} gives no sign of life and is ended")
                child.tell(signal.SIGKILL if child.warned else signal.SIGABRT)
                child.warned = True

    def start_what_is_due(self, now: float) -> None:
        """Start again what has ended, as soon as its pause is over."""
        for child in self.children:
            if not child.pid and child.due <= now:
                self._start(child, now)

    def stop(self, gently: bool = True) -> None:
        """Close the door, let everyone finish what they are doing, and end when they have."""
        self._tell(WORKER, signal.SIGTERM)
        close_the_door(self.listener)
        time.sleep(HALFWAY_IN if gently else 0)
        os.close(self.listener)
        self._tell(WEB, signal.SIGTERM if gently else signal.SIGQUIT)
        until = dict.fromkeys(self.children, time.monotonic() + GRACE)
        while self._still_running():
            if awaited(0.05) in AT_ONCE and gently:
                gently = False
                self._tell(WEB, signal.SIGQUIT)
                sooner = time.monotonic() + AT_ONCE_GRACE
                until |= {child: sooner for child in self.children if child.kind == WEB}
            for child in self.children:
                if time.monotonic() > until[child]:
                    child.tell(signal.SIGKILL)

    def _still_running(self) -> bool:
        gone = {pid for pid, _status in _ended()}
        for child in self.children:
            if child.pid in gone:
                child.pid = 0
        return any(child.pid for child in self.children)

    def _tell(self, kind: str, number: int) -> None:
        for child in self.children:
            if child.kind == kind:
                child.tell(number)

    def _start(self, child: Child, now: float) -> None:
        part = f"{child.kind}:{self.listener}:{child.sign}:{os.getpid()}"
        child.since, patience = now, now + LOADING - SILENT
        os.utime(child.sign, (patience, patience))
        try:
            child.pid = os.posix_spawn(
                self.command[0],
                [*self.command, "--part", part],
                os.environ,
                setpgroup=0,  # Ctrl+C is for the keeper, which stops everyone in order
                setsigmask=(),
            )
        except OSError as error:
            pause = child.note_end(time.monotonic())
            self._note(child, f"cannot be started ({os.strerror(error.errno or 0)})", pause)

    def _note(self, child: Child, what: str, pause: float) -> None:
        when = f" in {pause:.0f} seconds" if pause else ""
        self._log("error", f"{NAMES[child.kind]} {what} and is started again{when}")

    def _log(self, level: str, message: str) -> None:
        """Write a line as crmlite.logs does. A terminal that is gone stops nobody."""
        import json

        if level == "error" and not self.loud:
            return
        at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        line = {"at": at, "level": level, "from": "crmlite.serving.keeper", "message": message}
        with contextlib.suppress(OSError):
            os.write(2, f"{json.dumps(line)}\n".encode())


def hold_signals_back() -> None:
    """Have signals wait until they are asked for, in this process and in what it becomes."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would bury children unseen
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def let_signals_through() -> None:
    """In a process that has parted: be told by signals as usual."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def awaited(seconds: float) -> int:
    """The signal that is next, or 0 if none comes for so many seconds."""
    if hasattr(signal, "sigtimedwait"):
        found = signal.sigtimedwait(SIGNALS, seconds)
        return found.si_signo if found else 0
    return awaited_by_looking(seconds)


def awaited_by_looking(seconds: float) -> int:
    """The same where the system cannot wait for them: on macOS."""
    until = time.monotonic() + seconds
    while not (found := signal.sigpending() & SIGNALS) and time.monotonic() < until:
        time.sleep(min(0.05, seconds))
    return signal.sigwait(found) if found else 0


def close_the_door(listener: int) -> None:
    """Let nobody new in, while those who stand in the queue can still be let in.

    Closing a listening socket resets whoever came a moment before. With this done first, they are
    answered, and who comes later is refused when the socket is closed. Linux can do it; elsewhere
    nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes
    import socket
    import struct

    filled = b"".join(struct.pack("HBBI", *step) for step in NO_NEW_CONNECTION)
    steps = ctypes.create_string_buffer(filled)
    program = struct.pack("HP", len(NO_NEW_CONNECTION), ctypes.addressof(steps))
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(listener)) as door:
        door.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)  # an old kernel: as before


def _ended() -> list[tuple[int, int]]:
    """The processes that have ended, each with how."""
    found = []
    with contextlib.suppress(ChildProcessError):  # there are none at all
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(one)
    return found


def _numbers(child: str) -> tuple[str, int, int]:
    kind, sign, pid = child.split(":")
    return kind, int(sign), int(pid)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {-code}, {signal.strsignal(-code)}"


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:]).run())
