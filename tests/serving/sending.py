"""Somebody who is signed in and sends, byte by byte, what no browser would."""

import re
import select
import socket
from collections.abc import Iterator
from contextlib import suppress

from crmlite.testing import PASSWORD
from tests.serving.house import PATIENCE, House

CLOSED = 0  # in place of a status


class Sender:
    """Their connections, with their cookie and the token of their forms."""

    def __init__(self, house: House) -> None:
        self.place = (house.host, house.port)
        answer, page = house.ask("GET", "/profile", cookie=house.sign_in("manager", PASSWORD))
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def head(self, path: str, **more: object) -> bytes:
        """The head of a request."""
        headers = {"Host": "localhost", "Cookie": self.cookie, "X-CSRFToken": self.token}
        headers |= {name.replace("_", "-"): str(value) for name, value in more.items()}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    def send(self, head: bytes, body: Iterator[bytes], pause: float = 0.0) -> int:
        """Send until there is an answer or a closed door; its status."""
        with socket.create_connection(self.place, timeout=PATIENCE) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(head)
                for piece in body:
                    connection.sendall(piece)
                    if select.select([connection], [], [], pause)[0]:
                        break
            return answered(connection)


def answered(connection: socket.socket) -> int:
    """The status of an answer."""
    with suppress(ConnectionResetError):
        line = connection.recv(2**16).partition(b"\r\n")[0].split()
        if line:
            return int(line[1])
    return CLOSED
