"""What a column of a file with records of a pack can be about."""

from collections.abc import Iterable, Mapping

from crmlite.objects.kinds import Kind, kind_on
from crmlite.rules.wording import Label
from crmlite.wording import N_, label

CUSTOMER = N_("Customer")
WHOSE: Mapping[str, tuple[str, str]] = {
    "customer.number": (N_("Customer no."), CUSTOMER),
    "customer.name": (N_("Customer name"), CUSTOMER),
    "customer.phone": (N_("Customer's phone"), CUSTOMER),
}
PARENTS: Mapping[str, tuple[str, tuple[str, str]]] = {
    "contact": ("contact.name", (N_("Contact"), CUSTOMER)),
    "order": ("order.number", (N_("Order number"), N_("Order"))),
    "case": ("case.number", (N_("Case no."), N_("Case"))),
}


def is_about_objects(about: str) -> bool:
    """Whether a file is about records of a pack: it is about their kind then."""
    return "__" in about


def kind_of(about: str) -> Kind | None:
    """The kind that a file is about, if it is on."""
    return kind_on(about)


def targets_of(about: str) -> dict[str, tuple[Label, Label]]:
    """All of it: what each is called, and the heading above it. Nothing while the pack is off."""
    of = kind_of(about)
    if of is None:
        return {}
    found: dict[str, tuple[Label, Label]] = {
        field.name: (field.label, of.many) for field in of.fields
    }
    if of.parent in PARENTS:
        target, words = PARENTS[of.parent]
        found[target] = words
    return {**found, **WHOSE}


def sheet_of(about: str) -> list[str]:
    """The headings of a sheet to fill in: whose each record is, then its fields."""
    of, known = kind_of(about), targets_of(about)
    if of is None:
        return []
    whose = [PARENTS[of.parent][0]] if of.parent in PARENTS else []
    if of.parent not in ("order", "case"):
        whose.insert(0, "customer.number")
    return [label(known[name][0]) for name in (*whose, *(field.name for field in of.fields))]


def says_enough(about: str, targets: Iterable[str | None]) -> bool:
    """Whether columns can make records: what names one, and what it hangs on."""
    of, there = kind_of(about), set(targets)
    if of is None or of.title not in there:
        return False
    if of.parent in PARENTS and PARENTS[of.parent][0] not in there:
        return False
    return of.parent in ("order", "case") or not there.isdisjoint(WHOSE)
