"""Reads a spreadsheet within limits; run as a program of its own, never imported by crmlite.

    python spreadsheet_child.py FILE FOLDER COLUMNS

Writes FOLDER/0.rows, 1.rows, … with `[row number, [cells]]` per line, and prints the names of the
sheets as JSON. Exit codes: 2 is no spreadsheet, 3 protected by a password, 4 too large, 5 too wide,
6 another kind of file.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TextIO

MEMORY = 512 << 20
SECONDS = 50
WRITTEN = 2 << 30  # bytes
UNPACKED = 400 << 20  # bytes of all members of a package together
MEMBERS = 1000
SHEETS = 200
CELL = 1 << 17  # characters
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what a protected .xlsx is wrapped in
BROKEN, PROTECTED, LARGE, WIDE, OTHER = 2, 3, 4, 5, 6
OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
OF_OTHERS = [  # what stands in old files of other programs
    name.encode("utf-16-le")
    for name in ("WordDocument", "PowerPoint Document", "__properties_version")
]


class CellTooLong(Exception):
    """No field takes it, and a part of it would be another text."""


def main(source: Path, folder: Path, columns: int) -> int:
    """The exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with source.open("rb") as file:
        is_package = file.read(4) == b"PK\x03\x04"
    if is_package and (code := look_at_package(source)):
        return code
    return unpack(source, folder, columns)


def look_at_package(source: Path) -> int:
    """Unpack what is packed without keeping it: what a package says about its size may be a lie."""
    left = UNPACKED
    try:
        with zipfile.ZipFile(source) as package:
            members = package.infolist()
            if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED:
                return LARGE
            if not is_sheet(package):
                return OTHER
            for member in members:
                if member.flag_bits & 1:
                    return PROTECTED
                with package.open(member) as packed:
                    while piece := packed.read(1 << 16):
                        left -= len(piece)
                        if left < 0:
                            return LARGE
    except Exception:  # noqa: BLE001 - zipfile, zlib and the others have errors of their own
        return BROKEN
    return 0


def is_sheet(package: zipfile.ZipFile) -> bool:
    """Whether a package says that it is a spreadsheet, and not a text, a program or just packed files."""
    names = package.namelist()
    if "mimetype" in names:
        with package.open("mimetype") as kind:
            return kind.read(len(OPEN_SHEET)) == OPEN_SHEET
    return any(name.lower().startswith("xl/") for name in names)


def unpack(source: Path, folder: Path, columns: int) -> int:
    """Write the sheets out."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(str(source))
        names = list(book.sheet_names)
        if len(names) > SHEETS:
            return LARGE
        for place in range(len(names)):
            sheet = book.get_sheet_by_index(place)
            with (folder / f"{place}.rows").open("w", encoding="utf-8") as file:
                if sheet.start is None:
                    continue
                left, right = sheet.start[1], sheet.end[1]
                if right >= columns:
                    return WIDE
                write(sheet.iter_rows(), file, left)
    except PasswordError:
        return PROTECTED
    except CalamineError:
        content = source.read_bytes()
        if any(name in content for name in OF_OTHERS):
            return OTHER
        return PROTECTED if ENCRYPTED in content else BROKEN
    except (MemoryError, CellTooLong):
        return LARGE
    sys.stdout.write(json.dumps(names))
    return 0


def write(rows: Iterable[list[object]], file: TextIO, left: int) -> None:
    """One row per line, after as many empty cells as stand left of them all, which the library
    leaves out; rows above are there. Empty rows only count."""
    for number, cells in enumerate(rows, 1):
        texts = [""] * left + [told(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            file.write(json.dumps([number, texts], ensure_ascii=False, separators=(",", ":")))
            file.write("\n")


def told(cell: object) -> str:
    """A cell as a person would type it: 50, 12.5, 2023-01-01."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:  # exact until then
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case str():
            if len(cell) > CELL:
                raise CellTooLong
            return cell
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
