"""What the person who runs crmlite decides: where data lie, which database, which address."""

import importlib.util
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

PREFIX = "CRMLITE_"
WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LEAST = {"proxies": 0, "busy_seconds": 0}  # of other numbers: one
MOST = {"proxies": 100, "session_idle_hours": 87_600, "session_days": 3_650, "busy_seconds": 600}
MOST_MB = 100_000
PUBLIC_URL = re.compile(r"https?://[^/?#@\s]+")
OWN_PORTS = {"http": 80, "https": 443}
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(\.?{LABEL}(?:\.{LABEL})*)(?::[0-9]{{1,5}})?")
DATABASE_URL = re.compile(r"sqlite:///.|postgresql\+psycopg://.")


class ConfigWrong(Exception):
    """A setting cannot be used; the message names it and says what to write instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Settings of one instance.

    Read from `config.toml` in the instance folder, then from `CRMLITE_*` in the environment,
    which wins: `public_url = "https://crm.example"` is `CRMLITE_PUBLIC_URL`.
    """

    instance: Path
    database_url: str = ""
    public_url: str = ""
    proxies: int = 0
    trusted_hosts: str = ""
    session_idle_hours: int = 8
    session_days: int = 7
    busy_seconds: float = 15.0
    max_upload_mb: int = 25
    max_import_mb: int = 300
    max_attachments_mb: int = 200
    backups: bool = True
    packs: bool = True
    log_level: str = "INFO"

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, instance: Path | None = None) -> Self:
        """The settings in force. Raises ConfigWrong."""
        given = os.environ if environ is None else environ
        folder = instance.absolute() if instance else cls.folder(given)
        found = cls(instance=folder)
        found = replace(found, **_from_file(folder / "config.toml"))
        return replace(found, **_from_environment(given))

    @staticmethod
    def folder(environ: Mapping[str, str]) -> Path:
        """Where the instance is."""
        return Path(environ.get(f"{PREFIX}INSTANCE") or "instance").absolute()

    @property
    def url(self) -> str:
        """The address of the database; a SQLite file in the instance folder unless one is set."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def is_sqlite(self) -> bool:
        """Whether the book is a SQLite file."""
        return self.url.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """Where the SQLite file is."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///"))
        return self.instance / "crmlite.db"

    @property
    def keys_file(self) -> Path:
        """Where the key ring is."""
        return self.instance / "keys.json"

    @property
    def secret_file(self) -> Path:
        """Where the secret that signs cookies is."""
        return self.instance / "secret.key"

    @property
    def backups_folder(self) -> Path:
        """Where backups are kept."""
        return self.instance / "backups"

    @property
    def is_https(self) -> bool:
        """Whether people reach this instance by https."""
        return self.public_url.startswith("https://")


def _from_file(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigWrong(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigWrong(f"{path} cannot be read: {error}.") from None
    known = [field.name for field in fields(Config) if field.name != "instance"]
    if unknown := sorted(set(raw).difference(known)):
        raise ConfigWrong(f"{path}: unknown setting {unknown[0]}; known are {', '.join(known)}")
    return {name: _typed(name, value, str(path)) for name, value in raw.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        field.name: _typed(field.name, environ[key], key)
        for field in fields(Config)
        if field.name != "instance" and environ.get(key := f"{PREFIX}{field.name.upper()}")
    }


def _typed(name: str, value: Any, where: str) -> Any:
    """The value as its field's type, if it can be used. Raises ConfigWrong."""
    wanted = {field.name: field.type for field in fields(Config)}[name]
    several = isinstance(value, list) and name == "trusted_hosts"
    text = ",".join(map(str, value)) if several else str(value).strip()
    try:
        if wanted is bool:
            return WORDS[text.lower()]
        if wanted in (int, float):
            return _between(LEAST.get(name, 1), MOST.get(name, MOST_MB), wanted(text))
        return CHECKED[name](text) if text and name in CHECKED else text
    except _Unusable as error:  # says nothing of the value, which may hold a password
        raise ConfigWrong(f"{where}: {name} must be {error}.") from None
    except (ValueError, KeyError):
        raise ConfigWrong(f"{where}: {name} must be {FORMS[wanted]}, not {text!r}.") from None


class _Unusable(ValueError):
    """A value cannot be used; the message says what it must be."""


FORMS = {bool: "true or false", int: "a whole number", float: "a number"}


def _between(least: int, most: int, number: Any) -> Any:
    if not number >= least:
        raise _Unusable(f"{least} or more")
    if number > most:
        raise _Unusable(f"{most} or less")
    return number


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise _Unusable(f"one of {', '.join(LEVELS)}")
    return text.upper()


def _address(text: str) -> str:
    """Scheme and host, as browsers send them: crmlite has a name of its own, no folder below another
    site."""
    plain = text.rstrip("/").lower()
    try:
        scheme, place = urlsplit(plain)[:2]
        port = urlsplit(plain).port
        host = _as_sent(place.rpartition(":")[0] if port is not None else place.removesuffix(":"))
    except ValueError:
        host = ""
    if not host or port == 0 or not PUBLIC_URL.fullmatch(plain):
        raise _Unusable("http:// or https:// and a name, with nothing behind it")
    return f"{scheme}://{host}" + (f":{port}" if port not in (None, OWN_PORTS[scheme]) else "")


def _hosts(text: str) -> str:
    """Names, one after the other. One that no request can come by would shut everybody out."""
    names = [one.strip() for one in text.split(",") if one.strip()]
    return ", ".join(map(_host, names or [text]))


def _host(text: str) -> str:
    """A name, of which the port is of no matter; with a dot before it all those below it."""
    try:
        found = HOST.fullmatch(_as_sent(text.lower()))
    except UnicodeError:
        found = None
    if found is None:
        raise _Unusable(f"names such as crm.example, with commas between them, not {text!r}")
    return found[1]


def _as_sent(name: str) -> str:
    """A name as browsers send it, which write Chinese ones in Latin letters. Raises UnicodeError."""
    return name if name.isascii() else name.encode("idna").decode()


def _database(text: str) -> str:
    url = normal_url(text)
    if not DATABASE_URL.match(url) or not _has_sound_port(url):
        raise _Unusable("postgresql://user:password@host/name, or left out for SQLite")
    if url.startswith("postgresql") and importlib.util.find_spec("psycopg") is None:
        raise ConfigWrong(
            "The driver for PostgreSQL is not installed: pip install 'crmlite[postgres]'."
        )
    return url


def _has_sound_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


CHECKED: Mapping[str, Callable[[str], str]] = {
    "log_level": _level,
    "public_url": _address,
    "trusted_hosts": _hosts,
    "database_url": _database,
}


def normal_url(url: str) -> str:
    """A database address with the driver that crmlite uses: `postgres://…` works as well."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return f"postgresql+psycopg://{url.removeprefix(prefix)}"
    return url
