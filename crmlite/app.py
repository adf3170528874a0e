"""The application, put together step by step. Nothing here touches the database."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import (
    Flask,
    g,
    request,
    session,
    url_for,
)
from flask.templating import Environment
from flask_babel import get_locale
from flask_login import current_user
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from crmlite import (
    access,
    clock,
    errors,
    headers,
    hooks,
    languages,
    logs,
    navigation,
    parts,
    settings,
    wording,
)
from crmlite.access import sensitive
from crmlite.access.gate import FORM, admit_size, check_declared, guard, take_forms_only
from crmlite.access.readers import Nobody, current_reader
from crmlite.accounts.sessions import load_reader
from crmlite.addresses import RecordId
from crmlite.assets import asset
from crmlite.config import Config
from crmlite.db.engines import engine_options, prepare
from crmlite.db.keyring import ensure_secret
from crmlite.extensions import csrf, database, htmx, login_manager
from crmlite.help.queries import help_here
from crmlite.notifications.badge import unread
from crmlite.packs.breaker import watch
from crmlite.packs.loading import load_packs
from crmlite.packs.pages import (
    close_pages_of_others,
    let_in,
    pages_of_packs,
    register_pages,
)

OWN_NAMES = ("localhost", "127.0.0.1")  # monitoring asks by them, and serving warms up


def create_app(config: Config | None = None) -> Flask:
    """A crmlite application. Raises ConfigWrong, KeysDamaged or Undeclared."""
    app = Flask("crmlite")
    app.jinja_environment = Templates
    app.extensions["crmlite.config"] = config or Config.read()
    for step in STEPS:
        step(app)
    return app


class Templates(Environment):
    """Flask's templates, whose globals stand in one mapping: Jinja's own two linked ones cost a
    fiftieth of a page each time that a template uses macros of another."""

    def make_globals(self, given: Any) -> dict[str, Any]:
        """All globals of a template; they are complete before the first one is loaded."""
        return {**self.globals, **(given or {})}


def _configure(app: Flask) -> None:
    config: Config = app.extensions["crmlite.config"]
    secret = _secret(config)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=config.max_upload_mb * 2**20,
        MAX_FORM_MEMORY_SIZE=FORM,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME=("__Host-" if config.is_https else "") + _cookie_name(secret),
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=config.session_days),
        SESSION_REFRESH_EACH_REQUEST=False,  # the database says when a session ends
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Sec-Fetch-Site and Origin are checked instead, see headers.py
        SQLALCHEMY_DATABASE_URI=config.url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.url, config.busy_seconds),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.url_map.merge_slashes = False  # it would lead to whatever host the request names
    if config.trusted_hosts:
        named = [host.strip() for host in config.trusted_hosts.split(",") if host.strip()]
        app.config["TRUSTED_HOSTS"] = [*named, *OWN_NAMES]


def _secret(config: Config) -> str:
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ensure_secret(config.secret_file)


def _cookie_name(secret: str) -> str:
    """A name that other books do not have: cookies know no ports, and two books on one machine would
    sign each other's people out."""
    return f"sid-{hmac.new(secret.encode(), b'name of the cookie', hashlib.sha256).hexdigest()[:8]}"


def _connect(app: Flask) -> None:
    database.init_app(app)
    config: Config = app.extensions["crmlite.config"]
    with app.app_context():
        prepare(database.engine, config.busy_seconds)


def _extend(app: Flask) -> None:
    app.url_map.converters["int"] = RecordId
    app.before_request(admit_size)  # looking for the token of a form reads all of it
    app.before_request(take_forms_only)
    csrf.init_app(app)
    htmx.init_app(app)
    login_manager.init_app(app)
    login_manager.anonymous_user = Nobody
    login_manager.user_loader(load_reader)
    languages.register(app)


def _load_hooks(app: Flask) -> None:
    hooks.load(app)


def _load_packs(app: Flask) -> None:
    load_packs(app)


def _register_pages(app: Flask) -> None:
    with app.app_context():
        for blueprint in hooks.declared("register_blueprints"):
            app.register_blueprint(blueprint)
        register_pages(app)
    app.view_functions["static"] = access.requires(None)(app.view_functions["static"])


def _guard_requests(app: Flask) -> None:
    app.before_request(_name_request)
    app.before_request(languages.choose_language)
    app.before_request(headers.notice_proxy)
    app.before_request(headers.refuse_cross_site)
    app.before_request(close_pages_of_others)
    app.before_request(guard)
    watch(app)
    app.after_request(headers.protect)
    app.after_request(_note_viewings)  # the last one is asked first: its answer gets headers, too


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _note_viewings(response: Any) -> Any:
    """Write down who sees what; a page that cannot be written down is not shown."""
    if not g.get("viewed"):
        return response
    try:
        sensitive.write_viewings(current_reader(), request.endpoint or "", clock.now())
    except DBAPIError as error:  # from here Flask would not ask the handlers of errors
        return errors.in_place_of(response, error)
    return response


def _dress_templates(app: Flask) -> None:
    wording.register(app)
    parts.register(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset(app),
        can=access.can,
        navigation=navigation.navigation,
        creations=navigation.creations,
        letters=navigation.letters,
        way_up=navigation.way_up,
        current_user=current_user,
        choice_label=settings.choice_label,
        language=wording.language,
        unread_notifications=unread,
        help_here=help_here,
    )

    @app.context_processor
    def _ui() -> dict[str, Any]:
        return {"ui": interface(), "is_part": False}


def interface() -> dict[str, str]:
    """What the frame needs to know of the reader: language, appearance, name of the firm."""
    reader = Nobody() if g.get("broken") else current_reader()
    locale = get_locale()
    return {
        "lang": locale.language if locale else "en",
        "theme": reader.theme if reader.is_authenticated else session.get("theme", "auto"),
        "company": errors.company(),
    }


def _answer_errors(app: Flask) -> None:
    errors.register(app)


def _log(app: Flask) -> None:
    logs.configure(app)


def _check(app: Flask) -> None:
    check_declared(app, apart=pages_of_packs(app))
    let_in(app)


def home() -> str:
    """Where signing in leads."""
    return url_for("dashboard.today")


def _trust_proxies(app: Flask) -> None:
    """Believe what the proxies in front say of the visitor, as many of them as there are; nobody
    else's word counts."""
    number = app.extensions["crmlite.config"].proxies
    if number:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_port=number
        )


STEPS: tuple[Callable[[Flask], None], ...] = (
    _configure,
    _trust_proxies,
    _log,
    _connect,
    _extend,
    _load_hooks,
    _load_packs,
    _register_pages,
    _guard_requests,
    _dress_templates,
    _answer_errors,
    _check,
)
