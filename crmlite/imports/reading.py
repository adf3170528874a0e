"""What a row says: its cells as values of a customer, and what of them cannot be kept.

A value that is wrong costs itself: it is left out and named. Only a row without a name is lost.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from crmlite.customers.naming import Named, named
from crmlite.imports.reaching import (
    calling_code,
    country_named,
    emails_in,
    numbers_in,
    with_code,
)
from crmlite.rules.contact_details import check_email, check_phone, is_mask
from crmlite.rules.contact_details.reading import read_phone
from crmlite.rules.dates import parse_date
from crmlite.rules.fields import Field
from crmlite.rules.numbering import check_number
from crmlite.rules.problems import Checked, Problem, refused
from crmlite.rules.spreadsheet_shield import unshielded
from crmlite.rules.text import clean_text, folded, says_nothing
from crmlite.rules.values import Reading, names_of, read_value
from crmlite.wording import N_

MESSAGES = {
    "import_name_missing": N_("The name is missing."),
    "import_row_unreadable": N_("This row cannot be read."),
    "import_hidden": N_("Hidden when the file was exported: the value itself is not in it."),
    "import_no_place_phone": N_("A contact keeps two phone numbers; this one is left out."),
    "import_no_place_email": N_("A contact keeps one e-mail address; this one is left out."),
    "import_no_place_address": N_("A customer keeps one address; this one is left out."),
    "import_birthday_partial": N_("A birthday is kept with year, month and day only."),
    "import_date_ambiguous": N_("Day and month could be swapped, so this date is left out."),
    "import_talk_undated": N_("Without a date this is kept as a remark."),
    "import_by_kept": N_("There is no follow-up that they made: the name is kept as a remark."),
    "import_currency_unknown": N_("There is no currency “%(text)s”."),
    "import_owner_unknown": N_("Nobody who signs in is called “%(name)s”."),
    "import_owner_unable": N_("“%(name)s” cannot own customers."),
    "import_number_taken": N_("%(number)s is another customer. This one got a number of its own."),
    "import_tag_unknown": N_("There is no tag “%(tag)s”."),
    "import_tag_automatic": N_("The tag “%(tag)s” is put on by its rule only."),
    "import_tag_resting": N_("The pack of the tag “%(tag)s” is off."),
    "import_tag_exclusive": N_("“%(tag)s” excludes another tag of this row."),
    "import_step_long": N_("The plan is too long for a next step; all of it is kept as a remark."),
    "import_not_allowed": N_("You may not set this."),
    "import_other_currency": N_(
        "The amounts of this customer are in %(currency)s. Say so in the file to change them."
    ),
    "import_archived": N_("This customer is archived; bring it back to change it."),
    "import_deleted": N_("This customer is in the recycle bin; restore it to change it."),
    "import_merged": N_("This customer was merged into another one; change that one."),
    "import_failed": N_(
        "Something went wrong on our side; the log says what. What is in the book stays: go on, or "
        "take it back."
    ),
    "import_not_yours": N_("This customer is in the book, and you may not change it."),
}

LONGEST_NAME = 200
LONGEST_TEXT = 10_000
NOON = time(12)
REPEATED = frozenset({"choice", "industry", "date", "amount", "integer", "boolean"})
REMEMBERED = 10_000
PERSONAL = frozenset("个人 个人客户 自然人 individual private person consumer".split())
OF_CUSTOMERS = re.compile(r"\s*(?:客户|customer|client)s?$", re.IGNORECASE)
DAYS_ON = re.compile(
    r"(\d{1,3})\s*(?:天|日)(?:之)?(?:内|后|以内)|(?:with)?in (\d{1,3}) days?", re.IGNORECASE
)
DATE_AT_START = re.compile(
    r"\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]?)"
)
# Columns with phones, and the field that the number goes to; "" is for the number itself to say.
PHONES = {"contact.mobile": "mobile", "contact.phone": "phone", "contact.reach": ""}
FURTHER = {  # files give them in several columns
    "contact.reach": tuple(f"contact.reach.{place}" for place in range(2, 10)),
    "contact.email": tuple(f"contact.email.{place}" for place in range(2, 5)),
}
PHONES |= dict.fromkeys(FURTHER["contact.reach"], "")
EMAILS = ("contact.email", *FURTHER["contact.email"])
PARTS_OF_ADDRESSES = ("country", "state", "city", "street", "postcode")
ADDRESS = tuple(f"address.{part}" for part in PARTS_OF_ADDRESSES)  # of work, where a file has both
SECOND_ADDRESS = tuple(f"second.{part}" for part in PARTS_OF_ADDRESSES)
BIRTH = ("birth.year", "birth.month", "birth.day")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a file: what stands above it, and what it is about (None: left aside). `unit`
    multiplies amounts that carry no unit of their own."""

    heading: str
    target: str | None
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong about a cell, or about the row (no heading). `text` is what stood there, where
    it was not kept."""

    heading: str
    problem: Problem
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The last contact that a row tells of, at noon of its day."""

    at: datetime
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What a row says is to be done next, in its own words. `due_on` is None where it says none; it
    is `counted` in days from the one on which the file was brought, where no contact is dated."""

    what: str
    due_on: date | None
    counted: bool = False


@dataclass(kw_only=True, slots=True)
class Incoming:
    """A customer as a row tells it: columns of Customer, of its contact and of a need; names of tags
    and people as they were written, `by` being who follows up. `failed` rows have no name, or could
    not be read at all. `named` is what follows from its names, where that is worked out; `texts` is
    what stood in the cells of values that may be left out, as they are `guarded`."""

    row: int
    number: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    need: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    owner: str = ""
    dedicated: str = ""
    by: str = ""
    talk: Talk | None = None
    step: Step | None = None
    doubts: list[Doubt] = field(default_factory=list)
    failed: bool = False
    named: Named | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """What cells are read with: the fields of customers, contacts and needs by target (`stage`,
    `contact.mobile`, `need.goal`) with their choices, further names of choices by field, what an
    industry is called (`industries(text)` answers a code or None), and the `reading`. `labels` are
    what a text field offers, by their labels; `currencies` those that there are; `guarded` the
    fields that ask for a right of their own, and amounts, which have a currency to fit."""

    fields: Mapping[str, Field]
    reading: Reading
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    industries: Any = None
    labels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    guarded: Collection[str] = frozenset()


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Sequence[Column], words: Vocabulary) -> None:
        self.words = words
        self.columns = list(enumerate(columns))
        self.choices = {
            target: {
                **{name: one.key for one in each.choices for name in names_of(one)},
                **words.synonyms.get(each.name, {}),
            }
            for target, each in words.fields.items()
            if each.kind == "choice"
        }
        targets = {column.target for column in columns}
        self.names_customers = "name" in targets
        self._read: dict[tuple[str, int, str, str], Checked[Any]] = {}
        self._currency = words.reading.currency  # of the row at hand

    def belongs(self, before: Sequence[str], cells: Sequence[str]) -> bool:
        """Whether a row belongs to the one before it: each is a customer of its own."""
        return False

    def tell(self, number: int, cells: Sequence[str]) -> Incoming:
        """What a row says, with what follows from its names."""
        told = self.read(number, cells)
        if not told.failed:
            values = told.values
            contact = told.contact.get("name") or values["name"]
            told.named = named(
                values["name"],
                kind=values["kind"],
                contacts=[contact] if told.contact else (),
                region=values.get("region"),
            )
        return told

    def read(self, number: int, cells: Sequence[str]) -> Incoming:
        """What a row says."""
        told = Incoming(row=number)
        if not any(cell.strip() for cell in cells):
            return self._failed(told, "import_row_unreadable")
        said = self.said(told.doubts, cells)
        told.texts = {target: said[target][1] for target in self.words.guarded if target in said}
        self._currency = self._currency_of(told, said)
        self._read_fields(told, said)
        self._read_contact(told, said)
        self._name(told, said)
        self._read_follow_up(told, said)
        if "remark" in said:
            self._keep_text(told, said["remark"], told.remarks)
        if "tags" in said:
            told.tags = [
                tag for tag in re.split(r"[,，、;；|\n]+|:::", said["tags"][1]) if tag.strip()
            ]
        told.owner = folded(said["owner"][1])[:LONGEST_NAME] if "owner" in said else ""
        told.dedicated = folded(said["dedicated"][1])[:LONGEST_NAME] if "dedicated" in said else ""
        told.by = folded(said["talk.by"][1])[:LONGEST_NAME] if "talk.by" in said else ""
        return told

    def said(self, doubts: list[Doubt], cells: Sequence[str]) -> dict[str, tuple[Column, str]]:
        """What stands in the cells of a row, by what they are about; what was hidden when the file was
        written is doubted."""
        said: dict[str, tuple[Column, str]] = {}
        for place, column in self.columns:
            text = unshielded(cells[place]) if place < len(cells) else ""
            if not column.target or says_nothing(text):
                continue
            if is_mask(self.kind_of(column.target), text):
                doubts.append(Doubt(column.heading, Problem("import_hidden"), text))
            else:
                said.setdefault(column.target, (column, text))
        return said

    def keep_all(
        self,
        told: Any,
        said: Mapping[str, tuple[Column, str]],
        where: dict[str, Any],
        currency: str = "",
    ) -> None:
        """Keep what is said of the fields that this reader knows, with doubts about the rest of it;
        `currency` is that of the row."""
        self._currency = currency or self.words.reading.currency
        for target, (column, text) in said.items():
            if target in self.words.fields:
                self._keep(told, column, target, text, where)

    def kind_of(self, target: str) -> str:
        """Of which kind the values of a column are."""
        if target in PHONES:
            return "phone"
        if target in EMAILS:
            return "email"
        asked = self.words.fields.get(target)
        return asked.kind if asked else "text"

    def _failed(self, told: Incoming, code: str, heading: str = "") -> Incoming:
        told.failed = True
        told.doubts.append(Doubt(heading, Problem(code)))
        return told

    def _currency_of(self, told: Incoming, said: dict[str, tuple[Column, str]]) -> str:
        """In which currency the amounts of a row are."""
        column, text = said.pop("currency", (None, ""))
        code = folded(text).upper()
        if code in self.words.currencies:
            told.values["currency"] = code
            return code
        if column is not None:
            problem = Problem("import_currency_unknown", {"text": code[:20]})
            told.doubts.append(Doubt(column.heading, problem, text))
        return self.words.reading.currency

    def _read_fields(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        for target, (column, text) in said.items():
            if target == "number":
                told.number = self._number(told, column, text)
            elif target.startswith("need."):
                self._keep(told, column, target, text, told.need)
            elif target in self.words.fields and "." not in target and target != "name":
                where = told.extra if "__" in target else told.values
                self._keep(told, column, target, text, where)
        self._read_addresses(told, said)

    def _read_addresses(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        """One address as a whole: parts of two would be a place that is none."""
        kept = told.values.get("address")
        for parts in (ADDRESS, SECOND_ADDRESS):
            cells = [said[part] for part in parts if part in said]
            address = ", ".join(text.strip() for _column, text in cells)
            if not address:
                continue
            if kept is None:
                kept = address
                told.values["address"] = clean_text(address, max_length=LONGEST_TEXT).value
            elif parts is SECOND_ADDRESS and address != kept:
                problem = Problem("import_no_place_address")
                told.doubts.append(Doubt(cells[0][0].heading, problem, address))

    def _keep(
        self, told: Any, column: Column, target: str, text: str, where: dict[str, Any]
    ) -> None:
        """Read a cell into a column, or say why it cannot be."""
        asked = self.words.fields[target]
        if target == "industry" and text.strip().casefold() in PERSONAL:
            told.values.setdefault("kind", "person")
            return
        checked = self._value(target, column, text)
        lost = text if checked.value is None else ""
        told.doubts += [Doubt(column.heading, problem, lost) for problem in checked.problems]
        if checked.value is not None:
            where[asked.name] = checked.value

    def _value(self, target: str, column: Column, text: str) -> Checked[Any]:
        """What a cell says. A file says few things often: its choices, days and amounts."""
        asked = self.words.fields[target]
        if asked.kind not in REPEATED:
            return self._read_value(asked, target, column, text)
        key = (target, column.unit, self._currency, text)
        if (known := self._read.get(key)) is None:
            if len(self._read) > REMEMBERED:
                self._read.clear()
            known = self._read[key] = self._read_value(asked, target, column, text)
        return known

    def _read_value(self, asked: Field, target: str, column: Column, text: str) -> Checked[Any]:
        if asked.kind == "industry" and self.words.industries is not None:
            code = self.words.industries(text)
            return Checked(code) if code else read_value(asked, text, self.words.reading)
        if asked.kind == "choice" and (key := self._choice(target, text)):
            return Checked(key)
        if target in self.words.labels:
            key = self.words.labels[target].get(folded(text).casefold())
            if not key and asked.traits.values == "id":
                return refused("choice_unreadable", value=folded(text)[:80])
            return Checked(key) if key else read_value(asked, text, self.words.reading)
        reading = self.words.reading
        if asked.kind == "amount":
            reading = replace(reading, unit=column.unit, currency=self._currency)
        return _certain(read_value(asked, text, reading))

    def _choice(self, target: str, text: str) -> str | None:
        """A choice by its key, its label in any language, what else it is called, and each of them
        with "customer" behind it: 意向客户."""
        typed, known = folded(text).casefold(), self.choices[target]
        return known.get(typed) or known.get(OF_CUSTOMERS.sub("", typed))

    def _number(self, told: Incoming, column: Column, text: str) -> str | None:
        number = folded(text)
        if problem := check_number(number):
            told.doubts.append(Doubt(column.heading, problem, text))
            return None
        return number

    def _read_contact(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        self._read_phones(told, said)
        self._read_emails(told, said)
        for target, (column, text) in said.items():
            if target in PHONES or target in EMAILS:
                continue
            if target.startswith("contact.") and target in self.words.fields:
                inside = told.contact.setdefault("extra", {}) if "__" in target else told.contact
                self._keep(told, column, target, text, inside)
        if not told.contact.get("extra", True):
            del told.contact["extra"]
        self._read_birthday(told, said)
        if "contact.department" in said:
            self._read_department(told, *said["contact.department"])
        parts = [said[part][1].strip() for part in NAME_PARTS if part in said]
        if parts and "name" not in told.contact:
            whole = _full_name(parts)
            told.contact["name"] = clean_text(whole, max_length=LONGEST_NAME).value

    def _read_birthday(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        """A birthday whose parts have columns of their own."""
        parts = [said[part] for part in BIRTH if part in said]
        if not parts or "birthday" in told.contact:
            return
        column, text = parts[0][0], "-".join(folded(text) for _column, text in parts)
        if len(parts) < len(BIRTH):
            told.doubts.append(Doubt(column.heading, Problem("import_birthday_partial"), text))
        else:
            self._keep(told, column, "contact.birthday", text, told.contact)

    def _read_department(self, told: Incoming, column: Column, text: str) -> None:
        """Contacts have no field for it: it stands in their note."""
        note = f"{column.heading}: {folded(text)}"
        kept = "\n".join(filter(None, (told.contact.get("note"), note)))
        checked = clean_text(kept, max_length=LONGEST_TEXT, lines=True)
        self._doubt(told, column, checked, text if checked.value is None else "")
        if checked.value:
            told.contact["note"] = checked.value

    def _read_phones(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        """Every number goes to its own field, or where another one has that, to the one that is
        left. What has no place is named."""
        waiting: list[tuple[Column, str, Checked[str]]] = []
        country = self._country_of(said)
        for target, field_name in PHONES.items():
            for column, given in _pieces(said.get(target), numbers_in):
                piece = with_code(given, country) if country else given
                checked = check_phone(piece, home=self.words.reading.home)
                name = field_name or self._field_of(piece)
                if checked.value is None:
                    self._doubt(told, column, checked, given)
                elif name in told.contact:
                    waiting.append((column, given, checked))
                else:
                    self._place(told, column, name, checked)
        for column, piece, checked in waiting:
            free = next((name for name in ("mobile", "phone") if name not in told.contact), None)
            if checked.value in (told.contact.get("mobile"), told.contact.get("phone")):
                continue
            if free:
                self._place(told, column, free, checked)
            else:
                told.doubts.append(Doubt(column.heading, Problem("import_no_place_phone"), piece))

    def _read_emails(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        """The first address that can be read is kept; each other one is named."""
        for target in EMAILS:
            for column, piece in _pieces(said.get(target), emails_in):
                checked = check_email(piece)
                if checked.value is None:
                    self._doubt(told, column, checked, piece)
                elif "email" not in told.contact:
                    self._place(told, column, "email", checked)
                elif checked.value.casefold() != told.contact["email"].casefold():
                    problem = Problem("import_no_place_email")
                    told.doubts.append(Doubt(column.heading, problem, piece))

    def _country_of(self, said: Mapping[str, tuple[Column, str]]) -> str:
        """The two letters of the country that a row names, where numbers are read otherwise there."""
        for part in ("address.country", "second.country"):
            if part in said:
                country = country_named(said[part][1])
                return "" if calling_code(country) == self.words.reading.home else country
        return ""

    def _field_of(self, piece: str) -> str:
        """Of a number of which its column does not say, whether it is a mobile."""
        phone = read_phone(piece, self.words.reading.home)
        return "mobile" if phone is None or phone.kind == "mobile" else "phone"

    def _place(self, told: Incoming, column: Column, name: str, checked: Checked[str]) -> None:
        told.contact[name] = checked.value
        self._doubt(told, column, checked)

    def _doubt(self, told: Incoming, column: Column, checked: Checked[str], lost: str = "") -> None:
        told.doubts += [Doubt(column.heading, problem, lost) for problem in checked.problems]

    def _name(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        """The customer's name: its own column, or where a file has none, of people: the company, or
        the person."""
        column, text = said.get("name") or said.get("company") or (None, "")
        if not text and not self.names_customers:
            text = told.contact.get("name") or told.contact.get("email") or ""
            told.values.setdefault("kind", "person")
        name = clean_text(text, max_length=LONGEST_NAME)
        heading = column.heading if column else self._heading_of("name")
        lost = text if name.value is None else ""
        told.doubts += [Doubt(heading, problem, lost) for problem in name.problems]
        if not name.value:
            if not name.problems:
                told.doubts.append(Doubt(heading, Problem("import_name_missing")))
            told.failed = True
            return
        told.values["name"] = name.value
        told.values.setdefault("kind", "company")
        if told.values["kind"] == "person" and told.contact.get("name") in (None, name.value):
            told.contact |= {"name": name.value, "is_self": True}

    def _heading_of(self, target: str) -> str:
        return next((one.heading for _, one in self.columns if one.target == target), "")

    def _read_follow_up(self, told: Incoming, said: Mapping[str, tuple[Column, str]]) -> None:
        day = self._day(told, said.get("talk.on"), self.words.reading.today)
        content: list[str] = []
        if "talk.content" in said:
            self._keep_text(told, said["talk.content"], content)
        if day is not None:
            at = datetime.combine(day, NOON, self.words.reading.zone)
            told.talk = Talk(at=at, content="".join(content))
        elif content:
            told.remarks += content
            heading = said["talk.content"][0].heading
            told.doubts.append(Doubt(heading, Problem("import_talk_undated", level="warning")))
        if "next.what" in said or "next.on" in said:
            self._read_step(told, said, day)

    def _read_step(
        self, told: Incoming, said: Mapping[str, tuple[Column, str]], talked_on: date | None
    ) -> None:
        since = talked_on or self.words.reading.today
        what: list[str] = []
        if "next.what" in said:
            self._keep_text(told, said["next.what"], what)
        text = "".join(what)
        said_on = self._day(told, said.get("next.on"), since)
        due_on = said_on or day_in(text, since)
        counted = talked_on is None and said_on is None and is_counted(text)
        if text or due_on:
            told.step = Step(what=text, due_on=due_on, counted=counted)

    def _day(self, told: Incoming, said: tuple[Column, str] | None, near: date) -> date | None:
        if said is None:
            return None
        column, text = said
        reading = self.words.reading
        read = parse_date(text, today=near, lang=reading.lang, day_first=reading.day_first)
        checked = _certain(read)
        lost = text if checked.value is None else ""
        told.doubts += [Doubt(column.heading, problem, lost) for problem in checked.problems]
        return checked.value

    def _keep_text(self, told: Incoming, said: tuple[Column, str], where: list[str]) -> None:
        column, text = said
        checked = clean_text(text, max_length=LONGEST_TEXT, lines=True)
        told.doubts += [Doubt(column.heading, problem) for problem in checked.problems]
        if checked.value:
            where.append(checked.value)


NAME_PARTS = ("contact.given", "contact.middle", "contact.family")


def _certain(checked: Checked[Any]) -> Checked[Any]:
    """A value without a date that is a guess: in a file, nobody looks at each of them."""
    if any(problem.code == "date_ambiguous" for problem in checked.problems):
        return refused("import_date_ambiguous")
    return checked


def _pieces(
    said: tuple[Column, str] | None, parted: Callable[[str], Iterable[str]]
) -> list[tuple[Column, str]]:
    """What stands in a cell, one by one."""
    return [(said[0], piece) for piece in parted(said[1])] if said else []


def day_in(text: str, since: date) -> date | None:
    """The day that a plan names: at its beginning (`2023-10-20电话确认`, `1月27日回访`, the latter in
    the year after which it lies), or in days from the last contact (`3天内回访`)."""
    if found := DATE_AT_START.match(text):
        day = parse_date(found[1], today=since).value
        if day is not None and day < since and "年" not in found[1] and "月" in found[1]:
            day = parse_date(found[1], today=since + timedelta(days=183)).value
        return day
    if found := DAYS_ON.search(text):
        return since + timedelta(days=int(found[1] or found[2]))
    return None


def is_counted(text: str) -> bool:
    """Whether the day that a plan names, if any, is so many days on."""
    return DATE_AT_START.match(text) is None and DAYS_ON.search(text) is not None


def _full_name(parts: Sequence[str]) -> str:
    """Given and family names as one: in Chinese the family name stands first, without a blank."""
    if all(re.fullmatch(r"[\u3400-\u9fff]+", part) for part in parts):
        family = parts[-1] if len(parts) > 1 else ""
        return family + "".join(parts[: len(parts) - 1] if family else parts)
    return " ".join(parts)
