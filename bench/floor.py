"""The floor: the list of customers from raw sqlite3 and Jinja, the same HTML tag for tag.

No session, no rights, no translation, no form of address but `/customers`: what stands around the
rows is text that was taken from crmlite's own page once. `python -m bench.floor` is not run by
hand: gunicorn imports `app` with the book's file in BENCH_BOOK and the frame in BENCH_FRAME.
"""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, g

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

ZONE = ZoneInfo("Asia/Shanghai")
SIZE, CAP = 50, 10_000
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split()
ROWS = """
SELECT c.id, c.uid, c.number, c.name, c.kind, c.owner_id, c.state, c.currency, c.version, c.tier,
       c.lifecycle, c.stage, c.annual_amount, f.last_contact_said, f.last_contact_kind,
       f.last_contact_at, f.last_contact_by_id, f.next_step, f.next_step_on, c.name_sort
FROM customer c JOIN customer_facts f ON f.customer_id = c.id
WHERE c.state = 'active' ORDER BY c.name_sort, c.id LIMIT 51
"""
COUNT = "SELECT count(*) FROM (SELECT id FROM customer WHERE state = 'active' LIMIT 10001)"
TAGS = """
SELECT t.id, t.label FROM tag t JOIN tag_dimension d ON d.id = t.dimension_id WHERE NOT t.quiet
ORDER BY d.position, d.id, t.position, t.id
"""
TAGGED = "SELECT customer_id, tag_id FROM customer_tag WHERE customer_id IN"
WORDS = {
    "lifecycle": {
        "potential": "Potential", "interested": "Interested", "active": "Active", "lost": "Lost",
        "dormant": "Dormant",
    },
    "stage": {
        "first-contact": "First contact", "discovery": "Discovery", "proposal": "Proposal",
        "negotiation": "Negotiation", "cooperating": "Cooperating", "paused": "Paused",
    },
    "tier": {
        "strategic": "Strategic", "core": "Core", "normal": "Normal", "dormant": "Dormant",
    },
}  # fmt: skip
ROW = """{% for r in rows %}  <tr role="row" data-row="{{ r.id }}"><td role="cell">\
<input class="form-check-input pick" type="checkbox" name="pick" value="{{ r.id }}" form="bulk" \
aria-label="{{ r.name }}"></td>\
<td role="cell" class="opt1">{{ r.number }}</td>\
<td role="cell" class="k1 cut"><a class="name" href="/customers/{{ r.number }}">{{ r.name }}</a></td>\
<td role="cell" class="k2">{{ r.tier }}</td>\
<td role="cell" class="opt2">{{ r.lifecycle }} <span class="muted">· {{ r.stage }}</span></td>\
<td role="cell" class="opt2">{{ r.owner }}</td>\
<td role="cell" class="opt1">{% if r.tag %}<span class="taglet">{{ r.tag }}</span>\
{% if r.more %} <span class="meta" title="{{ r.more|join(', ') }}">+{{ r.more|length }}</span>\
{% endif %}{% endif %}</td>\
<td role="cell" class="k3 cut">{% if r.last %}<span title="{{ r.last_exact }}">{{ r.last }}</span>\
 <span class="muted">{{ r.said }}</span>{% else %}<span class="muted">–</span>{% endif %}</td>\
<td role="cell" class="k4 cut">{% if r.due %}<span{% if r.state %} class="{{ r.state }}"{% endif %} \
title="{{ r.due_exact }}">{{ r.due }}</span> <span class="muted">{{ r.step }}</span>\
{% else %}<span class="muted">–</span>{% endif %}</td>\
<td role="cell" class="num opt2">{% if r.amount %}{{ r.amount }}{% else %}\
<span class="muted">–</span>{% endif %}</td>  </tr>{% endfor %}"""

app = Flask(__name__)
before, _, after = Path(os.environ.get("BENCH_FRAME", os.devnull)).read_text().partition("\0")
template = app.jinja_env.from_string(ROW)


@app.get("/customers")
def customers() -> str:
    """The first page of the list."""
    book = connection()
    people = dict(book.execute('SELECT id, name FROM "user"').fetchall())
    found = book.execute(ROWS).fetchall()
    count = book.execute(COUNT).fetchone()[0]
    ids = [row["id"] for row in found[:SIZE]]
    marks = ",".join("?" * len(ids))
    labels = {tag: json.loads(label)["en"] for tag, label in book.execute(TAGS)}
    tagged: dict[int, set[int]] = {}
    for customer_id, tag_id in book.execute(f"{TAGGED} ({marks})", ids):
        tagged.setdefault(customer_id, set()).add(tag_id)
    tags = {one: [labels[tag] for tag in labels if tag in some] for one, some in tagged.items()}
    today = datetime.now(ZONE).date()
    rows = template.render(
        rows=[_row(row, people, tags.get(row["id"], []), today) for row in found[:SIZE]]
    )
    return before + rows + after.replace("\x01", "10,000+" if count > CAP else f"{count:,}")


def connection() -> "sqlite3.Connection":
    """One connection per thread."""
    if "book" not in g:
        g.book = sqlite3.connect(os.environ["BENCH_BOOK"])
        g.book.row_factory = sqlite3.Row
    return g.book


def _row(
    row: "sqlite3.Row", people: dict[int, str], tags: list[str], today: date
) -> dict[str, object]:
    last = row["last_contact_at"]
    at = datetime.fromisoformat(last).replace(tzinfo=UTC).astimezone(ZONE) if last else None
    due = date.fromisoformat(row["next_step_on"]) if row["next_step_on"] else None
    amount = row["annual_amount"]
    who = people.get(row["last_contact_by_id"])
    by = f" · {who}" if who else ""
    tier = "dormant" if row["lifecycle"] == "dormant" else row["tier"]
    return {
        "id": row["id"],
        "number": row["number"],
        "name": row["name"],
        "tier": WORDS["tier"].get(tier, ""),
        "lifecycle": WORDS["lifecycle"][row["lifecycle"]],
        "stage": WORDS["stage"][row["stage"]],
        "tag": tags[0] if tags else "",
        "more": tags[1:],
        "owner": people.get(row["owner_id"], ""),
        "last": _ago(at.date(), today) if at else "",
        "last_exact": f"{_day(at)} {at.year}, {at:%H:%M:%S}{by}" if at else "",
        "said": row["last_contact_said"] or "",
        "due": _due(due, today) if due else "",
        "due_exact": f"{_day(due)} {due.year}" if due else "",
        "state": ("late" if due < today else "soon" if due == today else "") if due else "",
        "step": row["next_step"] or "",
        "amount": f"{amount // 100:,}" if amount is not None else "",
    }


def _due(day: date, today: date) -> str:
    late = (today - day).days
    if late > 0:
        return "1 day late" if late == 1 else f"{late} days late"
    return "today" if late == 0 else _day(day)


def _ago(day: date, today: date) -> str:
    days = (today - day) // timedelta(days=1)
    if days > 60:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if days == 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {MONTHS[day.month - 1]}"
