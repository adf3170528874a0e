"""The floor of an import: a sheet written into a copy of a book by raw sqlite3, the same rows.

    python -m bench.raw_import INSTANCE SHEET

Cells are taken as they stand, nobody is asked whether a customer is known, and nothing can be wrong.
What a row costs whoever writes it is in it: the cipher, the keyed hashes, the tokens of the search,
the line in the ledger, the facts. Prints the rows per second.
"""

import csv
import json
import secrets
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from crmlite.customers.following import EMPTY
from crmlite.customers.naming import named
from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import keyed_hash, seal
from crmlite.search.rendering import fts5_text
from crmlite.search.tokens import Tokens, hash_tokens, joined, number_tokens

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

BATCH = 200
NOW = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
CUSTOMER = (
    "id uid number kind name name_sort name_key state lifecycle stage industry currency "
    "signed_amount cooperation_on first_contact_on birthday_lunar created_at updated_at version"
).split()
CONTACT = (
    "id uid customer_id state is_primary is_self name name_sort title mobile email no_marketing "
    "birthday_lunar created_at updated_at version"
).split()
TALK = (
    "id customer_id state kind direction occurred_at recorded_at done_by_name content answered "
    "quotation_sent imported created_at updated_at version"
).split()
TASK = ("id customer_id state kind status what due_on created_at updated_at version").split()
REMARK = "id uid customer_id state is_risk text created_at updated_at version".split()
DUE = {"rules_due": True, "plan_due": True, "confirm_due": False}
FACTS = [
    *"customer_id last_contact_at last_contact_kind last_contact_said next_step_on next_step".split(),
    *EMPTY,
    *DUE,
]
KEY = "contact_id customer_id purpose hash".split()
CHANGE = "operation_id record_type record_id root_type root_id verb diff".split()
DOC = "record_type record_id title body scope".split()
ROW = "import_id number fate customer_id".split()
SILENT = {"id", "uid", "customer_id", "name_sort", "name_key", "created_at", "updated_at",
          "version", "recorded_at", "imported"}  # fmt: skip


def main(instance: Path, sheet: Path) -> float:
    """Write the sheet; answers the rows per second."""
    ring = KeyRing.load(instance / "keys.json")
    book = sqlite3.connect(instance / "crmlite.db", isolation_level=None)
    book.execute("PRAGMA synchronous=FULL")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        began, count = time.perf_counter(), 0
        while rows := list(islice(reader, BATCH)):
            write(book, ring, rows)
            count += len(rows)
        return count / (time.perf_counter() - began)


def write(book: Any, ring: KeyRing, rows: list[list[str]]) -> None:
    """One batch, one transaction."""
    book.execute("BEGIN IMMEDIATE")
    first = {
        table: book.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]
        for table in ("customer", "contact", "interaction", "task", "remark")
    }
    actor = book.execute("SELECT min(id) FROM actor").fetchone()[0]
    operation = book.execute(
        "INSERT INTO operation (name, actor_id, at, source) VALUES ('customers_imported', ?, ?, 'import')",
        (actor, NOW),
    ).lastrowid
    kept: dict[str, list[tuple[Any, ...]]] = {
        name: [] for name in ("customer", "contact", "interaction", "task", "remark",
                              "customer_facts", "contact_key", "change", "search_doc")
    }  # fmt: skip
    for place, cells in enumerate(rows):
        add(kept, ring, cells, operation, {name: number + place for name, number in first.items()})
    for table, names in (
        ("customer", CUSTOMER), ("contact", CONTACT), ("interaction", TALK), ("task", TASK),
        ("remark", REMARK), ("customer_facts", FACTS), ("contact_key", KEY), ("change", CHANGE),
        ("search_doc", DOC),
    ):  # fmt: skip
        marks = ",".join("?" * len(names))
        book.executemany(f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})", kept[table])
    book.execute("COMMIT")


def add(
    kept: dict[str, list[tuple[Any, ...]]],
    ring: KeyRing,
    cells: list[str],
    operation: int,
    ids: dict[str, int],
) -> None:
    """What is written of one row."""
    _, name, person, title, phone, mail, industry, kind, stage, amount, since, *follow_up = cells
    on, said, by, plan, note = follow_up or [""] * 5
    customer, whole = ids["customer"], named(name, kind="company", contacts=[person], region=None)
    uid, contact_uid, remark_uid = (secrets.token_urlsafe(12) for _ in range(3))
    number, at = f"R{customer:07d}", f"{on.replace('/', '-')} 04:00:00.000000" if on else None
    local, _, domain = mail.partition("@")
    hashes = [
        (purpose, keyed_hash(ring, purpose, form))
        for purpose, form in (
            ("phone", f"+86{phone}"), ("phone-tail", phone[-4:]), ("email", mail),
            ("email-name", local), ("email-domain", domain),
        )
    ]  # fmt: skip
    found = joined([Tokens(whole.runs, tuple(whole.words.split())), number_tokens(number),
                    hash_tokens(value for _, value in hashes)])  # fmt: skip
    stamps = (NOW, NOW, 1)
    written = {
        "customer": (
            CUSTOMER,
            (customer, uid, number, "company", name, whole.name_sort, whole.name_key, "active", kind,
             stage, industry[:3], "CNY", int(amount) * 1_000_000, since, at and at[:10], 0, *stamps),
        ),
        "contact": (
            CONTACT,
            (ids["contact"], contact_uid, customer, "active", 1, 0, person, whole.contacts[0], title,
             seal(ring, phone, ("contact", "mobile", contact_uid)),
             seal(ring, mail, ("contact", "email", contact_uid)), 0, 0, *stamps),
        ),
        "interaction": (
            TALK,
            (ids["interaction"], customer, "active", "other", "out", at, NOW, by, said, 1, 0, 1, *stamps),
        ),
        "task": (
            TASK,
            (ids["task"], customer, "active", "next-step", "open", plan, plan[:10], *stamps),
        ),
        "remark": (
            REMARK,
            (ids["remark"], remark_uid, customer, "active", 0,
             seal(ring, note, ("remark", "text", remark_uid)), *stamps),
        ),
    }  # fmt: skip
    if not follow_up:
        written = {table: written[table] for table in ("customer", "contact")}
    for table, (names, values) in written.items():
        kept[table].append(values)
        diff = {
            column: [None, value]
            for column, value in zip(names, values, strict=True)
            if column not in SILENT and value is not None
        }
        kept["change"].append(
            (operation, table, ids[table], "customer", customer, "create", json.dumps(diff))
        )
    counted = EMPTY | {"interactions": bool(on), "contacts": 1} | DUE
    known = (customer, at, on and "other", said[:200], plan[:10], plan)
    kept["customer_facts"].append((*known, *counted.values()))
    kept["contact_key"] += [(ids["contact"], customer, *pair) for pair in hashes]
    kept["search_doc"].append(
        ("customer", customer, name[:200], fts5_text(found), "~customer ~customer.noowner")
    )


if __name__ == "__main__":
    print(f"{main(Path(sys.argv[1]), Path(sys.argv[2])):.0f}")
