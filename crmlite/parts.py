"""Parts of pages that are the same for everyone who reads a language: made once and kept."""

from typing import Any

from flask import Flask, request
from markupsafe import Markup

from crmlite.wording import language

MOST = 200


def register(app: Flask) -> None:
    """Give templates `kept("frame/_texts.html", what=…)`.

    Such a part knows its language, where the application is mounted, and what it is given, which
    must be hashable; nothing of the reader, the request or the book, so that one stands for all.
    """
    parts: dict[tuple[Any, ...], Markup] = {}

    def kept(name: str, **given: Any) -> Markup:
        key = (name, language(), request.script_root, tuple(given.items()))
        part = parts.get(key)
        if part is None or app.debug:
            if len(parts) >= MOST:
                parts.clear()
            part = parts[key] = Markup(app.jinja_env.get_template(name).render(given))  # noqa: S704 - a template has made it
        return part

    app.jinja_env.globals["kept"] = kept
