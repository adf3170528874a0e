"""Who should have bought again: customers, and what they buy again and again."""

from typing import Any

from flask import abort, request, url_for

from crmlite.access import current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.customers.choices import choice_label
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, with_query
from crmlite.sales.asked_fields import expected_before
from crmlite.sales.queries import cycles
from crmlite.sales.views.blueprint import bp
from crmlite.sales.words import days_words
from crmlite.wording import N_, label

TITLES = {"customers": N_("Customers"), "products": N_("Single products")}


@bp.get("/purchases/overdue")
@requires("orders:see")
def overdue() -> Any:
    """Customers who are overdue to buy, or with `?of=products` the products that they are overdue to buy."""
    reader, before = current_reader(), expected_before()
    of = "products" if request.args.get("of") == "products" else "customers"
    read = cycles.overdue_products if of == "products" else cycles.overdue_customers
    try:
        shown = read(reader, before, request.args.get("after", ""))
    except BadCursor:
        abort(404)
    counts = cycles.counted(reader, before)
    return page(
        "sales/overdue.html",
        "sales/_overdue.html",
        of=of,
        rows=[_line(row) for row in shown.rows],
        tabs=[
            {
                "label": label(words),
                "url": _address(one),
                "current": one == of,
                "count": _many(counts[one]),
            }
            for one, words in TITLES.items()
        ],
        count=counts[of],
        total=_many(counts[of]),
        before=_address(of, shown.before) if shown.before else "",
        after=_address(of, shown.after) if shown.after else "",
    )


def _line(row: Any) -> dict[str, Any]:
    return {
        **row,
        "url": url_for("customers.show", number=row["number"]),
        "owner": person_name(row["owner_id"]),
        "tier": choice_label("tier", row["tier"]),
        "every": days_words(row["interval"]) if row["interval"] else "–",
    }


def _address(of: str, cursor: str = "") -> str:
    query = {"of": "" if of == "customers" else of, "after": cursor}
    return with_query(url_for("sales.overdue"), query)


def _many(number: int) -> str:
    return f"{number}+" if number >= cycles.MOST_COUNTED else str(number)
