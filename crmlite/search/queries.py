"""Finding records: the newest that fit, within what the reader may see, the best first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, false, select

from crmlite.access import Reader
from crmlite.db.keys import ring
from crmlite.extensions import database
from crmlite.search.hashes import hashes_of
from crmlite.search.matching import fits
from crmlite.search.models import is_postgresql
from crmlite.search.ranking import Rank, rank_of
from crmlite.search.rendering import fts5_match, fts5_tokens
from crmlite.search.scope import ACTIVE, everything, seen_by
from crmlite.search.searchables import searchables
from crmlite.search.statements import (
    DOC,
    FEW,
    FEW_IN_SQLITE,
    NEWEST,
    NEWEST_IN_SQLITE,
    NEWEST_OF_ALL,
    NEWEST_OF_LATEST,
    UP_TO_FEW_IN_SQLITE,
    postgresql_fitting,
    postgresql_values,
    sqlite_fitting,
    sqlite_values,
)
from crmlite.search.typed import Condition, Question, either, query
from crmlite.settings.places import calling_code


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. Lower `rank` fits better."""

    record_type: str
    record_id: int
    rank: Rank


class Row(NamedTuple):
    """A search row that fits."""

    id: int
    record_id: int
    title: str


def find(
    reader: Reader,
    text: str,
    types: Collection[str] | None = None,
    *,
    limit: int = 20,
    states: Sequence[str] = (ACTIVE,),
) -> list[Hit]:
    """What a reader may see of what fits the text, best first; never more than `limit`.

    `types` limits it to some kinds of records. Of many that fit equally, the newest count, at most
    200 of a kind. Archived ones are found when `states` names them.
    """
    question = ask(text)
    if question is None:
        return []
    hits: list[Hit] = []
    for searchable in searchables(reader):
        if types is not None and searchable.record_type not in types:
            continue
        visible = seen_by(reader, searchable.record_type, searchable.permission, states)
        if visible is not None:
            hits += _hits(question, searchable.record_type, visible, limit)
    return sorted(hits, key=lambda hit: hit.rank)[:limit]


def record_ids(
    record_type: str, text: str, states: Sequence[str] = (ACTIVE,)
) -> Select[tuple[int]]:
    """A select of the ids of all records of a type that fit, for a list's `IN (…)`.

    It says nothing of who may see them: use it in a statement that `visible_to` limits.
    """
    question = ask(text)
    if question is None:
        return select(DOC.c.record_id).where(false())
    wanted = either(question.exactly, question.beginning, question.anywhere)
    of_type = everything(record_type, states)
    if is_postgresql():
        values = postgresql_values(wanted, of_type)
        return postgresql_fitting(DOC, values["match"], values["visible"], DOC.c.record_id)
    return sqlite_fitting(sqlite_values(wanted, of_type)["match"], DOC.c.record_id)


def ask(text: str) -> Question | None:
    """The question that a text asks, with the hashes of what it may be."""
    return query(text, hashes_of(ring(), text, calling_code()))


def _hits(question: Question, record_type: str, visible: Condition, limit: int) -> list[Hit]:
    """The best of one type: from each condition in turn, until there are enough."""
    ranked: dict[int, tuple[Rank, int, int]] = {}
    few = _few(visible) if question.ending is not None else None
    for condition in question.conditions():
        for row in _rows_for(question, condition, visible, few):
            if row.id not in ranked:
                rank = rank_of(
                    question,
                    row.title,
                    exact=condition is question.exactly,
                    beginning=condition is question.beginning,
                )
                ranked[row.id] = (rank, -row.id, row.record_id)
        if len(ranked) >= limit:
            break
    best = sorted(ranked.values())[:limit]
    return [Hit(record_type, record_id, rank) for rank, _, record_id in best]


def _rows_for(
    question: Question, condition: Condition, visible: Condition, few: Sequence[Any] | None
) -> list[Row]:
    """The newest rows for one of the conditions of a question."""
    if few is None or condition is question.exactly or condition is question.beginning:
        return newest(condition, visible, is_rare=condition is question.exactly)
    return [Row(*row[:3]) for row in few if fits(condition, fts5_tokens(row.body))]


def _few(visible: Condition) -> Sequence[Any] | None:
    """All that somebody sees of a kind, where that is few; None where it is not. SQLite gathers all
    records with a word that begins so before it asks of which kind and whose they are."""
    if is_postgresql():
        return None
    match = {"match": fts5_match(visible)}
    if database.session.execute(UP_TO_FEW_IN_SQLITE, match).scalar_one() > FEW:
        return None
    return database.session.execute(FEW_IN_SQLITE, match).all()


def newest(condition: Condition, visible: Condition, *, is_rare: bool = False) -> list[Row]:
    """The newest rows that fit, at most 200. `is_rare` says that few will."""
    if not is_postgresql():
        return _rows(NEWEST_IN_SQLITE, sqlite_values(condition, visible))
    values = postgresql_values(condition, visible)
    if not is_rare:
        found = _rows(NEWEST_OF_LATEST, values)
        if len(found) == NEWEST:
            return found
    return _rows(NEWEST_OF_ALL, values)


def _rows(statement: Select[Any], values: Mapping[str, str]) -> list[Row]:
    return [Row(*row) for row in database.session.execute(statement, values)]
