"""The timeline as one stream of many sources."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from crmlite import hooks
from crmlite.access.readers import everything
from crmlite.customers import hanging, timeline
from crmlite.customers import operations as do
from crmlite.customers.timeline import Entry, TimelineSource
from crmlite.work.actors import command_line
from tests.customers.operating import added, done, row_of

START = datetime(2026, 5, 1, tzinfo=UTC)


def source(name: str, moments: list[datetime]) -> TimelineSource:
    """A source with an entry at each moment."""
    entries = [
        Entry(at=at, key=f"{name}-{n:012d}", kind=name, template="") for n, at in enumerate(moments)
    ]

    def page(_row: Any, _reader: Any, before: Any, limit: int) -> list[Entry]:
        found = [e for e in entries if before is None or (e.at, e.key) < before]
        return sorted(found, key=lambda e: (e.at, e.key), reverse=True)[:limit]

    return TimelineSource(name=name, label=name, entries=page)


@pytest.fixture
def two(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> list[TimelineSource]:
    """Two sources whose entries share their moments."""
    given = [
        source("calls", [START + timedelta(hours=n // 2) for n in range(30)]),
        source("tasks", [START + timedelta(hours=n) for n in range(20)]),
    ]
    monkeypatch.setattr(hooks, "gathered", lambda _hook: tuple(given))
    return given


def test_pages_hold_everything_once_and_in_order(two: list[TimelineSource]) -> None:
    seen: list[Entry] = []
    before, more = None, True
    while more:
        page, more = timeline.stream({}, everything(), before=before, size=7)
        seen += page
        before = (page[-1].at, page[-1].key)
    assert len(seen) == len({entry.key for entry in seen}) == 50
    assert seen == sorted(seen, key=lambda entry: (entry.at, entry.key), reverse=True)


def test_one_kind_alone_leaves_the_others_out(two: list[TimelineSource]) -> None:
    page, more = timeline.stream({}, everything(), only="tasks", size=20)
    assert {entry.kind for entry in page} == {"tasks"}
    assert not more


def test_the_book_tells_of_needs_remarks_and_moves(inside: Flask) -> None:
    made = added()
    done(do.add_need, made["id"], {"goal": "Line 2"})
    done(do.add_remark, made["id"], {"text": "A competitor", "is_risk": True})
    done(do.move_stage, made["id"], "proposal")
    done(do.update_customer, made["id"], {"region": "York"})
    done(do.delete_customer, made["id"])
    done(do.revive_customer, made["id"])
    hanging.forget()
    with inside.test_request_context():
        entries, _more = timeline.stream(row_of(made["id"]), everything(), size=50)
        told = [entry for entry in entries if entry.kind == "changes"]
        assert sorted(entry.kind for entry in entries if entry.kind != "changes") == [
            "needs",
            "remarks",
        ]
        assert [entry.context["created"] for entry in told] == [
            False,
            False,
            False,
            True,
        ]
        assert [line["label"] for entry in told[:2] for line in entry.context["lines"]] == [
            "Brought back",
            "Moved to the recycle bin",
        ]
        assert told[2].context["lines"] == [
            {"label": "Stage", "old": "Discovery", "new": "Proposal"}
        ]


def test_changes_of_one_moment_are_told_once_page_by_page(inside: Flask) -> None:
    made = added()
    for n in range(30):
        stage = ("proposal", "discovery")[n % 2]
        do.move_stage(made["id"], stage, by=command_line(), at=START)
    seen: list[str] = []
    before, more = None, True
    with inside.test_request_context():
        while more and len(seen) <= 31:
            page, more = timeline.stream(
                row_of(made["id"]), everything(), only="changes", before=before, size=7
            )
            seen += [entry.key for entry in page]
            before = (page[-1].at, page[-1].key)
    assert len(seen) == len(set(seen)) == 31
