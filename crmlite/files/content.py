"""What a file is, by what stands in it, whatever it is called. Nothing is ever unpacked or run."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from crmlite.files.names import split

IMAGE, PDF, OFFICE, TEXT = "image", "pdf", "office", "text"
ARCHIVE, MEDIA, PROGRAM, OTHER = "archive", "media", "program", "other"
UNKNOWN = "application/octet-stream"

BEGINNING = 1 << 16
ZIP_END, ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
LONGEST_COMMENT = 65_557  # of a zip archive, with what stands before it
LISTED = 1 << 18  # bytes of an archive's list of contents that are looked at
MOST_SECTORS = 64
NO_SECTOR = 0xFFFFFFFA
SECTORS = (512, 4096)
FIRST_TABLES = 109  # sectors of the table of sectors that the head of a compound file names


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: its family and its media type."""

    family: str
    media_type: str


STARTS: Sequence[tuple[bytes, str, str]] = (
    (b"\x89PNG\r\n\x1a\n", IMAGE, "image/png"),
    (b"\xff\xd8\xff", IMAGE, "image/jpeg"),
    (b"GIF87a", IMAGE, "image/gif"),
    (b"GIF89a", IMAGE, "image/gif"),
    (b"II*\x00", IMAGE, "image/tiff"),
    (b"MM\x00*", IMAGE, "image/tiff"),
    (b"8BPS", IMAGE, "image/vnd.adobe.photoshop"),
    (b"AC10", IMAGE, "image/vnd.dwg"),
    (b"%PDF-", PDF, "application/pdf"),
    (b"{\\rtf", OFFICE, "application/rtf"),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE, "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", ARCHIVE, "application/vnd.rar"),
    (b"\x1f\x8b", ARCHIVE, "application/gzip"),
    (b"BZh", ARCHIVE, "application/x-bzip2"),
    (b"\xfd7zXZ\x00", ARCHIVE, "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", ARCHIVE, "application/zstd"),
    (b"MSCF", ARCHIVE, "application/vnd.ms-cab-compressed"),
    (b"ID3", MEDIA, "audio/mpeg"),
    (b"\xff\xfb", MEDIA, "audio/mpeg"),
    (b"\xff\xf3", MEDIA, "audio/mpeg"),
    (b"OggS", MEDIA, "audio/ogg"),
    (b"fLaC", MEDIA, "audio/flac"),
    (b"#!AMR", MEDIA, "audio/amr"),
    (b"\x1a\x45\xdf\xa3", MEDIA, "video/x-matroska"),
    (b"FLV\x01", MEDIA, "video/x-flv"),
    *(
        (magic, PROGRAM, UNKNOWN)
        for magic in (
            *(b"MZ", b"\x7fELF", b"#!", b"\x00asm", b"dex\n", b"\xca\xfe\xba\xbe"),
            *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
            b"L\x00\x00\x00\x01\x14\x02\x00",  # a shortcut of Windows
        )
    ),
)
RIFF = {
    b"WEBP": (IMAGE, "image/webp"),
    b"WAVE": (MEDIA, "audio/wav"),
    b"AVI ": (MEDIA, "video/avi"),
}
PHOTOS = {b"heic": "heic", b"heix": "heic", b"mif1": "heif", b"msf1": "heif", b"avif": "avif"}
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = {  # of compound files: of old office programs, and of what Outlook writes
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "EncryptedPackage": "application/x-ole-storage",
    "__nameid_version1.0": "application/vnd.ms-outlook",
}
PACKAGE = "application/vnd.openxmlformats-officedocument."
FOLDERS = {  # in the zip archives that today's office programs write
    "word/": f"{PACKAGE}wordprocessingml.document",
    "xl/": f"{PACKAGE}spreadsheetml.sheet",
    "ppt/": f"{PACKAGE}presentationml.presentation",
    "visio/": "application/vnd.ms-visio.drawing",
}
INVOICE = "OFD.xml"  # as Chinese tax offices issue them
OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z-]{4,30}")
RUNS = {"META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"}
# What a double click runs, though it be text.
PROGRAM_ENDINGS = frozenset(
    (
        "apk app bat cmd com cpl deb dll dmg exe gadget hta jar js jse lnk mjs msc msi msp pif pkg "
        "ps1 psm1 reg rpm scf scr sct sh url vb vbe vbs wsc wsf wsh xpi"
    ).split()
)
MARKED = (  # texts that a browser would do something with
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "application/xml"),
)
WRITTEN = frozenset(b"\t\n\v\r\f\x1a\x1b") | frozenset(range(0x20, 0x100))
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how text in two bytes a character begins


def content_of(file: BinaryIO, name: str) -> Content:
    """What a file is that can be read from any place; it is left at its beginning."""
    file.seek(0)
    beginning = file.read(BEGINNING)
    found = _named_program(name) or _found(file, beginning)
    file.seek(0)
    return found


def _named_program(name: str) -> Content | None:
    ending = split(name)[1].lstrip(".").casefold()
    return Content(PROGRAM, UNKNOWN) if ending in PROGRAM_ENDINGS else None


def _found(file: BinaryIO, beginning: bytes) -> Content:
    for magic, family, media_type in STARTS:
        if beginning.startswith(magic):
            return Content(family, media_type)
    if beginning.startswith(b"RIFF") and beginning[8:12] in RIFF:
        return Content(*RIFF[beginning[8:12]])
    if beginning[4:8] == b"ftyp":
        photo = PHOTOS.get(beginning[8:12])
        return Content(IMAGE, f"image/{photo}") if photo else Content(MEDIA, "video/mp4")
    if beginning.startswith((b"PK\x03\x04", ZIP_END)):
        return _zipped(file, beginning)
    if beginning.startswith(COMPOUND):
        return _compound(file)
    if beginning[257:262] == b"ustar":
        return Content(ARCHIVE, "application/x-tar")
    if b"%PDF-" in beginning[:1024]:
        return Content(PDF, "application/pdf")
    return _text(beginning) or Content(OTHER, UNKNOWN)


def _text(beginning: bytes) -> Content | None:
    """Text as people write it, in whatever encoding: no byte in it is a control character."""
    if beginning[:2] in WIDE:
        return Content(TEXT, "text/plain")
    if not beginning or not WRITTEN.issuperset(beginning):
        return None
    marked = beginning[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, media_type in MARKED:
        if marked.startswith(mark):
            is_drawing = media_type == "application/xml" and b"<svg" in beginning[:4096].lower()
            return Content(TEXT, "image/svg+xml" if is_drawing else media_type)
    return Content(TEXT, "text/plain")


def _zipped(file: BinaryIO, beginning: bytes) -> Content:
    """An office document, a program or an archive, by the names in its list of contents."""
    declared = OPEN_DOCUMENT.match(beginning, 38)
    if beginning[30:38] == b"mimetype" and declared:
        return Content(OFFICE, declared[0].decode())
    names = set(_listed(file))
    if RUNS & names:
        return Content(PROGRAM, UNKNOWN)
    if "[Content_Types].xml" in names:
        for folder, media_type in FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return Content(OFFICE, media_type)
    if INVOICE in names:
        return Content(OFFICE, "application/ofd")
    return Content(ARCHIVE, "application/zip")


def _listed(file: BinaryIO) -> Iterator[str]:
    """The names in the list of contents of a zip archive, as far as they are looked at."""
    size = file.seek(0, 2)
    file.seek(max(size - LONGEST_COMMENT, 0))
    tail = file.read(LONGEST_COMMENT)
    end = tail.rfind(ZIP_END)
    if end < 0 or len(tail) < end + 22:
        return
    length, start = struct.unpack("<II", tail[end + 12 : end + 20])
    file.seek(start)
    listed = file.read(min(length, LISTED))
    at = 0
    while listed[at : at + 4] == ZIP_ENTRY and at + 46 <= len(listed):
        name, extra, comment = struct.unpack("<HHH", listed[at + 28 : at + 34])
        yield listed[at + 46 : at + 46 + name].decode("utf-8", "replace")
        at += 46 + name + extra + comment


def _compound(file: BinaryIO) -> Content:
    """A document of an old office program, by the names of what is in it; else a file of no kind
    that is known, such as a program that installs itself."""
    for name in _streams(file):
        if name in STREAMS:
            return Content(OFFICE, STREAMS[name])
    return Content(OTHER, UNKNOWN)


def _streams(file: BinaryIO) -> Iterator[str]:
    """The names in the directory of a compound file, as far as it is looked at."""
    file.seek(0)
    head = file.read(512)
    if len(head) < 512:
        return
    size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    if size not in SECTORS:
        return
    tables = struct.unpack(f"<{FIRST_TABLES}I", head[76:512])
    sector = int.from_bytes(head[48:52], "little")
    for _ in range(MOST_SECTORS):
        if sector >= NO_SECTOR:
            return
        file.seek((sector + 1) * size)
        directory = file.read(size)
        for at in range(0, len(directory) - 127, 128):
            length = int.from_bytes(directory[at + 64 : at + 66], "little")
            yield directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        place, entry = divmod(sector, size // 4)
        if place >= FIRST_TABLES:
            return
        file.seek((tables[place] + 1) * size + entry * 4)
        following = file.read(4)
        sector = int.from_bytes(following, "little") if len(following) == 4 else NO_SECTOR
