"""Books to take away, and files that are read as our own import reads them."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import force_locale

from crmlite import clock
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.access.sensitive import forget_viewings
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.lists import Asked
from crmlite.customers.operations import create_customer, create_tag
from crmlite.customers.queries import dimension_id
from crmlite.exports import book
from crmlite.exports.making import made
from crmlite.exports.wanted import Wanted
from crmlite.followups.operations import InteractionDraft, TaskDraft, log_interaction
from crmlite.imports.opening import guessed
from crmlite.imports.reading import Incoming, RowReader
from crmlite.imports.sources.looking import look, rows
from crmlite.imports.vocabulary import vocabulary
from crmlite.rules.values import Reading
from crmlite.testing import person_id
from crmlite.work.actors import command_line

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 6, 15)
COMPANY: dict[str, Any] = {
    "kind": "company", "name": "苏州云杉精密机械有限公司", "lifecycle": "interested",
    "stage": "proposal", "tier": "core", "source": "exhibition",
    "first_contact_on": DAY, "industry": "C35", "size": "under-500", "founded_on": date(1998, 5, 1),
    "capital": 5_000_000, "business": "轴承\n=齿轮", "region": "苏州", "address": "星湖街 7 号",
    "website": "https://yunshan.example", "signed_amount": 66_123_456, "annual_amount": 128_600_000,
    "cooperation_on": date(2023, 1, 1), "contract_ends_on": date(2027, 1, 1),
}  # fmt: skip
CLAIRE: dict[str, Any] = {
    "name": "Claire Harlow", "title": "采购总监", "role": "decides", "mobile": "13800000001",
    "phone": "020-88000004-801", "email": "claire@yunshan.example", "im": "claire_h",
    "channel": "wechat", "birthday": date(1980, 2, 29), "birthday_lunar": True,
    "no_marketing": True, "note": "+likes tea",
}  # fmt: skip
NEED: dict[str, Any] = {
    "goal": "A second line", "core_need": "capacity", "product": "@home", "pain": "－慢",
    "expectations": "June", "urgency": "high", "budget": "over-500k", "decision": "the board",
    "status": "open",
}  # fmt: skip
SAID = "客户对方案A交付周期有疑问\n=1+1"


def add(
    values: dict[str, Any] | None = None,
    *,
    owner: str | None = "sales",
    contacts: Sequence[dict[str, Any]] = (CLAIRE,),
    said: str = "",
    step: TaskDraft | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A customer with what is said about it; as `create_customer` answers it."""
    whole = {**(COMPANY if values is None else values)}
    whole["owner_id"] = person_id(owner) if owner else None
    draft = CustomerDraft(values=whole, contacts=list(contacts), **more)
    by, at = command_line(), clock.now()
    answer = dict(create_customer(draft, by=by, at=at))
    if said:
        talk = InteractionDraft(
            customer_id=answer["id"],
            kind="phone",
            content=said,
            occurred_at=datetime(2026, 6, 14, 9, tzinfo=SHANGHAI),
            done_by_id=person_id("sales"),
            next_step=step,
        )
        log_interaction(talk, by=by, at=at)
    return answer


def add_whole(**more: Any) -> dict[str, Any]:
    """A customer with something in every field."""
    at = clock.now()
    tag = create_tag(
        dimension_id("free"), "vip", {"en": "VIP", "zh": "贵宾"}, by=command_line(), at=at
    )
    return add(
        needs=[NEED],
        remarks=[
            {"text": "需补充行业案例", "is_risk": False},
            {"text": "-5 % asked", "is_risk": True},
        ],
        tags=[tag],
        said=SAID,
        step=TaskDraft(what="2026-06-20电话确认", due_on=date(2026, 6, 20)),
        **more,
    )


def exported(
    layout: str = "all",
    kind: str = "csv",
    lang: str = "en",
    *,
    reader: Reader | None = None,
    asked: Asked | None = None,
    archived: bool = False,
) -> bytes:
    """The file that somebody gets, who may be nobody but the console."""
    wanted = Wanted(
        asked=asked or Asked(),
        reader=reader or everything(),
        layout=layout,
        format=kind,
        archived=archived,
    )
    with force_locale({"en": "en_GB", "zh": "zh"}[lang]):
        for known in ("language", "sayings", "texts"):
            g.pop(known, None)
        ids = book.ids_of(wanted, DAY)
        return b"".join(made(wanted, ids, clock.now(), forget_viewings))


def cells(file: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by their headings, as they stand there."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def read_back(file: bytes, folder: Path) -> list[Incoming]:
    """The rows of a file as our own import reads them."""
    folder.mkdir(exist_ok=True)

    def opened() -> io.BytesIO:
        return io.BytesIO(file)

    layout = look(opened, folder)
    lines = rows(opened, layout, folder)
    named = next(lines).cells
    reader = RowReader(guessed(named), vocabulary(Reading(today=DAY, zone=SHANGHAI)))
    return [reader.read(row.number, row.cells) for row in lines]
