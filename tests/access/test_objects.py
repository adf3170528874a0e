"""Each kind of record × how somebody stands to it × what is done with it × who does it: nobody reaches
what is not theirs to reach, and whatever is refused has changed nothing."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from crmlite import clock
from crmlite.access.gate import PUBLIC, SIGNED_IN
from crmlite.accounts.operations import NewUser, create_user, disable_user
from crmlite.accounts.passwords import hashed
from crmlite.accounts.queries import roles
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.testing import PASSWORD, SignIn, csrf_token
from crmlite.work.actors import command_line
from tests.access.conftest import Address, addresses
from tests.access.kinds import (
    ARCHIVED,
    BY_STATE,
    FORMS,
    GONE,
    NEVER_OPEN,
    Kind,
    NobodyClaims,
    Specimen,
    kind_of,
)
from tests.access.specimens import Collector
from tests.access.unspoilt import Unspoilt, unspoilt
from tests.applications import FIRST_ON_POSTGRESQL, Employ
from tests.figures import told

HERE = Path(__file__).parent
POLICY = tomllib.loads((HERE / "policy.toml").read_text("utf-8"))
REACH = tomllib.loads((HERE / "reach.toml").read_text("utf-8"))
ROLES = {"sales": "sales", "lead": "sales2", "support": "support", "manager": "manager"}
NOBODY = ("nobody", "disabled")
OF_SOMEBODY = ("own", "team's", "another's", "nobody's")
TEAM = {"sales", "sales2", "manager"}  # of whom `lead` is one
LEAST = 1500

Standings = Mapping[str, Specimen]
SIGN_IN, FORBIDDEN, MISSING, REFUSED, OPEN = "sign in", "403", "404", "403 or 404", "open"
AS_IT_STANDS = "open, or closed as it stands"


def expected(kind: Kind, one: Specimen, who: str, asked: str) -> str:
    """What somebody should be answered who asks `GET` or `POST` of an address."""
    need, changes = POLICY[asked], asked.startswith("POST") or asked.endswith(("/edit", "/new"))
    if need == PUBLIC:
        return MISSING if one.state == GONE else OPEN
    if who in NOBODY:
        return SIGN_IN
    if need != SIGNED_IN and who not in REACH[need]:
        return FORBIDDEN
    if one.state == GONE:
        return MISSING
    if not kind.firm:
        if one.state == ARCHIVED and who not in REACH["customers:see_archived"]:
            return MISSING
        if kind.personal and not (ROLES[who] in one.whose or who in REACH.get(one.opened_by, ())):
            return REFUSED
        if not all(reaches(right, one, who) for right in kind.sees):
            return MISSING
        rights = {need if need in REACH and not kind.personal else "", kind.edits * changes} - {""}
        if not all(reaches(right, one, who) for right in rights):
            return REFUSED
    by_state = one.state == ARCHIVED or asked in BY_STATE or asked in NEVER_OPEN
    return AS_IT_STANDS if by_state else OPEN


def reaches(right: str, one: Specimen, who: str) -> bool:
    """Whether a right that somebody holds reaches a record."""
    people = {one.owner} if one.owner else set(one.whose)
    match REACH[right].get(who):
        case "all":
            return True
        case "team":
            return bool(people & TEAM)
        case "own":
            return ROLES[who] in people
    return False


def wrong(should: str, answer: Any) -> bool:
    """Whether an answer is another one than it should be."""
    match should:
        case "sign in":
            leads = answer.headers.get("Location", "").startswith("/sign-in")
            return not (answer.status_code == 401 or (answer.status_code == 303 and leads))
        case "403" | "404":
            return answer.status_code != int(should)
        case "403 or 404":
            return answer.status_code not in (403, 404)
    closed = (400, 403, 404) if should == AS_IT_STANDS else ()
    return answer.status_code not in (200, 303, 409, 422, *closed)


@pytest.fixture
def clients(app: Flask, sign_in: SignIn, employ: Employ) -> dict[str, FlaskClient]:
    """Everybody, signed in twice: one of the sessions is there to be ended."""
    employ("sales2", {right: to["lead"] for right, to in REACH.items() if "lead" in to})
    with app.app_context():
        gone = NewUser(login="gone", name="Gone", role="sales", password_hash=hashed(PASSWORD))
        user_id = create_user(gone, by=command_line(), at=clock.now())
        database.session.remove()
    for login in ROLES.values():
        sign_in(login)
    found = {who: sign_in(login) for who, login in ROLES.items()}
    found |= {"nobody": app.test_client(), "disabled": sign_in("gone")}
    with app.app_context():
        disable_user(user_id, by=command_line(), at=clock.now())
        database.session.remove()
    return found


def asked(app: Flask) -> list[tuple[Address, Kind]]:
    """All addresses with a variable part, each with the kind that claims it."""
    found = sorted((one for one in addresses(app) if one.arguments), key=lambda one: one.rule)
    return [(one, kind_of(one.rule)) for one in found]


class Walk:
    """Asks cell by cell, each of the same book, and notes what is not as it should be."""

    def __init__(self, clients: dict[str, FlaskClient], book: Unspoilt) -> None:
        self.clients, self.book = clients, book
        self.tokens = {
            who: csrf_token(client, "/sign-in" if who in NOBODY else "/profile")
            for who, client in clients.items()
        }
        self.cookies = {who: dict(client._cookies) for who, client in clients.items()}
        self.before = book.hash()
        self.parts = cycle(
            (True, True, False, True, True)
        )  # pages take longest, those of refusals too
        self.cells = 0
        self.leaks: list[str] = []
        self.changed: list[str] = []
        self.opened: set[str] = set()

    def through(self, address: Address, kind: Kind, shelf: Standings, *, all_of: bool) -> None:
        """All that can be done with a kind of record at an address, by everybody: `all_of` it, or what
        is the same for whoever's record it is with one of them only."""
        for method in sorted(address.methods):
            asked = f"{method} {address.rule}"
            for who in self.clients:
                verdicts = {name: expected(kind, one, who, asked) for name, one in shelf.items()}
                for standing in verdicts if all_of else self.telling(who, verdicts):
                    what = f"{who} {asked}, {kind.name} {standing}"
                    answer = self.answer(who, method, address, shelf[standing])
                    self.look(what, verdicts[standing], answer, asked)

    def telling(self, who: str, verdicts: Mapping[str, str]) -> Iterator[str]:
        """The standings of which each tells something for somebody: who is turned away before anybody
        looks for the record, or reaches those of all, is it with any."""
        reaches_all = REACH["customers:see"].get(who) == "all"
        alike = defaultdict(list)
        for standing, should in verdicts.items():
            turned_away = should in (SIGN_IN, FORBIDDEN)
            if turned_away or (reaches_all and should == OPEN and standing in OF_SOMEBODY):
                alike[should].append(standing)
            else:
                yield standing
        for standings in alike.values():
            yield standings[self.cells % len(standings)]

    def answer(self, who: str, method: str, address: Address, one: Specimen) -> Any:
        """What somebody is answered, mostly as a part, now and then as a page."""
        client = self.clients[who]
        headers = {"X-CSRFToken": self.tokens[who]}
        if next(self.parts):
            headers["HX-Request"] = "true"
        form = FORMS.get(address.rule) if method == "POST" else None
        url = address.url(**one.at)
        with client.open(
            url, method=method, headers=headers, data=form, query_string=one.query
        ) as answer:
            client._cookies = dict(self.cookies[who])
            return answer

    def look(self, what: str, should: str, answer: Any, asked: str) -> None:
        """Whether an answer is right, and a refusal left the book alone; what was done is taken back."""
        self.cells += 1
        status = answer.status_code
        if wrong(should, answer):
            self.leaks.append(f"{what}: {status}, not {should}")
        elif should in (OPEN, AS_IT_STANDS) and status not in (400, 403, 404):
            self.opened.add(asked)
        if self.book.has_been_written_to():
            if 400 <= status < 500 and self.book.hash() != self.before:
                self.changed.append(f"{what}: {status}")
            self.book.take_back()


@FIRST_ON_POSTGRESQL
@pytest.mark.parametrize("all_of", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_nobody_reaches_what_is_not_theirs_and_what_is_refused_changes_nothing(
    app: Flask, clients: dict[str, FlaskClient], all_of: bool
):
    shelf = Collector(app, clients["manager"]).collect()
    with unspoilt(app) as book:
        walk = Walk(clients, book)
        for address, kind in asked(app):
            walk.through(address, kind, shelf[kind.name], all_of=all_of)
        assert book.hash() == walk.before
    told(
        "records",
        f"cells {walk.cells}, leaks {len(walk.leaks)}, changed after a refusal {len(walk.changed)}",
    )
    assert walk.leaks == []
    assert walk.changed == []
    assert walk.cells >= LEAST
    offered = {f"{method} {one.rule}" for one, _kind in asked(app) for method in one.methods}
    assert offered - walk.opened == set(NEVER_OPEN)


def test_an_address_that_no_kind_claims_is_found():
    with pytest.raises(NobodyClaims, match="/invoices"):
        kind_of("/invoices/<int:invoice_id>")


def test_the_roles_as_shipped_reach_as_far_as_was_agreed(inside: Flask):
    shipped = {role.key: role.grants for role in roles() if role.key in ROLES}
    assert set(shipped) == set(ROLES) - {"lead"}
    for right, reach in REACH.items():
        found = {who: grants[right] for who, grants in shipped.items() if grants.get(right)}
        assert found == {who: far for who, far in reach.items() if who != "lead"}, right


def test_what_is_written_is_seen_and_taken_back(app: Flask):
    with unspoilt(app) as book:
        before = book.hash()
        assert not book.has_been_written_to()
        with app.app_context():
            names = {"kind": "company", "name": "Calder Ltd"}
            create_customer(CustomerDraft(values=names), by=command_line(), at=clock.now())
            database.session.remove()
        assert book.has_been_written_to()
        assert book.hash() != before
        book.take_back()
        assert not book.has_been_written_to()
        assert book.hash() == before
