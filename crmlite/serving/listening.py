"""The address at which people reach this instance."""

import errno
import ipaddress
import socket

from crmlite.config import Config

BACKLOG = 512
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
    except (OSError, UnicodeError) as error:  # the latter for what is no name at all
        raise CannotListen(f"There is no address {host} on this machine: {error}") from None
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(place)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise CannotListen(_reason(error, host, port)) from None
    return opened


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
