"""The breaker: what went wrong in packs is written down, and one that keeps failing is switched off."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from crmlite.db.columns import new_uid
from crmlite.db.keys import ring
from crmlite.db.sealing import seal
from crmlite.packs.host import FAILURES, MOST_FAILURES, Failure
from crmlite.packs.models import Pack, PackFailure
from crmlite.packs.operations import stop_pack
from crmlite.work import Hindered
from crmlite.work.actors import PACK, Actor
from crmlite.work.aside import aside

log = logging.getLogger(__name__)
WITHIN = timedelta(minutes=10)
KEPT = timedelta(days=30)
FAILED, PACKS = PackFailure.__table__, Pack.__table__


def watch(app: Flask) -> None:
    """Write down after each request and job what went wrong in packs."""

    def after(response: Response) -> Response:
        write_down()
        return response

    def at_the_end(_error: BaseException | None) -> None:
        write_down()

    app.after_request(after)
    app.teardown_appcontext(at_the_end)


def write_down() -> None:
    """Keep the failures of this request, and switch off a pack that has had too many."""
    failures: list[Failure] = g.pop(FAILURES, [])
    if not failures:
        return
    at = failures[-1].at
    try:
        with aside() as connection:
            connection.execute(insert(FAILED), [_sealed(failure) for failure in failures])
            connection.execute(delete(FAILED).where(FAILED.c.at < at - KEPT))
            counted = connection.execute(
                select(FAILED.c.pack, func.count())
                .join(PACKS, PACKS.c.name == FAILED.c.pack)
                .where(
                    FAILED.c.pack.in_({f.pack for f in failures}),
                    FAILED.c.at > at - WITHIN,
                    FAILED.c.at > PACKS.c.switched_at,  # who switched it on again begins anew
                )
                .group_by(FAILED.c.pack)
            ).all()
        for pack, number in counted:
            if number >= MOST_FAILURES:
                stop_pack(pack, number, by=Actor(PACK, pack), at=at)
    except (DBAPIError, Hindered):
        log.exception("what went wrong in packs could not be written down")


def _sealed(failure: Failure) -> dict[str, Any]:
    """A row of the table: what a pack raised may hold anything that stands in the book."""
    row = asdict(failure)
    name = new_uid()
    told = {
        column: seal(ring(), row[column], (FAILED.name, column, name))
        for column in ("message", "trace")
    }
    return {**row, **told, "uid": name}
