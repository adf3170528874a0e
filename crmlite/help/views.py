"""The pages of the help."""

from typing import Any

from flask import Blueprint, abort, request

from crmlite.access import requires
from crmlite.access.gate import SIGNED_IN
from crmlite.help import queries
from crmlite.paging import page, wants_part
from crmlite.wording import label

bp = Blueprint("help", __name__, url_prefix="/help", template_folder="templates")
MOST = 200  # characters that are looked for


@bp.get("")
@requires(SIGNED_IN)
def index() -> Any:
    """All topics by group, or those in which `?words=` are found."""
    words = request.args.get("words", "").strip()[:MOST]
    return page(
        "help/index.html",
        "help/_index.html",
        words=words,
        found=queries.search(words),
        groups=queries.topics_by_group(),
    )


@bp.get("/<name>")
@requires(SIGNED_IN)
def show(name: str) -> Any:
    """One topic."""
    topic = queries.topic_called(name)
    if topic is None:
        abort(404)
    return page(
        "help/topic.html",
        "help/_topic.html",
        topic=topic,
        title=label(topic.title),
        text=queries.shown(topic, in_drawer=wants_part()),
        groups=queries.topics_by_group(),
    )
