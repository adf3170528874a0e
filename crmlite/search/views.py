"""The search page, and the records that the command palette finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.paging import page
from crmlite.search.queries import Hit, find
from crmlite.search.searchables import Found, Searchable, searchables
from crmlite.search.typed import LONGEST_QUERY

bp = Blueprint("search", __name__, template_folder="templates")

OF_EACH_KIND = 50
IN_PALETTE = 8
PLACES = ("palette-found", "find-found")  # where the lines of the palette stand


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind; `more` when there are further ones."""

    kind: Searchable
    found: Sequence[Found]
    more: bool

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self.found)


@bp.get("/search")
@requires(SIGNED_IN)
def results() -> Response:
    """Everything that fits, by kind; htmx gets the list alone, while somebody types."""
    text, reader = typed(), current_reader()
    sections = [section(reader, kind, text) for kind in searchables(reader)]
    return page(
        "search/results.html",
        "search/_sections.html",
        q=text,
        sections=[part for part in sections if part.found],
    )


@bp.get("/palette")
@requires(SIGNED_IN)
def palette() -> Response:
    """The best of all kinds, as lines of the palette, or of the box on top while somebody types."""
    text, reader = typed(), current_reader()
    hits = find(reader, text, limit=IN_PALETTE + 1)
    lines = shown(reader, text, hits[:IN_PALETTE])
    target = request.headers.get("HX-Target", "")
    return page(
        "search/_palette.html",
        q=text,
        lines=lines,
        more=len(hits) > IN_PALETTE,
        place=target if target in PLACES else PLACES[0],
    )


def typed() -> str:
    """What is looked for."""
    return request.args.get("q", "").strip()[:LONGEST_QUERY]


def section(reader: Reader, kind: Searchable, text: str) -> Section:
    """What the reader finds of one kind."""
    hits = find(reader, text, {kind.record_type}, limit=OF_EACH_KIND + 1)
    found = [found for _, found in shown(reader, text, hits[:OF_EACH_KIND])]
    return Section(kind, found, len(hits) > OF_EACH_KIND)


def shown(reader: Reader, text: str, hits: Sequence[Hit]) -> list[tuple[Searchable, Found]]:
    """The hits as their slices show them, in the same order; those out of sight are left out."""
    kinds = {kind.record_type: kind for kind in searchables(reader)}
    presented = {
        name: _explained(kind, text, kind.present(reader, ids))
        for name, kind in kinds.items()
        if (ids := [hit.record_id for hit in hits if hit.record_type == name])
    }
    return [
        (kinds[hit.record_type], presented[hit.record_type][hit.record_id])
        for hit in hits
        if hit.record_id in presented[hit.record_type]
    ]


def _explained(kind: Searchable, text: str, found: Mapping[int, Found]) -> Mapping[int, Found]:
    if kind.explain is None or not found:
        return found
    why = kind.explain(text, list(found))
    return {i: replace(one, why=why.get(i, "")) for i, one in found.items()}
