"""Whether the page that is open shows what was changed, and so renews itself after a change."""

from crmlite.paging import asked_from

CHANGED = "customer-changed"  # what the parts of these pages listen to
PAGES = frozenset(
    f"customers.{name}" for name in ("show", "timeline_of", "contacts", "needs", "changes", "tab")
)
TODAY = frozenset(("dashboard.today", "dashboard.promises", "agenda.calendar", "agenda.sweep"))


def stays(number: str) -> bool:
    """Whether htmx asks from a page of this customer; a form on a page of its own leads back."""
    endpoint, values = asked_from()
    return endpoint in PAGES and values.get("number") == number


def renews(number: str) -> bool:
    """Whether htmx asks from a page that renews itself when this customer changes: its own, or a list
    of what is to be done."""
    return stays(number) or asked_from()[0] in TODAY
