"""Files of every kind become rows of text, nothing in them becomes something else without a word,
and what would break the reader is refused."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from crmlite.imports.headings import guess
from crmlite.imports.sources import looking, unreadable
from crmlite.imports.sources.looking import Layout, look, rows
from crmlite.imports.sources.unreadable import Unreadable
from tests.figures import counted
from tests.imports.spreadsheets import book, text_cell
from tests.real_files import real_file

CHINESE = "客户编号,客户名称,城市\nC001,苏州云杉精密机械有限公司,苏州\nC002,合肥量芯半导体,合肥\n"
TRADITIONAL = "客戶名稱,城市\n臺灣積體電路製造股份有限公司,新竹\n鴻海精密工業股份有限公司,臺北\n"
WESTERN = "name,city\nMüller & Söhne,Köln\nCafé Crème,Besançon\n"

Read = Callable[..., tuple[Layout, list[tuple[int, list[str]]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file, or bytes: answers its layout and rows."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def whole(given: Path | bytes, sheet: int = 0, **more: str) -> object:
        path = given if isinstance(given, Path) else tmp_path / "given"
        if isinstance(given, bytes):
            path.write_bytes(given)

        def opened() -> IO[bytes]:
            return path.open("rb")

        layout = look(opened, scratch, **more)
        return layout, [tuple(row) for row in rows(opened, layout, scratch, sheet=sheet)]

    return whole  # type: ignore[return-value]


def why(read: Read, given: Path | bytes, **more: str) -> str:
    """Why a file cannot be read."""
    with pytest.raises(Unreadable) as refused:
        read(given, **more)
    return str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_chinese_is_read_in_every_encoding_that_tells_itself(read, encoding, found):
    counted("encodings", texts=1)
    layout, lines = read(CHINESE.encode(encoding))
    assert (layout.encoding, layout.delimiter) == (found, ",")
    assert lines[1] == (2, ["C001", "苏州云杉精密机械有限公司", "苏州"])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_letters_without_a_mark_are_known_by_their_zeros(read, encoding):
    counted("encodings", texts=1)
    layout, lines = read(WESTERN.encode(encoding))
    assert (layout.encoding, lines[1][1]) == (encoding, ["Müller & Söhne", "Köln"])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        (WESTERN, "cp1252"),
        (WESTERN, "mac_roman"),
        ("山田商店\n", "shift_jis"),
    ],
)
def test_what_could_be_two_things_is_asked_and_read_as_somebody_says(read, text, encoding):
    counted("encodings", texts=1)
    with pytest.raises(Unreadable) as refused:
        read(text.encode(encoding))
    assert refused.value.problem.code == "encoding_unknown"
    assert encoding in refused.value.problem.params["may_be"]
    _layout, lines = read(text.encode(encoding), encoding=encoding)
    assert lines[0][1] == text.split("\n")[0].split(",")


def test_big5_is_offered_first_where_it_reads_like_it(read):
    with pytest.raises(Unreadable) as refused:
        read(TRADITIONAL.encode("big5"))
    assert refused.value.problem.params["may_be"][0] == "big5"


def test_an_encoding_that_does_not_fit_is_refused(read):
    assert why(read, WESTERN.encode("cp1252"), encoding="utf-8") == "encoding_wrong"


def test_a_file_that_stops_being_utf_8_far_behind_is_not_read_half(read):
    given = b"name\n" + b"plain line\n" * 200_000 + b"M\xfcller\n"
    assert why(read, given) == "encoding_unknown"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(read, sign):
    cells = [["name", "city", "note"], ["A, B & Co", "Leeds", "1;2|3"], ["C", "York", "x\ty"]]
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in cells)
    layout, lines = read(text.encode())
    assert layout.delimiter == sign
    assert [row for _number, row in lines] == cells


def test_every_end_of_line_ends_one_and_rows_are_numbered_as_a_spreadsheet_does(read):
    given = b'name,note\r\nA,"two\nlines"\r\r\nB,x\n\nC,y\r'
    _layout, lines = read(given)
    filled = [(number, row) for number, row in lines if row]
    assert filled == [
        (1, ["name", "note"]),
        (2, ["A", "two\nlines"]),
        (4, ["B", "x"]),
        (6, ["C", "y"]),
    ]


def test_a_line_end_between_two_pieces_of_the_file_is_one(read, monkeypatch):
    monkeypatch.setattr("crmlite.imports.sources.encodings.CHUNK", 7)
    _layout, lines = read(CHINESE.replace("\n", "\r\n").encode())
    assert [number for number, _row in lines] == [1, 2, 3]
    assert lines[2][1] == ["C002", "合肥量芯半导体", "合肥"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b"%PDF-1.7 and so on", "file_of_another_kind"),
        (b"ID;PWXL;N;E\n", "file_of_another_kind"),
        (b'<?xml version="1.0"?><a/>', "file_of_another_kind"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfe", "file_empty"),
        (b"\xef\xbb\xbf,,,\r\n,,,\r\n", "file_empty"),
        (bytes(range(256)) * 40, "file_of_another_kind"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" * 9, "file_of_another_kind"),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\xff" * 20, "file_of_another_kind"),
        (random.Random(7).randbytes(9000), "file_of_another_kind"),
        (b"\n<html><body><table><tr><td>a</td></tr></table></body></html>", "file_is_web_page"),
        ("<table><tr><td>客户名称</td></tr></table>".encode("gbk"), "file_is_web_page"),
        ("<html>客户名称</html>".encode("utf-16"), "file_is_web_page"),
        (
            b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "file_is_web_page",
        ),
        (b"PK\x03\x04 and nothing else", "spreadsheet_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing else", "spreadsheet_broken"),
        (b"name\n" + b"x" * 200_000, "cell_too_long"),
        (b"name\n" + b"x" * 5_000_000, "line_too_long"),
        (b'name\n"' + b"x\n" * 100_000, "cell_too_long"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(read, given, code):
    assert why(read, given) == code
    assert code in unreadable.MESSAGES


@pytest.mark.parametrize(
    "members",
    [
        {"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"},
        {"customers.csv": "a,b"},
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<o/>"},
    ],
)
def test_packed_files_that_are_no_spreadsheet_are_of_another_kind(read, tmp_path, members):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    assert why(read, path) == "file_of_another_kind"


def test_an_old_letter_is_of_another_kind(read):
    given = looking.COMPOUND + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)
    assert why(read, given) == "file_of_another_kind"


def test_a_workbook_in_which_nothing_stands_is_empty(read, tmp_path):
    assert why(read, book(tmp_path / "book.xlsx", "", sheets=2)) == "file_empty"


def test_the_sample_sheet_is_the_same_in_both_encodings(read):
    found = [
        read(real_file("customer_sheet", f"customers.{kind}.csv"))[1]
        for kind in ("utf8bom", "gb18030")
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 13 and {len(row) for _number, row in found[0]} == {16}


@pytest.mark.parametrize("folder", ["csv_suites", "crm_samples", "xlsx", "contacts"])
def test_every_real_file_is_read_or_refused_with_a_reason(read, folder):
    told = {}
    for path in sorted(real_file(folder).rglob("*")):
        if path.suffix.lower() in (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".vcf", ".xlsb", ".et"):
            try:
                told[path.name] = len(read(path)[1])
            except Unreadable as refused:
                told[path.name] = refused.problem.code
    refused = {name: code for name, code in told.items() if isinstance(code, str)}
    assert set(refused.values()) <= set(unreadable.MESSAGES)
    assert len(told) > 15
    assert all(
        name.startswith("password") or code in ("encoding_unknown", "file_empty")
        for name, code in refused.items()
    ), refused


def test_cells_of_a_spreadsheet_are_told_as_people_type_them(read):
    layout, lines = read(real_file("xlsx", "tablib", "dates.xls"))
    assert layout.format == looking.SPREADSHEET and layout.sheets
    assert lines == [(1, ["birth_date"]), (2, ["2015-04-12"])]
    _layout, lines = read(real_file("xlsx", "tablib", "book.ods"))
    assert lines == [(1, ["2023-03-12", "2023-03-14 13:43:00", "124", "16:45:00", "09:55:33"])]
    _layout, lines = read(real_file("xlsx", "sheetjs", "text_and_numbers.xlsx"))
    assert not [cell for _number, row in lines for cell in row if cell.endswith(".0")]


def test_rows_and_columns_keep_their_place_whatever_is_empty_before_them(read, tmp_path):
    row = f'<row r="3">{text_cell("B3", "Calder")}<c r="C3"><v>13800000001</v></c></row>'
    _layout, lines = read(book(tmp_path / "book.xlsx", row))
    assert lines == [(3, ["", "Calder", "13800000001"])]


def test_all_sheets_are_there(read, tmp_path):
    path = book(tmp_path / "book.xlsx", f'<row r="1">{text_cell("A1", "x")}</row>', sheets=3)
    assert read(path, sheet=2) == (
        Layout(format="spreadsheet", sheets=("S1", "S2", "S3")),
        [(1, ["x"])],
    )


def test_business_cards_of_many_phones_are_rows(read):
    _layout, lines = read(real_file("contacts", "vcf_ez", "John_Doe_IPHONE.vcf"))
    headings, card = lines[0][1], dict(zip(lines[0][1], lines[1][1], strict=True))
    assert headings[0] == "Full name"
    assert card["Full name"] == "Mr. John Richter James Doe Sr."
    assert card["Mobile"] == "905-555-1234"
    _layout, lines = read(real_file("contacts", "vcf_ez", "John_Doe_ANDROID.vcf"))
    assert len(lines) == 7


@pytest.mark.parametrize("charset", ["UTF-8", "GBK"])
def test_a_card_of_an_old_phone_says_its_characters_in_its_own_way(read, charset):
    name = "".join(f"={byte:02X}" for byte in "张志强".encode(charset))
    given = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        f"N;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{name};;;;\r\n"
        f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{name[:12]}=\r\n{name[12:]}\r\n"
        "TEL;CELL:13800000001\r\nPHOTO;ENCODING=BASE64:\r\n AAAA\r\n BBBB\r\nEND:VCARD\r\n"
    )
    _layout, lines = read(given.encode())
    card = dict(zip(lines[0][1], lines[1][1], strict=True))
    assert (card["Full name"], card["Mobile"]) == ("张志强", "13800000001")


@pytest.mark.parametrize(
    "bad",
    [
        "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=BASE64:a\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-C:=41\nEND:VCARD\n",
        "BEGIN:VCARD\n" * 5_000 + "FN:C\n" + "END:VCARD\n" * 5_000,
    ],
)
def test_a_broken_card_costs_itself_alone(read, bad):
    good = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nEND:VCARD\n"
    _layout, lines = read((good.format("A") + bad + good.format("B")).encode())
    assert [(number, cells[:1]) for number, cells in lines[1:]] == [(2, ["A"]), (3, []), (4, ["B"])]


def test_a_long_note_in_chinese_is_read(read):
    note = "好" * 5_000
    line = "".join(f"={byte:02X}" for byte in note.encode())
    soft = "=\r\n".join(line[at : at + 72] for at in range(0, len(line), 72))
    given = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:A\r\n"
        f"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{soft}\r\nEND:VCARD\r\n"
    )
    _layout, lines = read(given.encode())
    assert note in lines[1][1]


def test_what_a_card_says_never_gets_into_the_log(read, caplog):
    given = "BEGIN:VCARD\nVERSION:3.0\nFN:A\nOliver Hartwell 13912347788\nEND:VCARD\n"
    _layout, lines = read(given.encode())
    assert lines[1][1][:1] == ["A"]
    assert "Hartwell" not in caplog.text


def test_a_card_keeps_every_number_mail_address_and_unit(read):
    given = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:张三\nORG:测试集团;销售部;华东\n"
        "TEL;TYPE=CELL:13911110000\nTEL;TYPE=WORK:021-61234567\nTEL;TYPE=HOME:021-61234568\n"
        "EMAIL:a@x.example\nEMAIL;TYPE=PREF:b@x.example\n"
        "ADR;TYPE=HOME:;;Hof 3;Bonn;;53111;DE\nADR;TYPE=WORK:;;中山路 1;上海;;200000;中国\n"
        "END:VCARD\n"
    )
    _layout, lines = read(given.encode())
    card = dict(zip(lines[0][1], lines[1][1], strict=True))
    assert (card["Company"], card["Department"]) == ("测试集团", "销售部, 华东")
    assert (card["Mobile"], card["Phone"]) == ("13911110000", "021-61234567\n021-61234568")
    assert card["E-mail"] == "b@x.example\na@x.example"
    assert (card["Street"], card["City"]) == ("中山路 1", "上海")
    assert card["Second address"] == "DE, Bonn, Hof 3, 53111"
    assert None not in guess(lines[0][1])
