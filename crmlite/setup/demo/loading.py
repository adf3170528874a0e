"""Puts the demo firm into an empty book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmlite.accounts.models import Team, User
from crmlite.accounts.operations import NewUser, create_user
from crmlite.accounts.operations.membership import put_into_teams
from crmlite.accounts.roster import forget_roster
from crmlite.customers.choices import settable
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.following import refresh_all
from crmlite.customers.models import Contact, Customer, Dimension, Tag
from crmlite.customers.operations import create_customer, create_tag
from crmlite.extensions import database
from crmlite.followups.models import ContactStart, Interaction, Task
from crmlite.rules.amounts import parse_amount
from crmlite.rules.repeating import Repeat
from crmlite.settings import get
from crmlite.settings.operations import change_settings
from crmlite.setup.demo.calendars import add_calendars
from crmlite.setup.demo.casework import add_cases
from crmlite.setup.demo.content import content
from crmlite.setup.demo.papers import add_papers
from crmlite.setup.demo.selling import add_sales
from crmlite.setup.demo.year import talks
from crmlite.tiers.operations import ask_for_review
from crmlite.work import Actor, Refused, operation, records
from crmlite.work.operations import move_epoch

Raw = Mapping[str, Any]
DEMO = Actor("command", "demo")
MANAGER = "manager"
MINOR = 100


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much there is."""

    customers: int
    people: int
    interactions: int


def load(password_hash: str, *, at: datetime) -> Loaded:
    """Load the demo firm; its people sign in with the password behind `password_hash`.

    Raises Refused (`book-not-empty`) when the book has customers or people of its own.
    """
    counted = load_customers(password_hash, at=at)
    add_papers(by=DEMO, at=at)
    ask_for_review(by=DEMO, at=at)
    return counted


def load_customers(password_hash: str, *, beside: int = 0, at: datetime) -> Loaded:
    """The same without the files. In a book that is empty but for the person `beside`, the firm stays
    what they have said, and they have the place of the demo's manager."""
    try:
        return Loaded(**_load(password_hash, beside, by=DEMO, at=at))
    except BaseException:
        forget_roster()  # it holds people who were taken back
        raise


@operation("demo_loaded")
def _load(password_hash: str, beside: int, *, by: Actor, at: datetime) -> dict[str, int]:
    _refuse_rows_of_others(beside)
    firm = content().firm
    if not beside:
        change_settings(
            {
                "company_name": firm["name"]["zh"],
                "country": firm["country"],
                "timezone": firm["zone"],
                "currency": firm["currency"],
            },
            by=by,
            at=at,
        )
    zone = ZoneInfo(get("timezone"))
    people = _add_people(password_hash, beside, by, at)
    move_epoch()
    forget_roster()
    tags = _add_tags(by, at)
    customers, interactions = [], 0
    for place, raw in enumerate(content().customers):
        customer_id = _add_customer(raw, people, tags, zone, by, at)
        customers.append(customer_id)
        interactions += _add_year(raw, customer_id, people, zone, place, at)
    refresh_all(customers)
    add_sales(customers, people, zone, by, at)
    add_cases(people, zone, at)
    return {"customers": len(customers), "people": len(people), "interactions": interactions}


def _refuse_rows_of_others(beside: int) -> None:
    customers, users = Customer.__table__, User.__table__
    for others in (select(customers.c.id), select(users.c.id).where(users.c.id != beside)):
        if database.session.execute(others.limit(1)).first():
            raise Refused("book-not-empty")


def _add_people(password_hash: str, beside: int, by: Actor, at: datetime) -> dict[str, int]:
    teams = dict(database.session.execute(select(Team.__table__.c.key, Team.__table__.c.id)).all())
    taken = set(database.session.execute(select(User.__table__.c.login)).scalars())
    people: dict[str, int] = {}
    for raw in content().people:
        login = raw["login"]
        team_ids = [teams[key] for key in raw["teams"] if key in teams]
        if beside and login == MANAGER:
            put_into_teams(beside, team_ids)
            people[login] = beside
            continue
        people[login] = create_user(
            NewUser(
                login=f"{login}-demo" if login in taken else login,
                name=raw["name"],
                role=raw["role"],
                title=raw.get("title", {}).get("zh", ""),
                lang=raw.get("lang", ""),
                password_hash=password_hash,
                team_ids=team_ids,
            ),
            by=by,
            at=at,
        )
    for raw in content().teams:
        if raw["key"] in teams:
            records.update(Team, teams[raw["key"]], {"lead_id": people[raw["lead"]]})
    add_calendars(teams, by=by, at=at)
    return people


def _add_tags(by: Actor, at: datetime) -> dict[str, int]:
    table = Dimension.__table__
    free = database.session.execute(select(table.c.id).where(table.c.key == "free")).scalar_one()
    labels = dict.fromkeys(tag for raw in content().customers for tag in raw.get("tags", ()))
    there = {
        label.get("zh"): tag_id
        for tag_id, label in database.session.execute(
            select(Tag.__table__.c.id, Tag.__table__.c.label)
        )
    }
    return {
        label: there.get(label)
        or create_tag(free, f"demo-{place}", {"en": label, "zh": label}, by=by, at=at)
        for place, label in enumerate(labels, 1)
    }


def _add_customer(
    raw: Raw,
    people: Mapping[str, int],
    tags: Mapping[str, int],
    zone: ZoneInfo,
    by: Actor,
    at: datetime,
) -> int:
    today = at.astimezone(zone).date()
    added = create_customer(
        CustomerDraft(
            values=_values(raw, people, today),
            contacts=_contacts(raw, today),
            needs=[_need(need, raw, today) for need in raw.get("needs", ())],
            remarks=[
                {
                    "text": note["text"],
                    "is_risk": note.get("risk", False),
                    "author_id": people[raw["owner"]],
                    "created_at": at - timedelta(days=raw["last"]["ago"] + 3),
                }
                for note in raw.get("notes", ())
            ],
            tags=[tags[tag] for tag in raw.get("tags", ())],
        ),
        by=by,
        at=at,
    )
    return int(added["id"])


def _values(raw: Raw, people: Mapping[str, int], today: date) -> dict[str, Any]:
    values = {
        "kind": raw.get("kind", "company"),
        "name": raw["name"],
        "owner_id": people[raw["owner"]],
        "lifecycle": raw["lifecycle"],
        "stage": raw["stage"],
        "tier": _tier(raw.get("tier")),
        "status": raw.get("status"),
        "lost_reason": raw.get("lost"),
        "source": raw["source"],
        "industry": raw.get("industry"),
        "size": raw.get("size"),
        "founded_on": date(raw["founded"], 1, 1) if "founded" in raw else None,
        "capital": _whole_units(raw.get("capital")),
        "business": raw.get("business"),
        "region": raw["region"],
        "address": raw.get("address"),
        "website": raw.get("website"),
        "currency": raw.get("currency", content().firm["currency"]),
        "signed_amount": _minor(raw.get("amount")),
        "annual_amount": _minor(raw.get("annual")),
        "first_contact_on": today - timedelta(days=raw["since"]),
        "cooperation_on": _days(today, -raw["started"]) if "started" in raw else None,
        "contract_ends_on": _days(today, raw["ends"]) if "ends" in raw else None,
        "gender": raw.get("gender"),
        "interests": "、".join(raw["interests"]) if "interests" in raw else None,
        "likes_colours": "、".join(raw["colours"]) if "colours" in raw else None,
    }
    return values | _birthday(raw, today)


def _tier(key: str | None) -> str | None:
    """A tier of the scheme in use: what stands highest there where it has none of this name."""
    offered = [choice.key for choice in settable("tier")]
    return key if key is None or key in offered else offered[0]


def _birthday(raw: Raw, today: date) -> dict[str, Any]:
    text = raw.get("birthday")
    if text:
        lunar = text.startswith("lunar ")
        return {
            "birthday": date.fromisoformat(text.removeprefix("lunar ")),
            "birthday_lunar": lunar,
        }
    if "birthday_in" in raw:  # soon, whenever the demo is loaded
        day = _days(today, raw["birthday_in"])
        born = raw.get("born", today.year - 35)
        return {"birthday": day.replace(year=born, day=min(day.day, 28)), "birthday_lunar": False}
    return {"birthday": None, "birthday_lunar": False}


def _contacts(raw: Raw, today: date) -> list[dict[str, Any]]:
    found = []
    if raw.get("kind") == "person":
        found.append({**_reach(raw), "name": raw["name"], "is_self": True, "is_primary": True})
    return [
        *found,
        *(
            {
                **_reach(contact),
                "name": contact["name"],
                "title": contact.get("title"),
                "role": contact.get("role"),
                "relation": contact.get("relation"),
                **_birthday(contact, today),
            }
            for contact in raw.get("contacts", ())
        ),
    ]


def _reach(raw: Raw) -> dict[str, Any]:
    return {
        "mobile": raw.get("mobile"),
        "phone": raw.get("phone"),
        "email": raw.get("email"),
        "im": raw.get("wechat"),
        "channel": raw.get("prefers"),
    }


def _need(need: Raw, raw: Raw, today: date) -> dict[str, Any]:
    status = need.get("status", "open")
    opened = _days(today, -min(raw["since"], raw["last"]["ago"] + 20))
    return {
        "goal": need["goal"],
        "core_need": need.get("core"),
        "product": need.get("product"),
        "pain": need.get("pain"),
        "expectations": need.get("expect"),
        "decision": need.get("process"),
        "urgency": need.get("urgency"),
        "budget": need.get("budget"),
        "status": status,
        "opened_on": opened,
        "created_at": datetime.combine(opened, time(11), ZoneInfo(content().firm["zone"])),
        "closed_on": _days(today, -raw["last"]["ago"]) if status in ("landed", "dropped") else None,
    }


def _add_year(
    raw: Raw, customer_id: int, people: Mapping[str, int], zone: ZoneInfo, seed: int, at: datetime
) -> int:
    owner = people[raw["owner"]]
    today = at.astimezone(zone).date()
    contacts = _contact_ids(customer_id, raw)
    found = [talk for talk in talks(raw, today, zone, seed) if talk.at <= at]
    ids = records.insert_many(
        Interaction,
        [
            {
                "customer_id": customer_id,
                "contact_id": contacts.get(talk.who),
                "state": "active",
                "kind": talk.kind,
                "direction": talk.direction,
                "occurred_at": talk.at,
                "recorded_at": min(talk.recorded_at, at),
                "minutes": talk.minutes,
                "participants": None if talk.who in contacts else talk.who,
                "done_by_id": owner,
                "recorded_by_id": owner,
                "content": talk.text,
                "feedback": talk.said,
                "answered": talk.answered_at is not None,
                "answered_at": min(talk.answered_at, at) if talk.answered_at else None,
                "result": talk.result,
            }
            for talk in found
        ],
    )
    last = ids[-1] if ids else None
    made = min(found[-1].recorded_at, at) if found else at
    planned = [
        *({**step, "as": "promise"} for step in raw.get("promises", ())),
        *(raw[name] for name in ("next", "service") if name in raw),
        *raw.get("old", ()),
    ]
    for step in planned:
        follows = "as" in step or step is raw.get("next")
        values = _task(step, today, zone) | {
            "customer_id": customer_id,
            "interaction_id": last if follows else None,
            "assignee_id": people[step.get("by", raw["owner"])],
            "planned_by_id": owner,
        }
        values["created_at"] = min(made, _moment(values["due_on"], time(9), zone))
        if "done" in step:
            done_at = min(_moment(_days(today, step["done"]), time(16, 20), zone), at)
            values |= {
                "status": "done",
                "closed_at": done_at,
                "closed_by_id": values["assignee_id"],
            }
        records.insert(Task, values)
    for begun in raw.get("begun", ()):
        records.insert(
            ContactStart,
            {
                "user_id": owner,
                "customer_id": customer_id,
                "state": "active",
                "status": "waiting",
                "kind": begun["kind"],
                "at": at - timedelta(hours=begun["hours"]),
            },
        )
    return len(ids)


def _task(step: Raw, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """The columns of a task: on which day, at what time, when to be reminded, how it comes again."""
    due_on = _days(today, step["in"])
    every = step.get("every")
    return {
        "state": "active",
        "kind": step.get("as", "next-step"),
        "status": "open",
        "what": step["what"],
        "channel": step.get("kind"),
        "due_on": due_on,
        "due_at": _moment(due_on, step["at"], zone) if "at" in step else None,
        "remind_at": _moment(due_on, step["remind"], zone) if "remind" in step else None,
        "repeat": Repeat(every["number"], every["unit"], due_on).stored() if every else None,
    }


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)


def _contact_ids(customer_id: int, raw: Raw) -> dict[str, int]:
    """Contacts by their name and by what they are called."""
    table = Contact.__table__
    found = dict(
        database.session.execute(
            select(table.c.name, table.c.id).where(table.c.customer_id == customer_id)
        ).all()
    )
    for contact in raw.get("contacts", ()):
        if "call" in contact:
            found[contact["call"]] = found[contact["name"]]
    return found


def _whole_units(text: str | None) -> int | None:
    if not text:
        return None
    read = parse_amount(text, currency="CNY")
    return read.value // MINOR if read.value is not None else None


def _minor(units: int | None) -> int | None:
    return None if units is None else units * MINOR


def _days(today: date, count: int) -> date:
    return today + timedelta(days=count)


__all__ = ["DEMO", "Loaded", "load"]
