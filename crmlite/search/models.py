"""The rows that the search box looks through: one per record that can be found."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from crmlite.extensions import Model, database
from crmlite.search import derived_schema

TOKENS = Text().with_variant(TSVECTOR(), "postgresql")

__all__ = ["SearchDoc", "derived_schema", "is_postgresql"]


class SearchDoc(Model):
    """A record as it is found. Follows from the record; newer records have higher ids.

    `title` is the words of its name, folded, for ranking; `body` holds the tokens it is found by;
    `scope` those that say whose it is.
    """

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("record_type", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_type: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(TOKENS)
    scope: Mapped[str] = mapped_column(TOKENS)


def is_postgresql() -> bool:
    """Whether the book is in PostgreSQL, else in SQLite."""
    return database.engine.dialect.name == "postgresql"
