"""A tiny site out of crmlite's own templates, so that the scripts are tried without the rest."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, render_template, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined, Template
from werkzeug.serving import make_server

from crmlite import parts
from crmlite.navigation import Link, Side, letters

PACKAGE = Path(__file__).resolve().parent.parent.parent / "crmlite"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
PAGE = '{{% extends "{frame}" %}}{{% block title %}}Test{{% endblock %}}'
ENTRIES = [
    [("today", "list-check", "Today", "今日", 12)],
    [
        ("customers", "users", "Customers", "客户", 0),
        ("settings", "settings", "Settings", "设置", 0),
    ],
]

Handler = Callable[[], Any]


@dataclass
class FrameSite:
    """The site: `show` puts a page at an address, `on` a function that answers there."""

    app: Flask
    address: str = ""
    handlers: dict[tuple[str, str], Handler] = field(default_factory=dict)
    posted: list[dict[str, str]] = field(default_factory=list)
    login: str = "emma"
    theme: str = "light"
    unread: int = 3
    flashes: list[Any] = field(default_factory=list)
    templates: dict[str, Template] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)

    def show(
        self, path: str, body: str, part: str = "", frame: str = "base.html", **context: Any
    ) -> None:
        """A page whose content is the template `body`; htmx gets the template `part`, if any."""
        page = PAGE.format(frame=frame) + "{% block main %}" + MACROS + body + "{% endblock %}"

        def answer() -> str:
            is_part = part and "HX-Request" in request.headers
            return render_template(self.template(MACROS + part if is_part else page), **context)

        self.handlers["GET", path] = answer

    def template(self, source: str) -> Template:
        """A template, translated into Python once for all tests that use it."""
        if source not in self.templates:
            self.templates[source] = self.app.jinja_env.from_string(source)
        return self.templates[source]

    def on(self, path: str, handler: Handler, method: str = "POST") -> None:
        """Let `handler` answer; what is posted to it is also noted in `posted`."""
        self.handlers[method, path] = handler

    def reset(self) -> None:
        """Forget what a test has put here."""
        self.handlers.clear()
        self.posted.clear()
        self.flashes.clear()
        self.failures.clear()
        self.login, self.theme, self.unread = "emma", "light", 3


MACROS = "".join(
    f'{{% from "ui/{file}.html" import {names} %}}'
    for file, names in {
        "button": "btn, ibtn, post",
        "navigation": "chip, found, menu, menu_link, menu_post, tabs",
        "panel": "empty, glance, head, panel, sheet",
        "table": "bulk, pick, pick_lines, pick_toggle, row_acts, table, th, th_pick",
        "words": "act, when",
    }.items()
)


def build(folder: Path) -> FrameSite:
    """The site, its Chinese compiled into `folder`."""
    app = Flask(
        "frame",
        root_path=str(PACKAGE),
        template_folder=str(PACKAGE / "templates"),
        static_folder=str(PACKAGE / "static"),
    )
    app.config.update(
        SECRET_KEY="of this run",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(folder),
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compile_chinese(folder / "zh" / "LC_MESSAGES")
    CSRFProtect(app)
    Babel(app, locale_selector=language)
    site = FrameSite(app)
    app.jinja_env.filters.update(
        ago=lambda at: "6 days ago",
        exactly=lambda at: f"{at:%d %b %Y}",
        on_day=lambda at: f"{at:%a %d %b}",
        due=lambda day: "4 days late",
        due_state=lambda day: "late",
    )
    app.jinja_env.globals.update(
        asset=lambda name: f"/static/{name}",
        navigation=navigation,
        creations=creations,
        letters=letters,
        way_up=lambda: None,
        help_here=lambda: "/help",
        unread_notifications=lambda: site.unread,
        get_flashed_messages=lambda **_kwargs: [site.flashes.pop(0) for _ in list(site.flashes)],
    )
    parts.register(app)
    app.context_processor(lambda: surroundings(site))
    app.after_request(protect)
    app.add_url_rule("/<path:path>", "any", lambda path: answer(site), methods=["GET", "POST"])
    return site


def compile_chinese(folder: Path) -> None:
    """Make the catalogue of the frame's own texts."""
    folder.mkdir(parents=True)
    source = PACKAGE / "translations" / "parts" / "frame.po"
    with source.open("rb") as part, (folder / "messages.mo").open("wb") as compiled:
        write_mo(compiled, read_po(part, locale="zh"))


def answer(site: FrameSite) -> Any:
    """What a test has put at the address; 404 where it has put nothing."""
    if request.method == "POST":
        site.posted.append({**request.form.to_dict(), "path": request.path})
    handler = site.handlers.get((request.method, request.path))
    try:
        return handler() if handler else ("", 404)
    except Exception as failure:
        site.failures.append(failure)
        raise


def language() -> str:
    """`?lang=zh` asks for Chinese."""
    return request.args.get("lang", "en")


def navigation() -> Side:
    """The side of the frame."""
    return tuple(
        tuple(
            Link(
                key,
                chinese if language() == "zh" else english,
                icon,
                f"/{key}",
                active=request.path == f"/{key}",
                count=count,
                letter=key[0],
                counts=bool(count),
            )
            for key, icon, english, chinese, count in group
        )
        for group in ENTRIES
    )


def creations() -> tuple[Link, ...]:
    """What the button New offers."""
    label = "客户" if language() == "zh" else "Customer"
    return (Link("customer", label, "building", "/customers/new"),)


def surroundings(site: FrameSite) -> dict[str, Any]:
    """What every template may use."""
    return {
        "ui": SimpleNamespace(lang=language(), theme=site.theme, company="Lanwick"),
        "current_user": SimpleNamespace(name="Emma Clarke", login=site.login),
    }


def protect(response: Response) -> Response:
    """The headers that crmlite sends."""
    response.headers["Content-Security-Policy"] = POLICY
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


class Running:
    """A site that answers on a free port of this machine while the block runs."""

    def __init__(self, site: FrameSite) -> None:
        self.site = site
        self.server = make_server("127.0.0.1", 0, site.app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> FrameSite:
        """Start; the address is in `site.address`."""
        self.thread.start()
        self.site.address = f"http://127.0.0.1:{self.server.port}"
        return self.site

    def __exit__(self, *_error: object) -> None:
        """Stop and wait for the last answer."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
