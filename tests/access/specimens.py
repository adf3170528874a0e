"""One of each kind of record for each way in which somebody may stand to it, and where it is addressed.

Whose a record is and whether it is still there is said here; test_objects.py concludes from that who
may do what with it.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from crmlite import clock
from crmlite.accounts.models import Role, Session, Team
from crmlite.accounts.operations import NewUser, create_user
from crmlite.accounts.passwords import hashed
from crmlite.agenda.operations import make_feed
from crmlite.backups.places import file_name
from crmlite.calendars.models import WorkingCalendar
from crmlite.cases.models import CannedReply, CaseTarget, CaseTask
from crmlite.cases.operations import CaseDraft, add_improvement, ask, join, link, open_case
from crmlite.cases.operations.policies import save_reply
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.models import Contact, Need, Remark, Tag
from crmlite.customers.operations import (
    archive_customer,
    create_customer,
    create_dimension,
    delete_contact,
    delete_customer,
    update_customer,
)
from crmlite.extensions import database
from crmlite.fields.drafts import FieldDraft
from crmlite.fields.operations import add_field
from crmlite.files.models import Attachment
from crmlite.followups.operations import (
    InteractionDraft,
    TaskDraft,
    add_task,
    log_interaction,
    start_contact,
)
from crmlite.handover.operations import hand_over
from crmlite.imports.operations.runs import start as start_import
from crmlite.jobs.models import PARKED, Job
from crmlite.jobs.operations import request_run
from crmlite.metrics.definitions import METRICS
from crmlite.notifications import Notice
from crmlite.notifications.models import Notification
from crmlite.notifications.operations import notify
from crmlite.rules.conditions import where
from crmlite.rules.handover import EVENLY
from crmlite.sales.models import OrderLine
from crmlite.sales.operations import (
    LineDraft,
    OrderDraft,
    ReturnDraft,
    add_order,
    add_product,
    add_return,
)
from crmlite.saved_views.operations import save_view
from crmlite.segments.operations import SegmentChange, create_segment
from crmlite.strategies.models import Strategy
from crmlite.testing import PASSWORD, person_id
from crmlite.work import Actor
from crmlite.work.actors import command_line
from crmlite.work.ledger import ChangeRow, OperationRow
from tests.access.kinds import ARCHIVED, GONE, KINDS, Specimen
from tests.customers.records import press
from tests.files.sending import NOTE, attach
from tests.imports.bringing import begun, finished, text
from tests.objects.trade import added, bring, switch

Shelf = dict[str, dict[str, Specimen]]
Put = Callable[..., None]
EVERYBODY = ("sales", "sales2", "support", "manager")
OWNERS = {
    "own": "sales",
    "team's": "sales2",
    "another's": "support",
    "nobody's": None,
    "archived": "sales",
    "deleted": "sales",
    "taken off": "sales",
}
VIEWS = {
    "saved view": "customers",
    "saved view of cases": "cases",
    "saved view of orders": "orders",
}
NOWHERE = 999_999
ENDS = {"archived": ARCHIVED, "deleted": GONE}
DELETIONS = {
    "contact": "/customers/{number}/contacts/{contact_id}/deletion",
    "need": "/customers/{number}/needs/{need_id}/deletion",
    "remark": "/customers/{number}/remarks/{remark_id}/deletion",
    "interaction": "/customers/{number}/interactions/{interaction_id}/deletion",
    "file": "/files/{attachment_id}/deletion",
    "record of a pack": "/records/{object_id}/deletion",
    "return": "/orders/{number}/returns/{return_number}/deletion",
    "order": "/orders/{number}/deletion",
    "task of a case": "/cases/{number}/tasks/{task_id}/drop",
    "link of a case": "/cases/{number}/links/{other}/removal",
    "member of a case": "/cases/{number}/team/{user_id}/departure",
    "case": "/cases/{number}/deletion",
}
CHILDREN = {
    "contact": "contact_id",
    "need": "need_id",
    "remark": "remark_id",
    "interaction": "interaction_id",
    "return": "return_number",
    "task of a case": "task_id",
}


class Collector:
    """Makes the specimens; `shelf` holds them by kind and standing."""

    def __init__(self, app: Flask, manager: FlaskClient) -> None:
        self.app, self.manager = app, manager
        self.shelf: Shelf = {kind.name: {} for kind in KINDS}

    def put(self, kind: str, standing: str, at: Mapping[str, Any], **more: Any) -> None:
        """Keep a specimen."""
        assert standing not in self.shelf[kind], f"two of {kind} {standing}"
        self.shelf[kind][standing] = Specimen(at=at, **more)

    def collect(self) -> Shelf:
        """All of them."""
        bring(self.app)
        bring(self.app, name="former")
        switch(self.app, "former", on=False)
        ids = {}
        for standing, owner in OWNERS.items():
            with self.app.app_context():
                ids[standing] = self._on_customer(standing, owner)
                database.session.remove()
            self._attach(standing, owner, ids[standing])
        self._take_off()
        self._misplace()
        with self.app.app_context():
            self._joined(ids["nobody's"])
            for login in EVERYBODY:
                self._of_person(login)
            self._of_firm(ids["own"])
            archive_customer(ids["archived"], by=command_line(), at=clock.now())
            delete_customer(ids["deleted"], by=command_line(), at=clock.now())
            database.session.remove()
        for standing, state in ENDS.items():
            self._mark(standing, state)
        bin_of_sales = {"kind": "customer", "record_id": ids["deleted"]}
        self.put("what was deleted", "own customer", bin_of_sales, whose=("sales",))
        for kind, standings in self.shelf.items():
            names = next(iter(standings.values())).at
            self.put(kind, "nowhere", dict.fromkeys(names, NOWHERE), state=GONE)
        return self.shelf

    def _on_customer(self, standing: str, owner: str | None) -> int:
        """A customer with something of every kind."""
        at, whose = clock.now(), (owner,)
        owner_id = person_id(owner) if owner else None
        by = Actor("person", owner or "manager", person_id(owner or "manager"))
        lifecycle = "dormant" if standing == "archived" else "active"
        values = {"kind": "company", "name": f"{standing} Ltd", "lifecycle": lifecycle}
        draft = CustomerDraft(
            values=values | {"owner_id": owner_id},
            contacts=[{"name": "Ada"}, {"name": "Ben"}, {"name": "Cid"}],
            needs=[{"goal": "A quiet line"}],
            remarks=[{"text": "Pays late", "is_risk": True}],
        )
        made = create_customer(draft, by=by, at=at)
        customer_id, number = int(made["id"]), {"number": str(made["number"])}

        def put(kind: str, names: Mapping[str, Any], **more: Any) -> None:
            self.put(kind, standing, names, **{"whose": whose, **more})

        put("customer", number | {"field": "region", "name": "orders"})
        deleted = _last(Contact, customer_id)
        delete_contact(deleted, by=by, at=at)
        put("what was deleted", {"kind": "contact", "record_id": deleted})
        put("contact", number | {"contact_id": deleted - 1})
        put("need", number | {"need_id": _last(Need, customer_id)})
        put("remark", number | {"remark_id": _last(Remark, customer_id)})
        talk = InteractionDraft(
            customer_id=customer_id, kind="phone", content="Talked.", occurred_at=at
        )
        put("interaction", number | {"interaction_id": log_interaction(talk, by=by, at=at)["id"]})
        task = add_task(customer_id, TaskDraft(what="Call", due_on=at.date()), by=by, at=at)
        put("task", {"task_id": task["id"]})
        start = start_contact(customer_id, "visit", by=by, at=at)
        put("start", {"start_id": start["id"]})
        _sold(put, customer_id, by)
        _complained(put, customer_id, owner)
        named = {"name": "trade__coupon"}
        put("new record of a pack", named, query={"customer": number["number"]})
        put("record of a pack", {"object_id": added("coupon", customer_id, code="A1")["id"]})
        operation = update_customer(customer_id, {"region": "Leeds"}, by=by, at=at)
        put("change", {"change_id": _change_of(operation)})
        done = {"operation_id": operation}
        put("operation", done, whose=(by.name,), opened_by="history:undo", owner=owner)
        return customer_id

    def _attach(self, standing: str, owner: str | None, customer_id: int) -> None:
        """Files, which come with a page."""
        answer = attach(self.manager, f"customer/{customer_id}", NOTE, key=f"file {standing}")
        assert answer.status_code == 303
        with self.app.app_context():
            file_id = _last(Attachment, customer_id)
            database.session.remove()
        self.put("file", standing, {"attachment_id": file_id}, whose=(owner,))
        at = {"kind": "customer", "record_id": customer_id}
        self.put("files of a record", standing, at, whose=(owner,))

    def _take_off(self) -> None:
        """Move what hangs on one of the customers to the recycle bin, through the pages."""
        for kind, place in DELETIONS.items():
            found = self.shelf[kind]["taken off"]
            answer = press(self.manager, place.format(**found.at))
            assert answer.status_code == 303, f"{kind}: {answer.status_code}"
            self.shelf[kind]["taken off"] = replace(found, state=GONE)
        for kind in set(self.shelf) - set(DELETIONS):
            self.shelf[kind].pop("taken off", None)  # like what is their own

    def _misplace(self) -> None:
        """What hangs on something of another, addressed as if it hung on something of one's own."""
        for kind, name in CHILDREN.items():
            mine, other = self.shelf[kind]["own"], self.shelf[kind]["another's"]
            at = {**mine.at, name: other.at[name]}
            self.put(kind, "misplaced", at, whose=mine.whose, state=GONE)
        mine, other = self.shelf["link of a case"]["own"], self.shelf["case"]["another's"]
        at = {**mine.at, "other": other.at["number"]}
        self.put("link of a case", "misplaced", at, whose=other.whose)

    def _mark(self, standing: str, state: str) -> None:
        """Say of all that hangs on a customer that it went with them."""
        for kind in KINDS:
            kinds = self.shelf[kind.name]
            if standing in kinds and state not in kind.lasts:
                kinds[standing] = replace(kinds[standing], state=state)

    def _joined(self, customer_id: int) -> None:
        """A case of a customer whom sales does not see, in whose joint team they are."""
        case = _case(customer_id)
        join(case["id"], person_id("sales"), "handling", by=command_line(), at=clock.now())
        number = {"number": case["number"]}
        self.put("case", "joined", number, whose=(None, "sales"))

    def _of_person(self, login: str) -> None:
        """What is somebody's alone."""
        by, at = Actor("person", login, person_id(login)), clock.now()
        for kind, name in VIEWS.items():
            shared = login == "manager"
            view = save_view(name, f"Of {login}", {"where": None}, shared=shared, by=by, at=at)
            opened_by = "views:share" if shared else ""
            self.put(kind, login, {"view_id": view}, whose=(login,), opened_by=opened_by)
        case = {"case": 1, "number": "K0001"}
        notice = Notice(by.user_id, "case-task", case, f"of {login}")
        notify([notice], by=command_line(), at=at)
        table = Notification.__table__
        wanted = select(table.c.id).where(table.c.key == notice.key)
        told = {"notification_id": database.session.execute(wanted).scalar_one()}
        self.put("notification", login, told, whose=(login,))
        sessions = Session.__table__
        wanted = select(sessions.c.id).where(sessions.c.user_id == by.user_id)
        first = database.session.execute(wanted.order_by(sessions.c.id)).scalars().first()
        self.put("session", login, {"session_id": first}, whose=(login,))
        run = begun(text("Customer,Mobile", "Calder Ltd,13800000001"), by=by)
        self.put("import", login, {"import_id": run}, whose=(login,))
        if login == "manager":
            done = begun(text("Customer,Mobile", "Harrow Ltd,13800000002"), by=by)
            start_import(done, by=by, at=at)
            finished(done)
            self.put("import", "done", {"import_id": done}, whose=(login,))

    def _of_firm(self, customer_id: int) -> None:
        """What is the firm's."""
        by, at = Actor("person", "manager", person_id("manager")), clock.now()
        case = _case(customer_id)
        values = {"title": "Check", "owner_id": by.user_id}
        improvement = {
            "improvement_id": add_improvement(values, case_id=case["id"], by=by, at=at)["id"]
        }
        secret = secrets.token_urlsafe(32)
        make_feed(person_id("sales"), secret, by=by, at=at)
        product = add_product({"name": "Pump", "price": 100, "unit": "piece"}, by=by, at=at)["id"]
        field = add_field("customer", "text", FieldDraft(label={"en": "Own"}), by=by, at=at)["id"]
        reply = {"title": {"en": "Thanks"}, "body": {"en": "Thank you."}}
        save_reply(reply, by=by, at=at)
        dimension = create_dimension({"en": "Own"}, exclusive=False, by=by, at=at)
        companies = SegmentChange(label={"en": "Companies"}, tree=where("kind", "is", "company"))
        person, handover = self._leaver(by)
        job = request_run("tidy-jobs", by=by, at=at)
        jobs = Job.__table__
        database.session.execute(update(jobs).where(jobs.c.id == job).values(state=PARKED))
        database.session.commit()
        backup = self.app.extensions["crmlite.config"].backups_folder / file_name(at)
        backup.parent.mkdir(exist_ok=True)
        backup.write_bytes(b"sealed")
        there: Mapping[str, Mapping[str, Any]] = {
            "feed": {"secret": secret},
            "improvement": improvement,
            "case of an improvement": improvement | {"number": case["number"]},
            "product": {"product_id": product},
            "strategy": {"strategy_id": _first(Strategy)},
            "proposals of tiers": {"what": "acceptance"},
            "pack": {"name": "trade"},
            "settings of a pack": {"owner": "trade"},
            "list of records": {"name": "trade__coupon"},
            "calendar": {"calendar_id": _first(WorkingCalendar)},
            "job": {"job_id": job},
            "kind of jobs": {"kind": "tidy-jobs"},
            "entry of the ledger": {"operation_id": _first(OperationRow)},
            "field": {"field_id": field},
            "fields of a kind": {"kind": "customer"},
            "list": {"name": "stage"},
            "choice of a list": {"name": "stage", "key": "discovery"},
            "person": {"user_id": person},
            "role": {"role_id": _first(Role)},
            "segment": {"segment_id": create_segment(companies, by=by, at=at)},
            "tag": {"tag_id": _first(Tag)},
            "dimension of tags": {"dimension_id": dimension},
            "team": {"team_id": _first(Team)},
            "deadline": {"target_id": _first(CaseTarget)},
            "level": {"level": "severe"},
            "canned reply": {"reply_id": _first(CannedReply)},
            "terms of a tier": {"tier": "core"},
            "hand-over": {"handover_id": handover},
            "backup": {"name": backup.name},
            "record-keeping": {"name": next(iter(METRICS))},
            "page of the help": {"name": "customers"},
            "file of the pages": {"filename": "crmlite.css"},
            "change of many customers": {"what": "tag"},
            "cleaning up": {"what": "keep"},
            "tasks together": {"what": "drop"},
        }
        for kind, names in there.items():
            self.put(kind, "there", names)
        self.put("pack", "off", {"name": "former"})

    @staticmethod
    def _leaver(by: Actor) -> tuple[int, int]:
        """Somebody who handed over all that they had; their id and that of the hand-over."""
        at = clock.now()
        user = NewUser(login="leaver", name="Leaver", role="sales", password_hash=hashed(PASSWORD))
        user_id = create_user(user, by=by, at=at)
        values = {"kind": "company", "name": "Left Ltd", "owner_id": user_id}
        create_customer(CustomerDraft(values=values), by=by, at=at)
        return user_id, hand_over(user_id, [person_id("support")], EVENLY, by=by, at=at)


def _last(model: Any, customer_id: int) -> int:
    """The id of what was added last to a customer."""
    table = model.__table__
    wanted = select(func.max(table.c.id)).where(table.c.customer_id == customer_id)
    return int(database.session.execute(wanted).scalar_one())


def _first(model: Any) -> int:
    """The id of the first row of a table."""
    wanted = select(func.min(model.__table__.c.id))
    return int(database.session.execute(wanted).scalar_one())


def _change_of(operation_id: int) -> int:
    """The id of the one change of an operation."""
    table = ChangeRow.__table__
    wanted = select(table.c.id).where(table.c.operation_id == operation_id)
    return int(database.session.execute(wanted).scalar_one())


def _case(customer_id: int) -> Any:
    """A complaint of a customer."""
    at = clock.now()
    values = {"kind": "complaint", "subject": "Noise", "channel": "phone", "opened_at": at}
    return open_case(CaseDraft(customer=customer_id, values=values), by=command_line(), at=at)


def _sold(put: Put, customer_id: int, by: Actor) -> None:
    """An order, part of which came back."""
    at = clock.now()
    values = {"ordered_on": at.date(), "status": "delivered", "seller_id": by.user_id}
    lines = [LineDraft(name="Pump", quantity=2000, price=500)]
    draft = OrderDraft(customer_id=customer_id, values=values, lines=lines)
    order = add_order(draft, by=by, at=at)
    table = OrderLine.__table__
    wanted = select(table.c.id).where(table.c.order_id == order["id"])
    back = ReturnDraft(
        quantities={database.session.execute(wanted).scalar_one(): 1000}, returned_on=at.date()
    )
    number = {"number": order["number"]}
    put("order", number)
    returned = add_return(order["id"], back, by=by, at=at)
    put("return", number | {"return_number": returned["number"]})


def _complained(put: Put, customer_id: int, owner: str | None) -> None:
    """A case that is linked with another, with a task for somebody of its joint team."""
    one, other, helper = _case(customer_id), _case(customer_id), person_id("support")
    by, at = command_line(), clock.now()
    link(one["id"], other["id"], by=by, at=at)
    join(one["id"], helper, "handling", by=by, at=at)
    ask(one["id"], "Look", helper, at + timedelta(days=1), by=by, at=at)
    table = CaseTask.__table__
    wanted = select(func.max(table.c.task_id)).where(table.c.case_id == one["id"])
    number, whose = {"number": one["number"]}, (owner, "support")
    task = {"task_id": database.session.execute(wanted).scalar_one()}
    put("task of a case", number | task, whose=whose)
    put("link of a case", number | {"other": other["number"]}, whose=whose)
    put("member of a case", number | {"user_id": helper}, whose=whose)
    put("case", number, whose=whose)
