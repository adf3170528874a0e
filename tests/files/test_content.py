"""What a file is, judged by what stands in it; nothing is unpacked, whatever it claims."""

import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.files.content import (
    ARCHIVE,
    IMAGE,
    MEDIA,
    OFFICE,
    OTHER,
    PDF,
    PROGRAM,
    TEXT,
    Content,
    content_of,
)
from tests.files import samples

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def judged(content: bytes, name: str = "thing") -> Content:
    file = BytesIO(content)
    found = content_of(file, name)
    assert file.tell() == 0, "what is sealed next begins at the beginning"
    return found


@pytest.mark.parametrize(
    ("content", "name", "family", "media_type"),
    [
        (samples.PNG, "a.png", IMAGE, "image/png"),
        (samples.JPEG, "contract.pdf", IMAGE, "image/jpeg"),
        (b"GIF89a" + b"\x01" * 9, "a.gif", IMAGE, "image/gif"),
        (samples.WEBP, "a.webp", IMAGE, "image/webp"),
        (samples.HEIC, "IMG_1.HEIC", IMAGE, "image/heic"),
        (b"AC1032\x00\x00", "line 2.dwg", IMAGE, "image/vnd.dwg"),
        (samples.PDF, "a.jpg", PDF, "application/pdf"),
        (b"\r\n\xef\xbb\xbf" + samples.PDF, "scan.pdf", PDF, "application/pdf"),
        (samples.document("xl/"), "Prices.xlsx", OFFICE, SHEET),
        (samples.open_document("spreadsheet"), "a.ods", OFFICE,
         "application/vnd.oasis.opendocument.spreadsheet"),
        (samples.compound("WordDocument"), "a.doc", OFFICE, "application/msword"),
        (samples.compound("Workbook", sectors=5), "a.et", OFFICE, "application/vnd.ms-excel"),
        (samples.compound("SummaryInformation"), "setup.doc", OTHER, "application/octet-stream"),
        (samples.zipped("OFD.xml", "Doc_0/Document.xml"), "发票.ofd", OFFICE, "application/ofd"),
        (b"{\\rtf1\\ansi", "a.rtf", OFFICE, "application/rtf"),
        (b"Dear Ms Harlow,\r\n\twe agree.\n", "a.txt", TEXT, "text/plain"),
        ("客户,金额\n".encode("gb18030"), "a.csv", TEXT, "text/plain"),
        ("Grüße".encode("utf-16"), "a.txt", TEXT, "text/plain"),
        (b"<!DOCTYPE html><script>x</script>", "a.txt", TEXT, "text/html"),
        (b'<?xml version="1.0"?>\n<svg onload="x">', "logo.svg", TEXT, "image/svg+xml"),
        (samples.zipped("a.txt"), "a.docx", ARCHIVE, "application/zip"),
        (b"PK\x03\x04 cut", "a.docx", ARCHIVE, "application/zip"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a.7z", ARCHIVE, "application/x-7z-compressed"),
        (b"\x00" * 257 + b"ustar\x00", "a.tar", ARCHIVE, "application/x-tar"),
        (b"ID3\x03", "a.mp3", MEDIA, "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypqt  ", "a.mov", MEDIA, "video/mp4"),
        (b"#!AMR\n", "voice.amr", MEDIA, "audio/amr"),
        (b"\x01\x02\x03\x00", "a.bin", OTHER, "application/octet-stream"),
        (samples.PROGRAM, "Contract.pdf", PROGRAM, "application/octet-stream"),
        (b"\x7fELF\x02", "a", PROGRAM, "application/octet-stream"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", PROGRAM, "application/octet-stream"),
        (b"WScript.Echo 1", "Offer.pdf.VBS", PROGRAM, "application/octet-stream"),
        (samples.PNG, "cute.png.exe", PROGRAM, "application/octet-stream"),
        (samples.zipped("META-INF/MANIFEST.MF"), "a.zip", PROGRAM, "application/octet-stream"),
    ],
)  # fmt: skip
def test_content_counts_and_not_the_name(
    content: bytes, name: str, family: str, media_type: str
) -> None:
    assert judged(content, name) == Content(family, media_type)


def test_a_bomb_is_never_unpacked() -> None:
    packed = samples.bomb()
    began = time.process_time()
    assert judged(packed, "quote.docx").family == OFFICE
    assert time.process_time() - began < 0.05 and len(packed) < 200_000


END = b"PK\x05\x06" + bytes(8) + b"\x2e\x00\x00\x00\x04\x00\x00\x00\x00\x00"
STARTS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"RIFF", bytes(4) + b"ftyp"]


@pytest.mark.parametrize(
    "tail",
    [
        b"PK\x05\x06" + b"\xff" * 18,  # a list of contents of 4 GB, 4 GB from here
        b"PK\x05\x06" + b"\x00" * 18,
        b"PK\x01\x02" + b"\xff" * 42 + END,
        b"PK\x05\x06",
    ],
)  # fmt: skip
def test_a_list_of_contents_that_lies_is_an_archive(tail: bytes) -> None:
    assert judged(b"PK\x03\x04" + tail).family == ARCHIVE


@given(st.binary(max_size=600), st.sampled_from(STARTS))
def test_whatever_is_sent_is_judged(content: bytes, start: bytes) -> None:
    assert judged(start + content).media_type.isprintable()
