"""A pack put to the test: on a book of its own, which is thrown away.

    from crmlite.testing.packs import trial

    def test_my_pack():
        with trial("retail") as pack:
            assert pack.faults() == []

`crmlite pack check NAME` asks the same.
"""

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock, hooks
from crmlite.app import create_app
from crmlite.cases.models import Case
from crmlite.cases.operations import CaseDraft, open_case, update_case
from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.operations import create_customer
from crmlite.extensions import database
from crmlite.fields.queries import fields_of, known_fields
from crmlite.fields.values import extra_kept
from crmlite.objects.kinds import kind_called, kinds
from crmlite.objects.operations import ObjectDraft, add_object
from crmlite.packs import operations, queries
from crmlite.packs.breaker import write_down
from crmlite.packs.loading import known
from crmlite.packs.models import PackFailure
from crmlite.packs.words import refusal
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import Field
from crmlite.rules.values import from_stored, to_stored
from crmlite.setup.demo.loading import DEMO
from crmlite.setup.demo.loading import load as load_demo
from crmlite.setup.demo.trades import load_trade
from crmlite.setup.demo.trades import shows as shows_something
from crmlite.setup.initialise import initialise
from crmlite.testing import PASSWORD, SignIn, config_for, make_book, person_id
from crmlite.work import Refused
from crmlite.work.actors import command_line
from crmlite.work.shipped import foreseen_of

LANGUAGES = ("en", "zh")
WORDS = frozenset({"label", "many", "hint", "group", "title", "description", "content", "goal"})
PAGES = (
    "/today",
    "/customers",
    "/customers/new",
    "/customers/{customer}",
    "/customers/{customer}/edit",
    "/complaints",
    "/cases/new",
    "/orders",
    "/settings",
    "/settings/firm",
    "/packs",
    "/packs/{pack}",
)


@dataclasses.dataclass
class Trial:
    """A pack that is installed, on a book of its own. Each check answers sentences, one for each thing
    that is wrong."""

    name: str
    app: Flask
    customer: str = ""
    case: str = ""

    def faults(self) -> list[str]:
        """All that is wrong with the pack. Where it cannot even be switched on, only that."""
        found: list[str] = []
        for check in CHECKS:
            found += check(self)
            if found and check in (loads, switches_on):
                break
        return found

    def switch(self, on: bool) -> None:
        """Switch it on or off. Raises Refused."""
        work = operations.enable_pack if on else operations.disable_pack
        with self.app.app_context():
            work(self.name, by=command_line(), at=clock.now())
            database.session.remove()

    def add_customer(self, extra: Mapping[str, Any], kind: str = "person") -> str:
        """A customer with these values of the pack's fields, by their whole names; answers its number.
        Raises ValueError for a field that there is not."""
        with self.app.app_context():
            values = {"kind": kind, "name": "Ada Byron 拜伦", "owner_id": person_id("sales")}
            draft = CustomerDraft(
                values=values,
                contacts=[{"name": "Ada Byron", "mobile": "13912340000", "is_self": True}],
                extra=as_kept("customer", extra),
            )
            made = create_customer(draft, by=command_line(), at=clock.now())
            database.session.remove()
        self.customer = str(made["number"])
        return self.customer

    def add_record(self, name: str, values: Mapping[str, Any]) -> int:
        """A record of a kind that hangs on customers, such as `retail__coupon`, of the customer that
        was added last, with these values of its fields; answers its id."""
        with self.app.app_context():
            kind = kind_called(name)
            if kind is None:
                raise ValueError(unknown(name, (one.name for one in kinds())))
            draft = ObjectDraft(
                type_id=kind.id, customer_id=self._customer_id(), extra=as_kept(name, values)
            )
            made = add_object(draft, by=command_line(), at=clock.now())
            database.session.remove()
        return made["id"]

    def open_case(self, extra: Mapping[str, Any], **columns: Any) -> str:
        """A complaint of the customer that was added last, with these values of the pack's fields and,
        say, `category="retail__returns"`; answers its number."""
        values = {"kind": "complaint", "subject": "Noise 噪音", "channel": "phone"}
        with self.app.app_context():
            at = clock.now()
            draft = CaseDraft(
                customer=self._customer_id(),
                values={**values, "opened_at": at, **columns},
                extra=as_kept("case", extra),
            )
            made = open_case(draft, by=command_line(), at=at)
            database.session.remove()
        self.case = str(made["number"])
        return self.case

    def _customer_id(self) -> int:
        from crmlite.customers.models import Customer

        table = Customer.__table__
        wanted = select(table.c.id).where(table.c.number == self.customer)
        return int(database.session.execute(wanted).scalar_one())

    def client(self, lang: str = "en", login: str = "manager") -> FlaskClient:
        """Somebody signed in, in a language."""
        return SignIn(self.app)(login, PASSWORD, lang=lang)

    def broken_pages(self, lang: str = "en", pages: Sequence[str] = PAGES) -> list[str]:
        """Pages that do not answer, of crmlite's and of the pack's that need nothing to be named."""
        reader = self.client(lang)
        named = {"customer": self.customer, "case": self.case, "pack": self.name}
        wanted = [page.format(**named) for page in pages]
        found = []
        for page in (*wanted, *self.own_pages()):
            status = reader.get(page).status_code
            if status not in (200, 303):
                found.append(f"{page} answers {status} ({lang})")
        return found

    def own_pages(self) -> list[str]:
        """The addresses of the pack's pages that can be opened just so."""
        return [
            rule.rule
            for rule in self.app.url_map.iter_rules()
            if rule.rule.startswith(f"/x/{self.name}/")
            and not rule.arguments
            and "GET" in (rule.methods or ())
        ]

    def failures(self) -> list[str]:
        """What went wrong in it while pages were asked for, in its own words."""
        with self.app.app_context():
            write_down()
            found = [f"{one.place}: {one.message}" for one in queries.failures(self.name)]
            database.session.remove()
        return list(dict.fromkeys(found))


@contextmanager
def trial(name: str) -> Iterator[Trial]:
    """A pack on a fresh book: SQLite, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="crmlite-pack-") as folder:
        config = config_for(Path(folder) / "instance", packs=True)
        make_book(config)
        app = create_app(config)
        try:
            yield Trial(name, app)
        finally:
            with app.app_context():
                database.session.remove()
                database.engine.dispose()


def loads(pack: Trial) -> list[str]:
    """It is installed, and can be read."""
    found = known(pack.app).get(pack.name)
    if found is None:
        return [f"No pack {pack.name!r} is installed: pip install it first."]
    if found.incompatible:
        return [
            f"It is made for another version of crmlite: {found.manifest and found.manifest.requires}"
        ]
    return [found.fault] if found.fault else []


def speaks(pack: Trial) -> Iterator[str]:
    """Everything that people read is there in both languages."""
    manifest = known(pack.app)[pack.name].manifest
    yield from _wordless(manifest, "[pack]")
    with pack.app.app_context():
        for hook, things in hooks.registry().declared[pack.name].items():
            for thing in things:
                yield from _wordless(thing, f"{hook} {hooks.name_of(thing) or ''}".strip())


def _wordless(thing: Any, where: str) -> Iterator[str]:
    if not dataclasses.is_dataclass(thing) or isinstance(thing, type):
        return
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if field.name in WORDS and field.type is not str and value and not _in_both(value):
            yield f"{where}: {field.name} {value!r} is not there in English and Chinese"
        for part in value if isinstance(value, tuple | list) else (value,):
            yield from _wordless(part, where)


def _in_both(words: Any) -> bool:
    return isinstance(words, Mapping) and all(words.get(language) for language in LANGUAGES)


def switches_on(pack: Trial) -> list[str]:
    """It can be switched on."""
    try:
        pack.switch(on=True)
    except Refused as refused:
        with pack.app.test_request_context():
            return [refusal(refused)]
    return []


def shows(pack: Trial) -> Iterator[str]:
    """Every page answers with it on, in both languages, and nothing goes wrong in it."""
    pack.add_customer(samples(pack, "customer"))
    pages = [*PAGES, *_with_records(pack), *_with_cases(pack)]
    for language in LANGUAGES:
        yield from pack.broken_pages(language, pages)
    yield from pack.failures()


def demonstrates(pack: Trial) -> Iterator[str]:
    """What it shows can be put into a demo book."""
    with pack.app.app_context():
        if not shows_something(pack.name):
            return
    with tempfile.TemporaryDirectory(prefix="crmlite-pack-") as folder:
        app = create_app(config_for(Path(folder) / "instance", packs=True))
        with app.app_context():
            yield from _demonstrated(pack.name)
            database.session.remove()
            database.engine.dispose()


def _demonstrated(name: str) -> Iterator[str]:
    initialise()
    load_demo("-", at=clock.now())
    try:
        operations.enable_pack(name, by=DEMO, at=clock.now())
        load_trade(name, by=DEMO, at=clock.now())
    except Refused as refused:
        with current_app.test_request_context():
            yield refusal(refused)


def _with_records(pack: Trial) -> list[str]:
    """Give the customer one record of each kind of the pack that hangs on customers; answers the
    pages that show them."""
    with pack.app.app_context():
        own = [one for one in kinds() if one.pack == pack.name and one.parent == "customer"]
        database.session.remove()
    pages = []
    for kind in own:
        made = pack.add_record(kind.name, samples(pack, kind.name))
        pages += [f"/records/{made}", f"/customers/{{customer}}/tabs/{kind.name}"]
        pages += [f"/records/{kind.name}"] if kind.listed else []
    return pages


def _with_cases(pack: Trial) -> list[str]:
    """Open a case of each of the pack's categories, at least one; answers their pages."""
    with pack.app.app_context():
        own = [one.key for one in hooks.declared("register_case_categories", pack.name)]
        database.session.remove()
    extra = samples(pack, "case")
    return [f"/cases/{pack.open_case(extra, category=key)}" for key in own or [None]]


def keeps(pack: Trial) -> Iterator[str]:
    """What was entered survives that it is switched off, on, and brought up to date."""
    given = samples(pack, "customer")
    number = pack.add_customer(given)
    before = kept(pack, number)
    if lost := sorted(set(given) - set(before)):
        yield f"Not kept: {', '.join(lost)}"
    for doing, on in (("off", False), ("on", True)):
        pack.switch(on)
        if kept(pack, number) != before:
            yield f"Values of a customer changed when it was switched {doing}"
        yield from pack.broken_pages(pages=("/customers", "/customers/{customer}"))
    with pack.app.app_context():
        if left := [one for one in foreseen_of(pack.name) if one.fate != "keep"]:
            yield f"Switched on again, it would change {len(left)} rows that it has just put in"
        database.session.remove()


def stands_alone(pack: Trial) -> Iterator[str]:
    """However it fails, the pages of crmlite answer."""
    with pack.app.app_context():
        plugin = hooks.manager().get_plugin(pack.name)
        callers = hooks.manager().get_hookcallers(plugin) if plugin is not None else None
        broken = [
            one
            for caller in callers or ()
            for one in caller.get_hookimpls()
            if one.plugin_name == pack.name and not caller.name.startswith("register_")
        ]
    whole = [(one, one.function) for one in broken]
    for one in broken:
        one.function = _fail
    hooks.log.disabled = True  # nobody needs to hear of what fails on purpose
    try:
        yield from pack.broken_pages(
            pages=("/today", "/customers", "/customers/{customer}", "/cases/{case}")
        )
    finally:
        hooks.log.disabled = False
        for one, function in whole:
            one.function = function
        with pack.app.app_context():
            write_down()
            database.session.execute(PackFailure.__table__.delete())
            database.session.commit()
            database.session.remove()


def _fail(*_args: Any, **_facts: Any) -> None:
    raise RuntimeError("failing on purpose")


def leaves_nothing(pack: Trial) -> Iterator[str]:
    """Purged, it is gone from the book, and pages answer."""
    pack.switch(on=False)
    with pack.app.app_context():
        _take_cases_out(pack.name)
        operations.purge_pack(pack.name, by=command_line(), at=clock.now())
        left = queries.held(pack.name)
        database.session.remove()
    yield from (f"After the purge there is still: {number} {what}" for what, number in left)
    yield from pack.broken_pages(pages=("/customers", "/customers/{customer}", "/packs"))


def _take_cases_out(pack: str) -> None:
    """Correct the categories of cases: the deadlines of open ones would be kept, since they were
    promised."""
    table = Case.__table__
    inside = select(table.c.id).where(table.c.category.startswith(f"{pack}__", autoescape=True))
    for case_id in database.session.execute(inside).scalars().all():
        update_case(case_id, {"category": None}, by=command_line(), at=clock.now())


Check = Callable[[Trial], Any]
CHECKS: tuple[Check, ...] = (
    loads,
    speaks,
    switches_on,
    shows,
    demonstrates,
    keeps,
    stands_alone,
    leaves_nothing,
)


def samples(pack: Trial, record_type: str) -> dict[str, Any]:
    """A value for each field that a pack has of a kind of record, as the book keeps it."""
    with pack.app.app_context():
        own = [one for one in fields_of(record_type) if one.pack == pack.name]
        found = extra_kept({field.name: sample(field) for field in own}, own)
        database.session.remove()
    return {name: value for name, value in found.items() if value is not None}


def as_kept(record_type: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of further fields as the book keeps them, be they given so or as Python has them. Raises
    ValueError for a field that there is not."""
    fields = known_fields(record_type)
    if strange := sorted(set(values) - set(fields)):
        raise ValueError(f"Fields of {record_type}: {unknown(strange[0], fields)}")
    return {name: _kept(fields[name], value) for name, value in values.items()}


def _kept(field: Field, value: Any) -> Any:
    if from_stored(field, value) is not None:
        return value
    return to_stored(field, tuple(value) if isinstance(value, list) else value)


def sample(field: Field) -> Any:
    """A value that a field can have."""
    keys = [choice.key for choice in field.choices if not choice.retired]
    match field.kind:
        case "choice":
            return keys[0] if keys else None
        case "choices":
            return keys[:2]
        case "integer" | "amount":
            return 12
        case "number":
            return 1.5
        case "boolean":
            return True
        case "date":
            return clock.now().date()
        case "moment":
            return clock.now()
        case "phone":
            return "+8613912340000"
        case "email":
            return "ada@example.com"
        case "url":
            return "https://example.com/"
        case "person" | "team" | "industry":
            return None
    return "Words 文字"


def kept(pack: Trial, number: str) -> dict[str, Any]:
    """The values of further fields that a customer has, as they stand in the book."""
    from crmlite.customers.models import Customer

    table = Customer.__table__
    with pack.app.app_context():
        wanted = select(table.c.extra).where(table.c.number == number)
        found = database.session.execute(wanted).scalar_one()
        database.session.remove()
    return dict(found or {})
