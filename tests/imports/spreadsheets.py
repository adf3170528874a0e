"""Spreadsheets for tests, written byte by byte: also such as no program would write."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0"?>'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
Rows = str | Callable[[IO[bytes]], None]


def book(path: Path, rows: Rows, *, sheets: int = 1, doctype: str = "") -> Path:
    """A workbook whose sheets all hold these rows: XML, or what writes some."""
    numbers = range(1, sheets + 1)
    named = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in numbers)
    linked = [("worksheet", i, f"worksheets/sheet{i}.xml") for i in numbers]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", _relations([("officeDocument", 1, "xl/workbook.xml")]))
        package.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        )
        package.writestr("xl/_rels/workbook.xml.rels", _relations(linked))
        for number in numbers:
            with package.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{HEAD}{doctype}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                if isinstance(rows, str):
                    sheet.write(rows.encode())
                else:
                    rows(sheet)
                sheet.write(b"</sheetData></worksheet>")
    return path


def text_cell(place: str, text: str) -> str:
    """A cell with text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def lie_about_size(path: Path, told: int) -> None:
    """Have the directory of a package tell another size of its sheet than it has."""
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack_from("<H", content, place + 28)[0]
        if content[place + 46 : place + 46 + length].endswith(b"sheet1.xml"):
            struct.pack_into("<I", content, place + 24, told)
        place = content.find(b"PK\x01\x02", place + 4)
    path.write_bytes(content)


def _relations(linked: list[tuple[str, int, str]]) -> str:
    parts = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for kind, number, target in linked
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{parts}</Relationships>'
