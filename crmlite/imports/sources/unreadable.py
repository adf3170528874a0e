"""Why a file cannot be read, and what to do about it."""

from crmlite.rules.problems import Problem
from crmlite.wording import N_

MESSAGES = {
    "file_empty": N_("The file is empty."),
    "file_of_another_kind": N_(
        "This file is neither a spreadsheet (.xlsx, .xls, .ods), nor text with separators (.csv, "
        ".tsv), nor business cards (.vcf)."
    ),
    "file_is_web_page": N_(
        "This file is a web page, whatever its name says. Open it in Excel or WPS and save it as "
        ".xlsx, then import that."
    ),
    "encoding_unknown": N_(
        "The file does not tell how its text is encoded. Please choose the encoding in which "
        "names look right."
    ),
    "encoding_wrong": N_("The text of the file is not encoded in %(encoding)s."),
    "row_unreadable": N_("Row %(row)s cannot be read."),
    "cell_too_long": N_("A cell in row %(row)s is longer than any field. Please shorten it."),
    "line_too_long": N_("A line of the file is too long to belong to a list."),
    "spreadsheet_broken": N_("The spreadsheet cannot be read: it is damaged or protected."),
    "spreadsheet_protected": N_(
        "The spreadsheet is protected by a password. Save it without one and import that."
    ),
    "spreadsheet_too_large": N_(
        "The spreadsheet is too large to be read. Save the sheet as CSV and import that."
    ),
    "spreadsheet_too_wide": N_(
        "The sheet has more than %(most)s columns. Delete those that are not needed."
    ),
}


class Unreadable(Exception):
    """A file, or the rest of it, cannot be read; `problem` says why, its code is in MESSAGES."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)
