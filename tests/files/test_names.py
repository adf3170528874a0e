"""Names of attached files: as typed, without what misleads or breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.files.names import LONGEST, cleaned
from tests.figures import counted


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("合同 2026 (终稿).pdf", "合同 2026 (终稿).pdf"),
        ("l'été – “draft”; #2 50%.docx", "l'été – “draft”; #2 50%.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\emma\\quote.xlsx", "quote.xlsx"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("in\u200bvis\ufeffible.png", "invisible.png"),
        ("half\ud800.txt", "half.txt"),
        ("a \x1b\rb.txt", "a b.txt"),
        ("e\u0301.txt", "é.txt"),
        ("  spaced   out .txt. ", "spaced out .txt"),
        ("👩\u200d🔧.jpg", "👩\u200d🔧.jpg"),
        (".gitignore", "file.gitignore"),
        ("...", "file"),
        ("", "file"),
        ("\x01\x02", "file"),
        ("/", "file"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names_are_kept_as_far_as_they_can_be(typed: str, kept: str) -> None:
    counted("encodings", texts=1)
    assert cleaned(typed) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(typed: str) -> None:
    name = cleaned(typed)
    assert 0 < len(name) <= LONGEST and cleaned(name) == name
    assert not set(name) & set("/\\\x00\n\u202e") and name.encode()
