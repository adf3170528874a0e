"""What the person who runs crmlite decides: where data lie, which database, which address."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

PREFIX = "CRMLITE_"


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
        folder = (instance or Path(given.get(f"{PREFIX}INSTANCE") or "instance")).absolute()
        found = cls(instance=folder)
        found = replace(found, **_from_file(folder / "config.toml"))
        return replace(found, **_from_environment(given))

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
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigWrong(f"{path} cannot be read: {error}") from None
    known = {field.name for field in fields(Config)} - {"instance"}
    if unknown := sorted(set(raw) - known):
        raise ConfigWrong(f"{path}: unknown setting {unknown[0]}; known are {', '.join(known)}")
    return {name: _typed(name, value, str(path)) for name, value in raw.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        field.name: _typed(field.name, environ[key], key)
        for field in fields(Config)
        if field.name != "instance" and environ.get(key := f"{PREFIX}{field.name.upper()}")
    }


def _typed(name: str, value: Any, where: str) -> Any:
    """The value as its field's type. Raises ConfigWrong."""
    wanted = {field.name: field.type for field in fields(Config)}[name]
    text = str(value).strip()
    try:
        match wanted:
            case _ if wanted is bool:
                return {"1": True, "true": True, "yes": True, "on": True, "0": False}.get(
                    text.lower(), False
                )
            case _ if wanted is int:
                return int(text)
            case _ if wanted is float:
                return float(text)
    except ValueError:
        raise ConfigWrong(f"{where}: {name} must be a number, not {text!r}") from None
    return normal_url(text) if name == "database_url" else text


def normal_url(url: str) -> str:
    """A database address with the driver that crmlite uses: `postgres://…` works as well."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return f"postgresql+psycopg://{url.removeprefix(prefix)}"
    return url
