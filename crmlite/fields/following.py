"""What follows when other fields are asked for: every process knows, quick ones are made quick, and
what is missing of the records there are is found out anew."""

from collections.abc import Callable

from crmlite.fields.indexes import have_indexes_made
from crmlite.work.operations import move_epoch

LOOKED_AT: dict[str, Callable[[], None]] = {}
"""Of a kind of record, what has all of them looked at again; called inside an operation."""


def follow(*, required: bool = True) -> None:
    """Have it done; belongs inside the operation after which other fields are asked for, such as one
    that puts a pack on or off. Without `required` none of them is required otherwise than before."""
    move_epoch()
    have_indexes_made()
    for look in LOOKED_AT.values() if required else ():
        look()
