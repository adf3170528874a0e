"""Whether the page that is open shows the customer, and so renews itself after a change."""

from crmlite.paging import asked_from

CHANGED = "customer-changed"  # what the parts of the customer's page listen to
PAGES = frozenset(
    f"customers.{name}" for name in ("show", "timeline_of", "contacts", "needs", "changes", "tab")
)


def stays(number: str) -> bool:
    """Whether htmx asks from a page of this customer; a form on a page of its own leads back."""
    endpoint, values = asked_from()
    return endpoint in PAGES and values.get("number") == number
