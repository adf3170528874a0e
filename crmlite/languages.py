"""In which language a page speaks, and in which time zone it says times.

What `?lang=zh` chose in this browser comes first, then what the person set for themselves, then what
the firm set for everyone, then what the browser asks for; English where nobody says.
"""

from typing import Any

from flask import Flask, g, has_request_context, redirect, request, session

from crmlite import settings
from crmlite.access.readers import Nobody, current_reader
from crmlite.extensions import babel
from crmlite.redirects import asked_for
from crmlite.wording import LOCALES


def register(app: Flask) -> None:
    """Have an application speak the language that is wanted."""
    babel.init_app(app, locale_selector=lambda: LOCALES[wanted_language()], timezone_selector=_zone)


def wanted_language() -> str:
    """`zh` or `en`, by the order above."""
    if not has_request_context():  # a job or a command
        return _firm_language() or "en"
    chosen = session.get("lang") or g.get("lang")
    if chosen in LOCALES:
        return str(chosen)
    reader = Nobody() if g.get("broken") else current_reader()
    if reader.is_authenticated and reader.lang in LOCALES:
        return reader.lang
    return _firm_language() or request.accept_languages.best_match(LOCALES) or "en"


def choose_language() -> Any:
    """`?lang=zh` sets the language of this browser and leads to the clean address."""
    wanted = request.args.get("lang")
    if wanted not in LOCALES or request.method not in ("GET", "HEAD"):
        return None
    session["lang"] = wanted
    session.permanent = True
    return redirect(asked_for("lang"), 303)


def _firm_language() -> str:
    """The language that the firm set for everyone who has not chosen one; empty for none."""
    return "" if g.get("broken") else str(settings.get("language"))


def _zone() -> str:
    return "UTC" if g.get("broken") else str(settings.get("timezone"))
