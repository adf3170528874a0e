"""Backups that somebody has damaged or forged, in every way that the tests of restoring know."""

import hashlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crmlite.backups.archive import KEYS, MANIFEST, MARK, PROOF, SUM
from crmlite.backups.manifest import Manifest
from crmlite.backups.writing import Writer
from crmlite.db import migrate
from crmlite.db.keyring import KeyRing


@dataclass
class Entry:
    """A member of a zip file as a forger writes it."""

    content: bytes
    mode: int = stat.S_IFREG | 0o600
    packing: int = zipfile.ZIP_DEFLATED
    flags: int = 0


@dataclass
class Forger:
    """Somebody who has a backup, and perhaps the keys of the book."""

    whole: bytes
    ring: KeyRing
    entries: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.whole)) as packed:
            self.entries = {name: Entry(packed.read(name)) for name in packed.namelist()}

    def repacked(
        self, changed: Mapping[str, Entry | bytes | None], *, doubled: str = "", honest: bool = True
    ) -> bytes:
        """The backup with some members exchanged, added or (None) left out, and a right sum at its
        end. `honest` leaves the list of contents as it is."""
        entries = dict(self.entries)
        for name, entry in changed.items():
            if entry is None:
                entries.pop(name)
            else:
                entries[name] = Entry(entry) if isinstance(entry, bytes) else entry
        if not honest:
            entries[MANIFEST] = Entry(self.list_of(entries))
        return zipped([*entries.items(), *([(doubled, entries[doubled])] if doubled else [])])

    def list_of(self, entries: Mapping[str, Entry]) -> bytes:
        """A list of contents that fits these members; its proof does not."""
        fields = json.loads(self.entries[MANIFEST].content)
        fields["members"] = {
            name: {
                "sha256": hashlib.sha256(entry.content).hexdigest(),
                "size": len(entry.content),
                "unpacked": len(entry.content),
            }
            for name, entry in entries.items()
            if name not in (MANIFEST, PROOF)
        }
        return json.dumps(fields).encode()

    def told(self, **changed: Any) -> bytes:
        """The list of contents with other statements in it."""
        fields = json.loads(self.entries[MANIFEST].content)
        for path, value in changed.items():
            where, steps = fields, path.split("__")
            for step in steps[:-1]:
                where = where[step]
            where[steps[-1]] = value
        return json.dumps(fields).encode()


def zipped(entries: list[tuple[str, Entry]]) -> bytes:
    """A zip file of these members that ends like a backup."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, entry in entries:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            info.external_attr = entry.mode << 16
            info.compress_type = entry.packing
            packed.writestr(info, entry.content)
            info.flag_bits |= entry.flags
        packed.comment = MARK + b"0" * SUM
    return summed(target.getvalue())


def summed(content: bytes) -> bytes:
    """A file with the right sum in its last 64 bytes."""
    return content[:-SUM] + hashlib.sha256(content[:-SUM]).hexdigest().encode()


def without_keys(forger: Forger) -> Iterator[tuple[str, bytes]]:
    """What somebody can make who has the file only."""
    whole = forger.whole
    for number in range(24):
        at = len(whole) * number // 24 + number
        damaged = bytearray(whole)
        damaged[min(at, len(whole) - 1)] ^= 1 << number % 8
        yield f"bit flipped at {at}", bytes(damaged)
    for percent in (0, 1, 25, 50, 75, 95, 99):
        yield f"cut at {percent} %", whole[: len(whole) * percent // 100]
    yield "last byte missing", whole[:-1]
    yield (
        "zeroes in the middle",
        whole[: len(whole) // 2] + b"\0" * 999 + whole[len(whole) // 2 + 999 :],
    )
    yield "something behind", whole + b"\n"
    yield "something before", b"#!/bin/sh\n" + whole
    yield "text", b"SELECT 1;\n" * 100
    yield "another zip", zipped([("hello.txt", Entry(b"hello"))])
    yield "an empty zip", zipped([])
    yield "a zip by somebody else", whole.replace(MARK, b"x" * len(MARK))
    yield "a SQLite file", b"SQLite format 3\0" + b"\0" * 4080
    yield from _odd_members(forger)
    yield from _other_lists(forger)


def _odd_members(forger: Forger) -> Iterator[tuple[str, bytes]]:
    evil = Entry(b"* * * * * root sh\n")
    for name in (
        "../evil",
        "../../evil.db",
        "/etc/cron.d/evil",
        "database/../../evil.db",
        "database/..\\..\\evil.db",
        "C:\\evil.db",
        "database/evil.db/",
        "database/evil.sh",
        "database/evil\n.db",
        "database/.db",
        "crmlite.db",
        "uploads/evil.html",
    ):
        yield f"a member {name!r}", forger.repacked({name: evil}, honest=False)
    database = next(name for name in forger.entries if name.startswith("database/"))
    content = forger.entries[database].content
    for name, mode in (("link", stat.S_IFLNK), ("folder", stat.S_IFDIR), ("device", stat.S_IFCHR)):
        yield f"a {name}", forger.repacked({database: Entry(content, mode | 0o777)})
    yield (
        "a link elsewhere",
        forger.repacked(
            {"database/link.db": Entry(b"/etc/passwd", stat.S_IFLNK | 0o777)}, honest=False
        ),
    )
    yield (
        "an unknown packing",
        forger.repacked({database: Entry(content, packing=zipfile.ZIP_LZMA)}),
    )
    yield "an encrypted member", forger.repacked({database: Entry(content, flags=1)})
    for name in (MANIFEST, PROOF, KEYS, database):
        yield f"without {name}", forger.repacked({name: None})
        yield f"with an empty {name}", forger.repacked({name: b""})
    yield "one more member", forger.repacked({"database/more.copy": b"1\n"})
    yield "a member altered", forger.repacked({database: content + b" "})
    yield "a member altered and listed", forger.repacked({database: content + b" "}, honest=False)
    yield "a bomb", forger.repacked({database: b"\0" * 100_000_000}, honest=False)
    yield "a long list", forger.repacked({MANIFEST: b" " * (2**22 + 1)})


def _other_lists(forger: Forger) -> Iterator[tuple[str, bytes]]:
    for name, told in {
        "later format": forger.told(format=2),
        "later schema": forger.told(facts__schema="9999"),
        "no schema": forger.told(facts__schema=""),
        "another engine": forger.told(facts__engine="oracle"),
        "another date": forger.told(made_at="2031-01-01T00:00:00+00:00"),
        "other counts": forger.told(facts__counts={}),
        "another head": forger.told(facts__head=None),
        "another salt": forger.told(salt="00"),
        "another book": forger.told(fingerprint="0" * 16),
        "no list": b"not JSON",
        "a deep list": b"[" * 200_000,
        "a list of lists": b"[]",
    }.items():
        yield f"list of contents: {name}", forger.repacked({MANIFEST: told})
    keys = forger.entries[KEYS].content
    yield "keys cut", forger.repacked({KEYS: keys[:-40]}, honest=False)
    yield "keys of another book", forger.repacked({KEYS: _other_keys(forger)}, honest=False)


def _other_keys(_forger: Forger) -> bytes:
    folder = Path(os.environ["CRMLITE_TEST_RUN"])
    path = folder / f"other-{os.getpid()}-{os.urandom(4).hex()}.json"
    return KeyRing.create(path)[0].wrap_ring()


def with_keys(forger: Forger, folder: Path, engine: str) -> Iterator[tuple[str, bytes]]:
    """What even somebody who has the keys cannot slip in: a book that is not whole."""
    alterations: dict[str, Callable[[dict[str, bytes]], None]] = (
        _in_sqlite(folder) if engine == "sqlite" else _in_copies()
    )
    for name, alter in alterations.items():
        parts = {
            member: entry.content
            for member, entry in forger.entries.items()
            if member not in (MANIFEST, PROOF)
        }
        alter(parts)
        yield f"with keys: {name}", _written(forger, parts, folder)
    told = Manifest.read(forger.entries[MANIFEST].content)
    if engine == "sqlite":
        yield "with keys: a table that no list names", _without_digests(forger, folder, told)
    parts = {m: e.content for m, e in forger.entries.items() if m not in (MANIFEST, PROOF)}
    more = replace(told, facts=replace(told.facts, counts={**told.facts.counts, "customer": 31}))
    yield "with keys: other counts", _written(forger, parts, folder, more)
    head = told.facts.head
    assert head is not None
    ahead = replace(told, facts=replace(told.facts, head=replace(head, seal=head.seal + 1)))
    yield "with keys: a head that is not there", _written(forger, parts, folder, ahead)


def _without_digests(forger: Forger, folder: Path, told: Manifest) -> bytes:
    parts = {m: e.content for m, e in forger.entries.items() if m not in (MANIFEST, PROOF)}
    _in_sqlite(folder)["the digests removed"](parts)
    counts = {
        name: number for name, number in told.facts.counts.items() if name != "sealed_operation"
    }
    return _written(forger, parts, folder, replace(told, facts=replace(told.facts, counts=counts)))


def _written(
    forger: Forger, parts: Mapping[str, bytes], folder: Path, told: Manifest | None = None
) -> bytes:
    path = folder / "forged.zip"
    path.unlink(missing_ok=True)
    writer = Writer(path, forger.ring)
    for name, content in parts.items():
        writer.add(name, io.BytesIO(content))
    writer.finish(told or Manifest.read(forger.entries[MANIFEST].content))
    return path.read_bytes()


def _in_sqlite(folder: Path) -> dict[str, Callable[[dict[str, bytes]], None]]:
    part = "database/crmlite.db"

    def run(*statements: str) -> Callable[[dict[str, bytes]], None]:
        def alter(parts: dict[str, bytes]) -> None:
            path = folder / "altered.db"
            path.write_bytes(parts[part])
            url = f"sqlite:///{path}"
            with migrate.passing_engine(url, 5) as engine, engine.connect() as raw:
                raw.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
                with raw.begin():
                    for statement in statements:
                        raw.execute(text(statement))
            parts[part] = path.read_bytes()

        return alter

    def flip(parts: dict[str, bytes]) -> None:
        content = bytearray(parts[part])
        for at in range(len(content) // 2, len(content) // 2 + 9000):
            content[at] ^= 0x5A
        parts[part] = bytes(content)

    def cut(parts: dict[str, bytes]) -> None:
        parts[part] = parts[part][: len(parts[part]) // 2]

    return {
        "pages damaged": flip,
        "file cut": cut,
        "no database": lambda parts: parts.update({part: b"not a database" * 999}),
        "rows removed": run("DELETE FROM customer WHERE id = 1"),
        "a table removed": run("DROP TABLE customer_alias"),
        "the digests removed": run("DROP TABLE sealed_operation"),
        "the ledger altered": run(
            "DROP TRIGGER keep_change_update", "UPDATE change SET verb = 'x' WHERE id = 3"
        ),
        "the end of the ledger cut": run(
            "DROP TRIGGER keep_seal_delete",
            "DROP TRIGGER keep_sealed_operation_delete",
            "DELETE FROM sealed_operation",
            "DELETE FROM seal",
        ),
        "a row that points nowhere": run("UPDATE customer SET owner_id = 999 WHERE id = 1"),
        "a value moved to another row": run(
            "UPDATE customer SET address = (SELECT address FROM customer WHERE id = 2) WHERE id = 1"
        ),
    }


def _in_copies() -> dict[str, Callable[[dict[str, bytes]], None]]:
    def edit(table: str, change: Callable[[list[bytes]], list[bytes]]) -> Any:
        def alter(parts: dict[str, bytes]) -> None:
            name = f"database/{table}.copy"
            lines = parts[name].splitlines(keepends=True)
            parts[name] = b"".join(change(lines))

        return alter

    def columns(told: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
        def alter(parts: dict[str, bytes]) -> None:
            fields = json.loads(parts["database/tables.json"])
            told(fields)
            parts["database/tables.json"] = json.dumps(fields).encode()

        return alter

    def swapped(lines: list[bytes]) -> list[bytes]:
        fields = [line.split(b"\t") for line in lines]
        at = next(n for n, value in enumerate(fields[0]) if value.startswith(b"v1."))
        fields[0][at], fields[1][at] = fields[1][at], fields[0][at]
        return [b"\t".join(line) for line in fields]

    return {
        "rows removed": edit("customer", lambda lines: lines[1:]),
        "a row doubled": edit("customer", lambda lines: [*lines, lines[0]]),
        "no rows at all": edit("customer", lambda _lines: [b"not\ta\trow\n"]),
        "the ledger altered": edit(
            "change", lambda lines: [line.replace(b"\tcreate\t", b"\tupdate\t") for line in lines]
        ),
        "the end of the ledger cut": edit("seal", lambda _lines: []),
        "roles removed": edit("role", lambda _lines: []),
        "a value moved to another row": edit("customer", swapped),
        "an unknown table": columns(lambda told: told["columns"].update({"pg_class": ["oid"]})),
        "an unknown column": columns(lambda told: told["columns"]["customer"].append("evil")),
        "an unknown sequence": columns(lambda told: told["sequences"].update({"x; DROP": 1})),
        "no columns": columns(lambda told: told.update({"columns": []})),
    }
