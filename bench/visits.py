"""A person at the keyboard: signs in, opens pages, adds customers, one request after the other."""

import http.client
import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.processes import Server

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Cost:
    """What requests cost: milliseconds of processor time each, and the middle and slow waiting."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    requests: int


class Visitor:
    """A connection that stays open, with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.led_to = ""

    def get(self, path: str, wanted: int = 200) -> str:
        """Open a page; an answer other than `wanted` ends the measuring."""
        return self._send("GET", path, None, wanted)

    def reconnect(self) -> None:
        """Start anew: a server closes connections on which nothing comes for a few seconds."""
        self.connection.close()

    def post(
        self, path: str, form: dict[str, str] | list[tuple[str, str]], wanted: int = 303
    ) -> str:
        """Send a form; answers where it led."""
        self._send("POST", path, urlencode(form), wanted)
        return self.led_to

    def send_file(self, path: str, form: dict[str, str], name: str, file: Path) -> str:
        """Send a form with a file; answers where it led."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in form.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = "".join(parts).encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        self._send("POST", path, body, 303, f"multipart/form-data; boundary={mark}")
        return self.led_to

    def sign_in(self, login: str, password: str) -> None:
        """Sign in through the page, in English."""
        self.get("/sign-in?lang=en", 303)
        token = TOKEN.search(self.get("/sign-in"))
        assert token, "the sign-in page has no token"
        self.post("/sign-in", {"login": login, "password": password, "csrf_token": token[1]})

    def _send(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        wanted: int,
        kind: str = "application/x-www-form-urlencoded",
    ) -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.led_to = answer.getheader("Location", "")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path} answered {answer.status}, not {wanted}")
        return text


def opened(server: Server, visitor: Visitor, paths: list[str]) -> Cost:
    """What opening these pages costs."""
    visitor.reconnect()
    return measured(server, [lambda path=path: visitor.get(path) for path in paths])


def added(server: Server, visitor: Visitor, count: int) -> Cost:
    """What adding customers costs: the sending of the form alone."""
    visitor.reconnect()
    page = visitor.get("/customers/new")
    token = TOKEN.search(page)
    assert token, "the form for a new customer lacks its token"
    cookies = dict(visitor.cookies)

    def add() -> None:
        visitor.cookies = dict(cookies)  # nobody opens the page that would show the messages
        place = visitor.post("/customers/new", _customer(token[1]))
        if not re.fullmatch(r"/customers/C\d+", place):
            raise RuntimeError(f"no customer was added: the form led to {place}")

    return measured(server, [add] * count)


def measured(server: Server, steps: list) -> Cost:
    """Take the steps one by one and the processor time of the server around them."""
    for step in steps[:5]:
        step()  # warm
    waits = []
    before = server.cpu_seconds()
    for step in steps[5:]:
        began = time.perf_counter()
        step()
        waits.append((time.perf_counter() - began) * 1000)
    used = server.cpu_seconds() - before
    waits.sort()
    return Cost(
        used * 1000 / len(waits),
        waits[len(waits) // 2],
        waits[int(len(waits) * 0.95)],
        len(waits),
    )


def _customer(token: str) -> dict[str, str]:
    unique = uuid.uuid4().hex
    return {
        "csrf_token": token,
        "form_key": unique,
        "kind": "company",
        "drawn": "company",
        "name": f"常州{unique[:8]}机床有限公司",
        "industry": "C34",
        "source": "referral",
        "stage": "discovery",
        "first_contact_on": "2026-11-01",
        "contact_name": "陈工",
        "contact_mobile": f"158{int(unique[:7], 16) % 10**8:08d}",
        "contact_role": "decides",
        "contact_email": f"{unique[:10]}@firm.example",
    }
