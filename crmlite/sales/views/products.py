"""The product list: looking, adding, changing, retiring."""

from dataclasses import replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import can, current_reader, requires
from crmlite.db.keyset import BadCursor
from crmlite.history.queries import changes
from crmlite.paging import page, saved, with_query
from crmlite.sales import operations
from crmlite.sales.forms.products import ProductForm, product_form
from crmlite.sales.queries import products as reading
from crmlite.sales.queries.products import ACTIVE, MOST_COUNTED, RETIRED, Wanted
from crmlite.sales.views.blueprint import bp
from crmlite.sales.views.finding import refused, words
from crmlite.sales.words import CATEGORY
from crmlite.wording import N_, label
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

ADDRESS = "/products/<int:product_id>"
TITLES = {ACTIVE: N_("Offered"), RETIRED: N_("Retired")}
CHANGES = "history/_changes.html"  # the part that history offers for any record
LONGEST = 200


@bp.get("/products")
@requires("products:see")
def products() -> Any:
    """What the firm sells; `?category=`, `?q=`, `?status=retired` narrow it down."""
    reader, wanted = current_reader(), _wanted()
    try:
        shown = reading.products(reader, wanted, request.args.get("after", ""))
    except BadCursor:
        abort(404)
    counts = {
        state: reading.products_counted(reader, replace(wanted, state=state)) for state in TITLES
    }
    categories = {one.key: label(one.label) for one in settings.choices(CATEGORY, retired=True)}
    return page(
        "sales/products.html",
        "sales/_products.html",
        rows=shown.rows,
        wanted=wanted,
        tabs=[
            {
                "label": label(title),
                "url": _url(replace(wanted, state=state)),
                "current": state == wanted.state,
                "count": _many(counts[state]),
            }
            for state, title in TITLES.items()
        ],
        category=categories.get(wanted.category, ""),
        any_category=_url(replace(wanted, category="")),
        categories=[
            (text, _url(replace(wanted, category=key))) for key, text in categories.items()
        ],
        count=counts[wanted.state],
        total=_many(counts[wanted.state]),
        before=_url(wanted, shown.before) if shown.before else "",
        after=_url(wanted, shown.after) if shown.after else "",
        may_edit=can("products:edit"),
    )


def _wanted() -> Wanted:
    known = {one.key for one in settings.choices(CATEGORY, retired=True)}
    category = request.args.get("category", "")
    return Wanted(
        state=RETIRED if request.args.get("status") == RETIRED else ACTIVE,
        category=category if category in known else "",
        text=request.args.get("q", "").replace("\x00", " ").strip()[:LONGEST],
    )


def _url(wanted: Wanted, cursor: str = "") -> str:
    query = {
        "status": "" if wanted.state == ACTIVE else wanted.state,
        "category": wanted.category,
        "q": wanted.text,
        "after": cursor,
    }
    return with_query(url_for("sales.products"), query)


def _many(number: int) -> str:
    return f"{number}+" if number >= MOST_COUNTED else str(number)


@bp.get(ADDRESS)
@requires("products:see")
def product(product_id: int) -> Any:
    """A product, with every change of it; `?q=` and `?from=` narrow these down."""
    row, asked = reading.product(product_id), request.args
    text, cursor = asked.get("q", ""), asked.get("from", "")
    try:
        found = changes(current_reader(), ("product", product_id), text=text, cursor=cursor)
    except BadCursor:
        abort(404)
    return page(
        "sales/product.html",
        CHANGES if "q" in asked or "from" in asked else "sales/_product.html",
        row=row,
        may_edit=can("products:edit"),
        changes=found,
        changes_template=CHANGES,
        changes_url=url_for("sales.product", product_id=product_id),
    )


@bp.route("/products/new", methods=["GET", "POST"])
@requires("products:edit")
def new_product() -> Any:
    """Add a product."""
    form = ProductForm()
    if form.validate_on_submit():
        try:
            made = operations.add_product(
                form.changes(), form_key=form.key, by=current_reader().actor, at=clock.now()
            )
            return saved(
                url_for("sales.products"),
                message=_("The product is in the list."),
                undo=made["operation"],
            )
        except Refused as refusal:
            form.blame("code", words(refusal))
    return _form(form, _("New product"), url_for("sales.products"))


@bp.route(f"{ADDRESS}/edit", methods=["GET", "POST"])
@requires("products:edit")
def edit_product(product_id: int) -> Any:
    """Change a product."""
    form = product_form(reading.product(product_id))
    place = url_for("sales.product", product_id=product_id)
    if form.validate_on_submit():
        try:
            undo = operations.update_product(
                product_id,
                form.changes(),
                version=form.seen,
                by=current_reader().actor,
                at=clock.now(),
            )
            message = _("Saved.") if undo else _("Nothing was changed.")
            return saved(place, message=message, undo=undo or None)
        except Refused as refusal:
            form.blame("code", words(refusal))
        except Stale:
            form.conflict(reading.product(product_id))
    return _form(form, _("Product"), place)


def _form(form: Any, title: str, back: str) -> Any:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "now": clock.now(),
        "faster": last_change("product") if form.is_stale else None,
    }
    return page("sales/product_form.html", "sales/_product_form.html", form.http_status, **context)


@bp.post(f"{ADDRESS}/retirement")
@requires("products:edit")
def retire_product(product_id: int) -> Any:
    """Offer it no more."""
    row = reading.product(product_id)
    undo = operations.retire_product(row["id"], by=current_reader().actor, at=clock.now())
    place = url_for("sales.product", product_id=product_id)
    return saved(place, message=_("The product is offered no more."), undo=undo or None)


@bp.post(f"{ADDRESS}/offer")
@requires("products:edit")
def offer_product(product_id: int) -> Any:
    """Offer it again."""
    row = reading.product(product_id)
    undo = operations.offer_product(row["id"], by=current_reader().actor, at=clock.now())
    place = url_for("sales.product", product_id=product_id)
    return saved(place, message=_("The product is offered again."), undo=undo or None)


@bp.post(f"{ADDRESS}/deletion")
@requires("products:edit")
def delete_product(product_id: int) -> Any:
    """Take it away, if nobody ordered it."""
    row = reading.product(product_id)
    try:
        undo = operations.delete_product(row["id"], by=current_reader().actor, at=clock.now())
    except Refused as refusal:
        return refused(url_for("sales.product", product_id=product_id), refusal)
    return saved(url_for("sales.products"), message=_("The product is deleted."), undo=undo)
