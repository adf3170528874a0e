"""What somebody says about what they want to be told."""

from flask_babel import lazy_gettext as _l

from crmlite.access import Reader
from crmlite.forms import Choices, Form
from crmlite.notifications.kinds import NotificationKind, kinds
from crmlite.notifications.queries import muted_kinds


class TellingForm(Form):
    """The kinds that somebody is told of, ticked."""

    told = Choices(
        _l("Tell me of"), options=lambda: [(kind.name, kind.label) for kind in mutable_kinds()]
    )

    def muted(self) -> set[str]:
        """The kinds that are not ticked."""
        return {kind.name for kind in mutable_kinds()} - set(self.told.data)


def telling_form(reader: Reader) -> TellingForm:
    """The form as somebody's choice stands now."""
    muted = muted_kinds(reader.user_id)
    told = [kind.name for kind in mutable_kinds() if kind.name not in muted]
    return TellingForm(data={"told": told})


def mutable_kinds() -> list[NotificationKind]:
    """The kinds that people choose among."""
    return [kind for kind in kinds().values() if kind.mutable]
