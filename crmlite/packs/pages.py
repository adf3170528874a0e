"""The pages, parts of pages and texts of packs, in the application that serves them."""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    abort,
    current_app,
    got_request_exception,
    has_request_context,
    request,
)
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from crmlite import hooks
from crmlite.db.engines import is_busy, is_full
from crmlite.db.keyset import BadCursor
from crmlite.packs.host import PackHost
from crmlite.packs.loading import known
from crmlite.packs.manifest import BadPack
from crmlite.packs.trying import mount, pack_of_page
from crmlite.work import Gone, Hindered


def register_pages(app: Flask) -> None:
    """Put the pages of all packs in their places, be they on or off, and make their templates known
    under their names: `retail/points.html`."""
    loaders = {}
    for pack in known(app).values():
        if not pack.sound:
            continue
        for blueprint in pack.answers.get("register_blueprints", ()):
            mount(app, pack.name, blueprint)
        for endpoint, view in app.view_functions.items():
            if pack_of_page(endpoint, [pack.name]):
                app.view_functions[endpoint] = _apart(view)
        folder = Path(str(pack.folder)) / "templates" / pack.name
        if folder.is_dir():
            loaders[pack.name] = FileSystemLoader(folder)
    if loaders and app.jinja_loader is not None:
        app.jinja_loader = ChoiceLoader([app.jinja_loader, PrefixLoader(loaders)])
    app.jinja_env.globals["drawn"] = drawn
    got_request_exception.connect(_note_failure, app)


def pages_of_packs(app: Flask) -> set[str]:
    """The endpoints of packs. Each was looked at when its pack was tried."""
    packs = [pack.name for pack in known(app).values() if pack.sound]
    return {name for name in app.view_functions if pack_of_page(name, packs)}


def let_in(app: Flask) -> None:
    """From here on the book says which packs are on."""
    app.extensions[hooks.REGISTRY].host = PackHost()


def close_pages_of_others() -> None:
    """Runs before each view: the pages of a pack that is off are not there."""
    pack = pack_of_page(request.endpoint, hooks.installed())
    if pack is not None and pack not in hooks.enabled():
        abort(404)


class PageFailed(RuntimeError):
    """A page of a pack failed; its cause says how."""


def _apart(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a pack: what fails in it is not taken for a fault of the database, and ends nothing
    but the page."""

    @wraps(view)
    def run(*args: Any, **named: Any) -> Any:
        try:
            return view(*args, **named)
        except (HTTPException, Hindered, Gone, BadCursor, KeyboardInterrupt):
            raise
        except BaseException as error:
            if isinstance(error, DBAPIError) and (is_busy(error) or is_full(error)):
                raise
            raise PageFailed(request.endpoint) from error

    return run


def _note_failure(_app: Flask, exception: BaseException, **_more: Any) -> None:
    if not has_request_context():
        return
    pack = pack_of_page(request.endpoint, hooks.installed())
    if pack is not None:
        cause = exception.__cause__ if isinstance(exception, PageFailed) else None
        where = f"{request.method} {request.endpoint}"
        hooks.registry().host.failed(pack, where, cause or exception)


@pass_context
def drawn(context: Context, part: Any) -> Markup:
    """What a pack draws, a panel or an entry of the timeline, or the note that this part failed."""
    known_here: Mapping[str, Any] = {**context.get_all(), "given": part.context}

    def draw() -> Markup:
        if not part.template.endswith(".html"):  # only these have their values escaped
            raise BadPack(f"{part.template!r} is no template that ends in .html.")
        template = current_app.jinja_env.get_template(part.template)
        return Markup(template.render(known_here))  # noqa: S704 - a template has made it

    answer = hooks.guarded(part.pack, f"template {part.template}", draw)
    if isinstance(answer, Markup):
        return answer
    return Markup('<p class="muted">{}</p>').format(_("This part cannot be shown now."))
