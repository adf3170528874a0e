"""Addresses of static files that change with their content, so browsers may keep them for ever."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Flask, request


def asset(app: Flask) -> Callable[[str], str]:
    """The function `asset("crmlite.css")` of the templates."""
    folder = Path(app.static_folder or "")

    @lru_cache(maxsize=256)
    def digest(name: str, _changed: float) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    @lru_cache(maxsize=256)
    def pinned(name: str) -> str:
        path = folder / name
        return digest(name, path.stat().st_mtime) if path.is_file() else "missing"

    def address(name: str) -> str:
        version = digest(name, (folder / name).stat().st_mtime) if app.debug else pinned(name)
        return f"{request.script_root}/static/{name}?v={version}"

    return address
