"""The kinds of records that addresses name, and what opens them beside the right of the address.

A kind claims all addresses that begin with its own; of several the longest does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

THERE, ARCHIVED, GONE = "there", "archived", "gone"


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A record: the variable parts of its address, the people whose it is, and whether it is there.
    `opened_by` is a right that opens what is personal for others too, `owner` whose customer it is about
    where that is somebody else's; `query` is what stands behind the address."""

    at: Mapping[str, Any]
    whose: Collection[str | None] = ()
    owner: str | None = None
    state: str = THERE
    opened_by: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record. `sees` are the rights without whose reach it is out of sight; `edits` one that
    changes take besides that of their address. What is `personal` no right opens to others, what is the
    `firm`'s every right opens as such. `lasts` says what of its customer's ends leaves it as it was."""

    name: str
    places: tuple[str, ...]
    sees: tuple[str, ...] = ()
    edits: str = ""
    personal: bool = False
    firm: bool = False
    lasts: Collection[str] = ()


def firms(name: str, *places: str) -> Kind:
    """A kind of what is the firm's: the right alone decides."""
    return Kind(name=name, places=places, firm=True)


CUSTOMER, CASE, ORDER = "/customers/<number>", "/cases/<number>", "/orders/<number>"
SEE = ("customers:see",)
KINDS = (
    Kind(name="customer", places=(CUSTOMER,), sees=SEE),
    Kind(name="contact", places=(f"{CUSTOMER}/contacts/<int:contact_id>",), sees=SEE),
    Kind(name="need", places=(f"{CUSTOMER}/needs/<int:need_id>",), sees=SEE),
    Kind(name="remark", places=(f"{CUSTOMER}/remarks/<int:remark_id>",), sees=SEE),
    Kind(
        name="interaction",
        places=(f"{CUSTOMER}/interactions/<int:interaction_id>",),
        sees=(*SEE, "interactions:see"),
    ),
    Kind(
        name="task",
        places=("/steps/<int:task_id>", "/calendar/sweep/tasks/<int:task_id>"),
        sees=SEE,
    ),
    Kind(name="start", places=("/starts/<int:start_id>",), sees=SEE),
    Kind(name="case", places=(CASE,), sees=("cases:see",), lasts=(ARCHIVED,)),
    Kind(
        name="task of a case",
        places=(f"{CASE}/tasks/<int:task_id>",),
        sees=("cases:see",),
        lasts=(ARCHIVED,),
    ),
    Kind(
        name="link of a case",
        places=(f"{CASE}/links/<other>",),
        sees=("cases:see",),
        lasts=(ARCHIVED,),
    ),
    Kind(
        name="member of a case",
        places=(f"{CASE}/team/<int:user_id>",),
        sees=("cases:see",),
        lasts=(ARCHIVED,),
    ),
    Kind(name="order", places=(ORDER,), sees=(*SEE, "orders:see")),
    Kind(name="return", places=(f"{ORDER}/returns/<return_number>",), sees=(*SEE, "orders:see")),
    Kind(
        name="record of a pack",
        places=("/records/<int:object_id>",),
        sees=SEE,
        edits="customers:edit",
    ),
    Kind(
        name="new record of a pack",
        places=("/records/<name>/new",),
        sees=SEE,
        edits="customers:edit",
    ),
    Kind(
        name="file",
        places=("/files/<int:attachment_id>",),
        sees=(*SEE, "attachments:see"),
        edits="attachments:edit",
    ),
    Kind(
        name="files of a record",
        places=("/files/of/<kind>/<int:record_id>",),
        sees=(*SEE, "attachments:see"),
        edits="attachments:edit",
    ),
    Kind(name="change", places=("/history/<int:change_id>",), sees=SEE, edits="customers:edit"),
    Kind(
        name="operation",
        places=("/operations/<int:operation_id>",),
        sees=(*SEE, "customers:edit"),
        personal=True,
        lasts=(ARCHIVED, GONE),
    ),
    Kind(
        name="what was deleted",
        places=("/trash/<kind>/<int:record_id>",),
        sees=SEE,
        edits="customers:edit",
    ),
    Kind(name="saved view", places=("/customers/views/<int:view_id>",), personal=True),
    Kind(name="saved view of cases", places=("/complaints/views/<int:view_id>",), personal=True),
    Kind(name="saved view of orders", places=("/orders/views/<int:view_id>",), personal=True),
    Kind(name="notification", places=("/notifications/<int:notification_id>",), personal=True),
    Kind(name="session", places=("/profile/sessions/<int:session_id>",), personal=True),
    Kind(name="import", places=("/imports/<int:import_id>",), personal=True),
    firms("feed", "/calendar/feeds/<secret>.ics"),
    firms("improvement", "/improvements/<int:improvement_id>"),
    firms("case of an improvement", "/improvements/<int:improvement_id>/cases/<number>"),
    firms("product", "/products/<int:product_id>"),
    firms("strategy", "/strategies/<int:strategy_id>"),
    firms("proposals of tiers", "/strategies/tiers/<what>"),
    firms("pack", "/packs/<name>"),
    firms("settings of a pack", "/packs/<owner>"),
    firms("list of records", "/records/<name>"),
    firms("calendar", "/settings/calendars/<int:calendar_id>"),
    firms("job", "/settings/jobs/<int:job_id>"),
    firms("kind of jobs", "/settings/jobs/<kind>"),
    firms("entry of the ledger", "/settings/ledger/<int:operation_id>"),
    firms("field", "/settings/fields/<int:field_id>"),
    firms("fields of a kind", "/settings/fields/<kind>"),
    firms("list", "/settings/lists/<name>"),
    firms("choice of a list", "/settings/lists/<name>/<key>"),
    firms("person", "/settings/people/<int:user_id>"),
    firms("role", "/settings/roles/<int:role_id>"),
    firms("segment", "/settings/segments/<int:segment_id>"),
    firms("tag", "/settings/tags/<int:tag_id>"),
    firms("dimension of tags", "/settings/tags/dimensions/<int:dimension_id>"),
    firms("team", "/settings/teams/<int:team_id>"),
    firms("deadline", "/settings/deadlines/<int:target_id>"),
    firms("level", "/settings/deadlines/levels/<level>"),
    firms("canned reply", "/settings/replies/<int:reply_id>"),
    firms("terms of a tier", "/settings/dormancy/<tier>"),
    firms("hand-over", "/settings/handovers/<int:handover_id>"),
    firms("backup", "/settings/backups/<name>"),
    firms("record-keeping", "/reports/record-keeping/<name>"),
    firms("page of the help", "/help/<name>"),
    firms("file of the pages", "/static/<path:filename>"),
    firms("change of many customers", "/customers/bulk/<what>"),
    firms("cleaning up", "/dormancy/cleanup/<what>"),
    firms("tasks together", "/today/older/<what>", "/today/together/<what>"),
)


class NobodyClaims(LookupError):
    """An address with a variable part that no kind claims."""


def kind_of(rule: str) -> Kind:
    """The kind that claims an address."""
    claims = [
        (len(place), kind)
        for kind in KINDS
        for place in kind.places
        if rule == place or rule.startswith((f"{place}/", f"{place}."))
    ]
    if not claims:
        raise NobodyClaims(rule)
    return max(claims, key=lambda claim: claim[0])[1]


FORMS: Mapping[str, Mapping[str, str]] = {
    "/customers/<number>/stage": {"stage": "proposal"},
    "/history/<int:change_id>/restoration": {"field": "region"},
    "/orders/<number>/state": {"status": "cancelled"},
    "/packs/<name>/state": {"to": "up"},
    "/settings/calendars/<int:calendar_id>/days/removal": {
        "first": "2026-11-02",
        "last": "2026-11-02",
    },
    "/settings/fields/<int:field_id>/place": {"place": "up"},
    "/settings/lists/<name>/<key>/place": {"place": "up"},
}
"""What forms must hold to be looked at beyond the address."""

BY_STATE = {
    "GET /imports/<int:import_id>/left-over.csv": "while it was not brought in, nothing is left over",
    "GET /packs/<name>/removal": "while it is on it cannot go",
    "POST /packs/<name>/removal": "while it is on it cannot go",
    "POST /packs/<name>/left.json": "while it is on it cannot go",
}
"""What even those who may are refused as things stand, and why; of each another record is open."""

NEVER_OPEN = {
    "GET /packs/<owner>/settings": "the pack has no settings",
    "POST /packs/<owner>/settings": "the pack has no settings",
}
"""Addresses for which there is no record here that could be reached; tests of their own open them."""
