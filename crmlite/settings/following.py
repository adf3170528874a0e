"""What follows for the rest of the book when a setting is another one."""

from collections.abc import Iterable

from crmlite import hooks
from crmlite.settings.queries import declared_settings


def follow(names: Iterable[str]) -> None:
    """Have it done, once for all of these settings; belongs inside the operation that changes
    them. Settings that nobody declares any more mean nothing."""
    declared = declared_settings()
    known = [name for name in names if name in declared]
    wanted = [declared[name].changed for name in known]
    wanted += [
        one.changed
        for one in hooks.gathered("register_setting_followers")
        if any(map(one.follows, known))
    ]
    for changed in dict.fromkeys(wanted):
        if changed is not None:
            changed()
