"""Keeping the folder of files clean: what was deleted long ago goes, and what no row knows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crmlite.files import keeping, queries
from crmlite.files.operations import remove_for_good
from crmlite.jobs import Lease
from crmlite.work import Actor

IN_BIN = timedelta(days=30)
BATCH = 200


def tidy(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Let files go that have been in the recycle bin for 30 days, and sweep the folder."""
    while gone := queries.long_deleted(at - IN_BIN, BATCH):
        remove_for_good([attachment_id for attachment_id, _uid in gone], by=by, at=at)
        keeping.let_rest([uid for _id, uid in gone], at)
        lease.renew()
    for _number in keeping.sweep(queries.known, at):
        lease.renew()
