"""Uploads that are too large, too slow, in too many parts, or lie about their size, against a served
book: each gets a clear answer or a closed door, and others hardly notice."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

import pytest

from crmlite.testing import PASSWORD
from tests.customers.records import add
from tests.figures import told
from tests.serving.house import PATIENCE, House
from tests.serving.sending import Sender
from tests.serving.test_figures import megabytes

pytestmark = pytest.mark.slow

CAP_MB, CAP = 100, 100 * 2**20
MOST_MB = 300
SLOWEST = 1.0  # seconds, of 95 in 100 pages of others
BOUNDARY = "----of-this-test"
CHUNK = b"x" * 2**16


def part(name: str, content: bytes = b"x", file: bool = False) -> bytes:
    """A part of a form with files."""
    said = f'name="{name}"' + (f'; filename="{name}.txt"' if file else "")
    return (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {said}\r\n\r\n".encode()
        + content
        + b"\r\n"
    )


MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
OPENED = part("files", b"", file=True)[:-2]
END = f"--{BOUNDARY}--\r\n".encode()
LARGE = CAP + 1


def large() -> Iterator[bytes]:
    """A file a byte larger than what may be sent."""
    yield OPENED
    yield from repeat(CHUNK, LARGE // len(CHUNK))
    yield b"x" * (LARGE % len(CHUNK)) + b"\r\n" + END


def in_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same without saying beforehand how large it is."""
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


@pytest.fixture
def served(app, tmp_path):
    """A book with a customer that takes files of a certain size, and its log."""
    add(app, "sales")
    config = app.extensions["crmlite.config"]
    (config.instance / "config.toml").write_text(f"max_attachments_mb = {CAP_MB}\n")
    log = tmp_path / "log"
    with log.open("w") as lines:
        house = House(config, log=lines)
    try:
        house.ready()
        yield house, log
    finally:
        house.close()


@contextmanager
def others(house: House) -> Iterator[list[float]]:
    """Somebody else at work meanwhile; how long each of their pages took."""
    cookie, took, over = house.sign_in("sales", PASSWORD), [], threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            began = time.monotonic()
            status, _page = house.get("/customers", cookie=cookie)
            took.append(time.monotonic() - began if status == 200 else PATIENCE)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


@contextmanager
def weighed(house: House) -> Iterator[list[float]]:
    """The memory of all processes, again and again."""
    found, over = [megabytes(house)], threading.Event()

    def weigh() -> None:
        while not over.wait(0.2):
            with suppress(OSError, TypeError):  # one that ended meanwhile
                found.append(megabytes(house))

    thread = threading.Thread(target=weigh)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def test_whatever_is_sent_is_refused_and_others_hardly_notice(served):
    house, log = served
    sender, to = Sender(house), "/files/of/customer/1"
    fields = [part(f"field{place}") for place in range(10_000)]
    files = [part(f"file{place}", f"{place}".encode(), file=True) for place in range(1000)]
    typed = b"&".join(f"field{place}=x".encode() for place in range(10_000))
    twice = 2 * 2**30
    cases = {
        "a byte over the cap": ({"Content_Length": len(OPENED) + LARGE + 2 + len(END)}, large()),
        "over the cap in chunks": ({"Transfer_Encoding": "chunked"}, in_chunks(large())),
        "2 GB announced": ({"Content_Length": twice}, iter(())),
        "2 GB announced, and sent": ({"Content_Length": twice}, repeat(CHUNK, twice // len(CHUNK))),
        "1,000 parts": ({"Content_Length": sum(map(len, files)) + len(END)}, iter([*files, END])),
        "10,000 parts": (
            {"Content_Length": sum(map(len, fields)) + len(END)},
            iter([*fields, END]),
        ),
    }
    statuses = {}
    with others(house) as took, weighed(house) as weights:
        for what, (head, body) in cases.items():
            statuses[what] = sender.send(sender.head(to, Content_Type=MULTIPART, **head), body)
        head = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": len(typed)}
        statuses["10,000 fields"] = sender.send(sender.head(to, **head), iter([typed]))
        head = {"Content_Type": MULTIPART, "Content_Length": 2**20}
        slow = [
            threading.Thread(
                target=lambda: statuses.update(
                    slow=sender.send(sender.head(to, **head), repeat(b"x", 40), pause=0.5)
                )
            )
            for _ in range(4)
        ]
        for thread in slow:
            thread.start()
        for thread in slow:
            thread.join()
    told(
        "uploads",
        f"cases {len(statuses)}, {max(weights):.0f} MB of at most {MOST_MB}, "
        f"pages of others {p95(took):.2f} s of at most {SLOWEST}",
    )
    assert {what: status for what, status in statuses.items() if status >= 500} == {}
    assert "Traceback" not in log.read_text()
    assert max(weights) < MOST_MB
    assert p95(took) < SLOWEST
