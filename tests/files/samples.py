"""Small files of many kinds, made here; none holds more than its kind needs to be known by."""

import struct
import zipfile
from io import BytesIO

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 20
HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PROGRAM = b"MZ\x90\x00\x03" + b"\x00" * 60
NO_SECTOR = 0xFFFFFFFE


def zipped(*names: str, content: bytes = b"x", stored: bool = False) -> bytes:
    """A zip archive with files of these names."""
    packed = BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


def document(folder: str = "word/") -> bytes:
    """What a word processor writes."""
    return zipped("_rels/.rels", f"{folder}document.xml", "[Content_Types].xml")


def open_document(kind: str = "text") -> bytes:
    """What LibreOffice writes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>")
    return packed.getvalue()


def compound(*streams: str, sectors: int = 1) -> bytes:
    """A compound file, as old office programs wrote them, with a directory of so many sectors."""
    table = [NO_SECTOR] * 128
    for place in range(1, sectors):
        table[place] = place + 1
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = struct.pack("<H", 9)
    head[48:52] = struct.pack("<I", 1)
    head[76:512] = struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = []
    for name in ("Root Entry", *[f"Other {n}" for n in range(4 * (sectors - 1))], *streams):
        text = name.encode("utf-16-le")
        length = struct.pack("<H", len(text) + 2)
        entries.append(text.ljust(64, b"\x00") + length + b"\x00" * 62)
    directory = b"".join(entries).ljust(512 * sectors, b"\x00")
    return bytes(head) + struct.pack("<128I", *table) + directory


def bomb() -> bytes:
    """A document of a few kilobytes that would unpack to a hundred megabytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as member:
            for _ in range(100):
                member.write(b"\x00" * (1 << 20))
    return packed.getvalue()
