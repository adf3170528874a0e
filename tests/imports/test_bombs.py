"""Files that are small and would become huge, or never end: refused or read, soon, by a process that
lives on."""

import io
import random
import struct
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import pytest

from crmlite.imports.sources import unreadable
from crmlite.imports.sources.looking import look, rows
from crmlite.imports.sources.unreadable import Unreadable
from tests.figures import counted
from tests.imports import spreadsheets
from tests.imports.spoiling import spoilt
from tests.imports.spreadsheets import book, text_cell
from tests.real_files import real_file

READ = "read"
SECONDS = 60
LARGE, WIDE = "spreadsheet_too_large", "spreadsheet_too_wide"
BROKEN, EMPTY = "spreadsheet_broken", "file_empty"
Bomb = Callable[[Path], Path]


def outcome(path: Path, scratch: Path) -> str:
    """Why a file is refused; READ where it is not."""
    scratch.mkdir()

    def opened() -> IO[bytes]:
        return path.open("rb")

    began = time.monotonic()
    try:
        for _row in rows(opened, look(opened, scratch), scratch):
            pass
        found = READ
    except Unreadable as refused:
        found = refused.problem.code
    counted("sheets that burst", files=1)
    assert time.monotonic() - began < SECONDS
    assert found in {READ, *unreadable.MESSAGES}
    return found


def with_rows(given: spreadsheets.Rows, **more: object) -> Bomb:
    """A workbook of these rows."""
    return lambda folder: book(folder / "bomb.xlsx", given, **more)  # type: ignore[arg-type]


def with_bytes(start: bytes, given: bytes = b"", times: int = 1, end: bytes = b"") -> Bomb:
    """A file of bytes, some of them many times."""

    def write(folder: Path) -> Path:
        path = folder / "bomb"
        path.write_bytes(start + given * times + end)
        return path

    return write


def packed(members: Callable[[], Iterable[tuple[str, bytes]]]) -> Bomb:
    """A package of these members, beside what makes it a workbook."""

    def write(folder: Path) -> Path:
        path = book(folder / "bomb.xlsx", f'<row r="1">{text_cell("A1", "x")}</row>')
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
            for name, content in members():
                package.writestr(name, content)
        return path

    return write


def huge_cell(sheet: IO[bytes]) -> None:
    """Three hundred megabytes that pack into three hundred kilobytes."""
    before, after = f'<row r="1">{text_cell("A1", "@")}</row>'.split("@")
    sheet.write(before.encode())
    for _ in range(300):
        sheet.write(b"x" * (1 << 20))
    sheet.write(after.encode())


def millions_of_rows(sheet: IO[bytes]) -> None:
    """More than a sheet may have."""
    for start in range(1, 3_000_001, 10_000):
        numbers = range(start, start + 10_000)
        sheet.write(
            "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in numbers).encode()
        )


def deep(sheet: IO[bytes]) -> None:
    """A million elements, each inside the one before."""
    for _ in range(100):
        sheet.write(b"<a>" * 10_000)


def lying(folder: Path) -> Path:
    """A package that says of 300 MB that they are 1,000 bytes."""
    path = book(folder / "bomb.xlsx", huge_cell)
    spreadsheets.lie_about_size(path, 1000)
    return path


def named_again(folder: Path) -> Path:
    """A package that names its sheet of 20 MB five hundred times."""
    path = book(folder / "bomb.xlsx", f'<row r="1">{text_cell("A1", "x" * (20 << 20))}</row>')
    content = path.read_bytes()
    start = content.rindex(b"PK\x01\x02")  # the entry of the sheet, last of all
    end = content.rindex(b"PK\x05\x06")
    entry, found = content[start:end], struct.unpack("<4s4H2LH", content[end : end + 22])
    number, size = found[4] + 500, found[5] + 500 * len(entry)
    told = struct.pack("<4s4H2LH", *found[:3], number, number, size, *found[6:])
    path.write_bytes(content[:end] + entry * 500 + told)
    return path


def entities() -> str:
    """Ten to the power of nine laughs."""
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'


def open_sheet(table: str) -> Bomb:
    """A sheet of LibreOffice."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return lambda folder: _open_package(folder / "bomb.ods", content)


def _open_package(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        package.writestr("META-INF/manifest.xml", manifest)
    return path


def inside_itself() -> bytes:
    """A package of a package of 300 MB."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"x" * (300 << 20))
    return inner.getvalue()


def card(start: str, again: str, times: int, end: str = "") -> Bomb:
    """A business card with a line in which something stands many times."""
    before, after = f"BEGIN:VCARD\r\nVERSION:2.1\r\n{start}", f"{end}\r\nEND:VCARD\r\n"
    return with_bytes(before.encode(), again.encode(), times, after.encode())


CORNER = (
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
ASKS_FOR_A_FILE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ONE_LONG = f'<!DOCTYPE x [<!ENTITY e "{"x" * (1 << 20)}">]>'
TO_ZZ = '<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row>'
CELL = '<table:table-cell{} office:value-type="string"><text:p>x</text:p></table:table-cell>'
ROW = "<table:table-row{}>{}</table:table-row>"
REPEATED, ALL_ROWS = (
    ' table:number-columns-repeated="16384"',
    ' table:number-rows-repeated="1048576"',
)
BOMBS: dict[str, tuple[Bomb, set[str]]] = {
    "a value in the last corner": (with_rows(CORNER), {LARGE}),
    "hundreds of columns": (with_rows(TO_ZZ), {WIDE}),
    "a cell of 300 MB": (with_rows(huge_cell), {LARGE}),
    "a cell of 200,000": (with_rows(f'<row r="1">{text_cell("A1", "x" * 200_000)}</row>'), {LARGE}),
    "2,000 sheets": (with_rows("", sheets=2000), {LARGE}),
    "300 sheets": (with_rows(f'<row r="1">{text_cell("A1", "x")}</row>', sheets=300), {LARGE}),
    "laughs": (
        with_rows(f'<row r="1">{text_cell("A1", "&l9;")}</row>', doctype=entities()),
        {BROKEN},
    ),
    "one long entity a thousand times": (
        with_rows(f'<row r="1">{text_cell("A1", "&e;" * 1000)}</row>', doctype=ONE_LONG),
        {BROKEN},
    ),
    "an entity that asks for a file": (
        with_rows(f'<row r="1">{text_cell("A1", "&e;")}</row>', doctype=ASKS_FOR_A_FILE),
        {BROKEN},
    ),
    "three million rows": (with_rows(millions_of_rows), {LARGE, READ}),
    "a million elements in each other": (with_rows(deep), {LARGE, BROKEN, EMPTY}),
    "a column of ten letters": (
        with_rows('<row r="1"><c r="ZZZZZZZZZZ1"><v>1</v></c></row>'),
        {LARGE, BROKEN, WIDE},
    ),
    "a row of twenty digits": (
        with_rows('<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>'),
        {LARGE, BROKEN, EMPTY},
    ),
    "a size that is a lie": (lying, {LARGE, BROKEN}),
    "70,000 members": (packed(lambda: ((f"x/{n}", b"") for n in range(70_000))), {LARGE}),
    "members of 500 MB": (
        packed(lambda: ((f"x/{n}", b"0" * (50 << 20)) for n in range(10))),
        {LARGE},
    ),
    "a package in a package": (packed(lambda: [("x/inner.zip", inside_itself())]), {READ}),
    "one member named many times": (named_again, {LARGE, BROKEN}),
    "repeated to every cell": (
        open_sheet(ROW.format(ALL_ROWS, CELL.format(REPEATED))),
        {LARGE, BROKEN, WIDE},
    ),
    "repeated a billion times": (
        open_sheet(ROW.format(ALL_ROWS.replace("1048576", "4000000000"), CELL.format(""))),
        {LARGE, BROKEN, READ},
    ),
    "repeated below nothing": (
        open_sheet(ROW.format(ALL_ROWS.replace("1048576", "-1"), CELL.format(REPEATED))),
        {LARGE, BROKEN, READ, EMPTY, WIDE},
    ),
    "ten million commas": (with_bytes(b"name\n", b",", 10_000_000), {"line_too_long"}),
    "a quotation that never ends": (
        with_bytes(b'name\n"', b"x,\n", 1_000_000),
        {"cell_too_long"},
    ),
    "a hundred megabytes of nothing": (with_bytes(b"\0", b"\0", 100 << 20), {EMPTY}),
    "a hundred megabytes of ends of lines": (with_bytes(b"name\n", b"\n", 50 << 20), {READ}),
    "cards in each other": (with_bytes(b"", b"BEGIN:VCARD\r\n", 200_000), {READ, "line_too_long"}),
    "a card that goes on and on": (card("NOTE:", "\r\n x", 500_000), {READ}),
    "a card of soft ends": (card("NOTE;ENCODING=QUOTED-PRINTABLE:", "=\r\n", 400_000), {READ}),
    "a card of 500,000 lines": (card("X:1", "\r\nX:1", 500_000), {READ}),
    "a card of quotation marks": (card("TEL", ';A="', 300_000, ":1"), {READ}),
    "fifty cards as long as they may be": (
        with_bytes(
            b"",
            b"BEGIN:VCARD\r\nNOTE;ENCODING=QUOTED-PRINTABLE:" + b"=\r\n" * 9_000 + b"\r\nEND:VCARD\r\n",
            50,
        ),
        {READ},
    ),
    "a card of a million semicolons": (card("ADR:", ";", 1_000_000), {READ}),
}  # fmt: skip


LONG = {
    "a row of twenty digits",
    "a hundred megabytes of ends of lines",
    "three million rows",
    "repeated a billion times",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in BOMBS],
)
def test_what_would_burst_is_refused_or_read_soon(tmp_path: Path, name: str) -> None:
    bomb, expected = BOMBS[name]
    assert outcome(bomb(tmp_path), tmp_path / "scratch") in expected


def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmlite.imports.sources.spreadsheets.PATIENCE", 0.01)
    path = book(tmp_path / "book.xlsx", f'<row r="1">{text_cell("A1", "x")}</row>')
    assert outcome(path, tmp_path / "scratch") == LARGE


@pytest.mark.parametrize("folder", ["xlsx", "contacts", "csv_suites"])
def test_spoilt_files_are_refused_or_read(tmp_path: Path, folder: str) -> None:
    luck = random.Random(folder)
    found = [path for path in sorted(real_file(folder).rglob("*.*")) if path.is_file()]
    small = [path for path in found if 0 < path.stat().st_size < 100_000]
    for number, path in enumerate(luck.sample(small, min(12, len(small)))):
        for place, content in enumerate(spoilt(path.read_bytes(), luck)):
            given = tmp_path / f"{number}-{place}"
            given.write_bytes(content)
            outcome(given, tmp_path / f"scratch-{number}-{place}")
