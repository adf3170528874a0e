"""The address at which people reach this instance."""

import contextlib
import ctypes
import errno
import ipaddress
import socket
import struct
import sys

from crmlite.config import Config

BACKLOG = 512
ATTACH_FILTER = 26  # SO_ATTACH_FILTER of Linux, which Python's socket does not name
# Classic BPF over the TCP header: a packet that asks for a new connection (SYN without ACK) is
# dropped, every other one goes on.
NO_NEW_CONNECTION = b"".join(
    struct.pack("HBBI", *step)
    for step in (
        (0x30, 0, 0, 13),  # load the byte of flags
        (0x54, 0, 0, 0x12),  # keep SYN and ACK
        (0x15, 0, 1, 0x02),  # SYN alone?
        (0x06, 0, 0, 0),  # drop
        (0x06, 0, 0, 0xFFFFFFFF),  # take
    )
)
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised here, not bound to


class CannotListen(Exception):
    """The address cannot be had; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections. Raises CannotListen."""
    try:
        family, kind, _protocol, _name, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind)
    except OSError as error:
        raise CannotListen(f"There is no address {host} on this machine: {error}") from None
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(place)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise CannotListen(_reason(error, host, port)) from None
    return opened


def close_the_door(listener: socket.socket) -> None:
    """Let nobody new in, while those who stand in the queue can still be let in.

    Closing a listening socket resets whoever came a moment before. With this done first, they are
    answered, and who comes later is refused when the socket is closed. Linux can do it; elsewhere
    nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    steps = ctypes.create_string_buffer(NO_NEW_CONNECTION)
    program = struct.pack("HP", len(NO_NEW_CONNECTION) // 8, ctypes.addressof(steps))
    with contextlib.suppress(OSError):  # a kernel without it: as before
        listener.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)


def address(listener: socket.socket) -> str:
    """Where to point a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in EVERYWHERE:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_exposed(listener: socket.socket, config: Config) -> bool:
    """Whether passwords could cross a network in the clear: other machines reach the address, and
    nothing says that a proxy with https stands before it."""
    host = listener.getsockname()[0].partition("%")[0]
    return not ipaddress.ip_address(host).is_loopback and not config.is_https


def _reason(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken: another program listens there. Choose one with --port."
        case errno.EACCES:
            return f"This account may not use port {port}. Choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL:
            return f"There is no address {host} on this machine."
    return f"{host} port {port} cannot be used: {error.strerror}."
