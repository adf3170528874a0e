"""What follows for the rest of the book when a setting is another one."""

from collections.abc import Iterable

from crmlite.settings.queries import declared_settings


def follow(names: Iterable[str]) -> None:
    """Have it done, once for all of these settings; belongs inside the operation that changes
    them. Settings that nobody declares any more mean nothing."""
    declared = declared_settings()
    wanted = [declared[name].changed for name in names if name in declared]
    for changed in dict.fromkeys(wanted):
        if changed is not None:
            changed()
