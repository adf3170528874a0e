"""Whose task a touch is."""

from collections.abc import Mapping

from crmlite.accounts.queries import sees_customers_of
from crmlite.accounts.roster import Roster, roster
from crmlite.rules.strategies import DEDICATED, OWNER, ROLE, USER


class Executors:
    """Answers whose task a touch is, by the people as they are now.

    The owner's; the dedicated person's, where there is one; one person's; or somebody's of a role: the
    owner's own where they have it, the lead of a team of theirs, the first who has it. Where nobody of
    these is there any more, or sees the customer, it is the owner's, so that no promise of a strategy
    falls away unseen. A customer without owner has nobody but a dedicated person.
    """

    def __init__(self) -> None:
        self._roster: Roster = roster()
        self._here = {one.id for one in self._roster.people.values() if one.active}
        self._having = {
            role.key: frozenset(
                one.id
                for one in self._roster.people.values()
                if one.active and one.role_id == role.id
            )
            for role in self._roster.roles.values()
        }
        self._found: dict[tuple[str, int | None, int | None], int | None] = {}

    def of(
        self, executor: str, owner_id: int | None, dedicated_id: int | None = None
    ) -> int | None:
        """Whose task it is with this owner and this dedicated person; None where nobody is there."""
        key = (executor, owner_id, dedicated_id if executor == DEDICATED else None)
        if key not in self._found:
            self._found[key] = self._of(*key)
        return self._found[key]

    def has_nobody(self, executor: str) -> bool:
        """Whether the person or role that a touch names is not there any more, and owners stand in."""
        if executor in (OWNER, DEDICATED):
            return False
        return not self._named(executor)

    def is_here(self, user_id: int | None) -> bool:
        """Whether somebody still works here."""
        return user_id in self._here

    def _of(self, executor: str, owner_id: int | None, dedicated_id: int | None) -> int | None:
        owner = owner_id if owner_id in self._here else None
        if executor == DEDICATED and sees_customers_of(dedicated_id, owner_id):
            return dedicated_id
        if owner is None:  # a customer without owner has no plan
            return None
        having = frozenset(one for one in self._named(executor) if sees_customers_of(one, owner))
        if not having or owner in having:
            return owner
        leads = (team.lead_id for team in self._roster.teams.values() if owner in team.member_ids)
        lead = next((lead for lead in leads if lead in having), None)
        return lead if lead is not None else min(having)

    def _named(self, executor: str) -> frozenset[int]:
        kind, _colon, who = executor.partition(":")
        named: Mapping[str, frozenset[int]] = {
            ROLE: self._having.get(who, frozenset()),
            USER: frozenset({int(who)} & self._here if who.isdigit() else ()),
        }
        return named.get(f"{kind}:", frozenset())
