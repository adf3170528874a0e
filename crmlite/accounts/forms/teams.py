"""What is known of a team."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from crmlite.accounts import queries
from crmlite.accounts.operations import TeamChange
from crmlite.accounts.roster import Person as Somebody
from crmlite.calendars.choosing import ChosenCalendar
from crmlite.forms import Choices, Option, Person
from crmlite.forms.labels import Labelled


def active_people() -> Iterable[Somebody]:
    """Everyone who can sign in."""
    return [person for person in queries.people().values() if person.active]


def members() -> list[Option]:
    """Everyone who can sign in, for choosing."""
    return [Option(str(person.id), person.name) for person in active_people()]


def person_named(value: str) -> str:
    """What the person with this id is called."""
    return queries.person_name(int(value)) if value.isdecimal() else value


class TeamForm(Labelled):
    """A team: name, lead, working calendar, members."""

    lead_id = Person(_l("Lead"), people=active_people, named=person_named, none=_l("Nobody"))
    calendar_id = ChosenCalendar(_l("Working calendar"))
    member_ids = Choices(_l("Members"), options=members, named=person_named, numbers=True)

    def value(self) -> TeamChange:
        """The change, for `create_team` and `update_team`."""
        return self.taken(TeamChange, label=self.label_words())
