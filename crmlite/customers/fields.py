"""Everything that is recorded or counted about a customer, a contact and a need.

One list serves forms, the list, filters, the change record, import and export. `RECORDED` fields
are typed by people and kept in the column of their name (`owner` in `owner_id`); `COUNTED` ones
follow from other records.
"""

from crmlite.customers.conditions.asked_fields import asked
from crmlite.fields import fields_of
from crmlite.fields.entering import heading as heading_of_further
from crmlite.rules.fields import Choice, Field
from crmlite.wording import N_, label

BASICS, COOPERATION, PERSON, PLACE = "basics", "cooperation", "person", "place"
PARTS = "parts"
GROUPS = {
    BASICS: N_("Basics"),
    PLACE: N_("Background"),
    COOPERATION: N_("Cooperation"),
    PERSON: N_("About the person"),
    PARTS: N_("Contacts and needs"),
}
KINDS = {
    "company": {"en": "Company", "zh": "企业"},
    "person": {"en": "Person", "zh": "个人"},
}
ONLY = {  # fields that make sense for one kind of customer only
    "company": ("industry", "size", "founded_on", "capital", "business"),
    "person": (
        "gender",
        "birthday",
        "birthday_lunar",
        "age",
        "likes_products",
        "likes_colours",
        "likes_brands",
        "interests",
    ),
}

RECORDED = (
    Field(name="number", label=N_("No."), group=BASICS, indexed=True),
    Field(name="name", label=N_("Name"), group=BASICS, indexed=True),
    Field(
        name="kind",
        label=N_("Kind"),
        kind="choice",
        choices_from="customer_kind",
        group=BASICS,
    ),
    Field(name="owner", label=N_("Owner"), kind="person", group=BASICS, indexed=True),
    Field(name="dedicated", label=N_("Dedicated person"), kind="person", group=BASICS),
    Field(
        name="lifecycle",
        label=N_("Life-cycle"),
        kind="choice",
        choices_from="lifecycle",
        group=BASICS,
        indexed=True,
    ),
    Field(
        name="stage",
        label=N_("Stage"),
        kind="choice",
        choices_from="stage",
        group=BASICS,
        indexed=True,
    ),
    Field(
        name="tier",
        label=N_("Tier"),
        kind="choice",
        choices_from="tier",
        group=BASICS,
        indexed=True,
    ),
    Field(name="status", label=N_("Status"), group=BASICS),
    Field(
        name="lost_reason",
        label=N_("Reason for loss"),
        kind="choice",
        choices_from="lost_reason",
        group=BASICS,
    ),
    Field(name="source", label=N_("Source"), kind="choice", choices_from="source", group=BASICS),
    Field(name="first_contact_on", label=N_("First contact"), kind="date", group=BASICS),
    Field(name="industry", label=N_("Industry"), kind="industry", group=PLACE, indexed=True),
    Field(name="size", label=N_("Size"), kind="choice", choices_from="size", group=PLACE),
    Field(name="founded_on", label=N_("Founded"), kind="date", group=PLACE),
    Field(name="capital", label=N_("Registered capital"), kind="integer", group=PLACE),
    Field(name="business", label=N_("Main business"), kind="longtext", group=PLACE),
    Field(name="region", label=N_("Region"), group=PLACE),
    Field(name="address", label=N_("Address"), sealed=True, group=PLACE),
    Field(name="website", label=N_("Website"), kind="url", group=PLACE),
    Field(name="currency", label=N_("Currency"), group=COOPERATION),
    Field(name="signed_amount", label=N_("Signed amount"), kind="amount", group=COOPERATION),
    Field(
        name="annual_amount",
        label=N_("Annual amount"),
        kind="amount",
        group=COOPERATION,
        indexed=True,
    ),
    Field(
        name="prospects",
        label=N_("Prospects"),
        kind="choice",
        choices_from="prospects",
        group=COOPERATION,
    ),
    Field(name="cooperation_on", label=N_("Cooperation since"), kind="date", group=COOPERATION),
    Field(
        name="contract_ends_on",
        label=N_("Contract ends"),
        kind="date",
        group=COOPERATION,
        indexed=True,
    ),
    Field(name="gender", label=N_("Gender"), kind="choice", choices_from="gender", group=PERSON),
    Field(name="birthday", label=N_("Birthday"), kind="date", group=PERSON),
    Field(name="birthday_lunar", label=N_("Lunar birthday"), kind="boolean", group=PERSON),
    Field(name="age", label=N_("Age"), kind="integer", group=PERSON),
    Field(name="likes_products", label=N_("Preferred products"), group=PERSON),
    Field(name="likes_colours", label=N_("Preferred colours"), group=PERSON),
    Field(name="likes_brands", label=N_("Preferred brands"), group=PERSON),
    Field(name="interests", label=N_("Interests"), group=PERSON),
)

COUNTED = (
    Field(name="tags", label=N_("Tags"), kind="tags", multiple=True),
    Field(name="team", label=N_("Team"), kind="team"),
    Field(name="last_contact", label=N_("Last contact"), kind="moment", indexed=True),
    Field(
        name="last_contact_kind",
        label=N_("Kind of last contact"),
        kind="choice",
        choices_from="channel",
    ),
    Field(name="next_step", label=N_("Next step"), kind="date", indexed=True),
    Field(name="interactions", label=N_("Number of follow-ups"), kind="integer"),
    Field(name="contacts", label=N_("Number of contact persons"), kind="integer"),
    Field(name="needs", label=N_("Number of needs"), kind="integer"),
    Field(name="open_needs", label=N_("Number of open needs"), kind="integer"),
    Field(name="urgency", label=N_("Urgency"), kind="choice", choices_from="urgency"),
    Field(name="budget", label=N_("Budget"), kind="choice", choices_from="budget"),
    Field(name="core_need", label=N_("Core need"), kind="choice", choices_from="core_need"),
    Field(name="risks", label=N_("Number of risk notes"), kind="integer"),
    Field(name="orders", label=N_("Number of orders"), kind="integer", indexed=True),
    Field(name="bought", label=N_("Bought in all"), kind="amount", indexed=True),
    Field(name="average_order", label=N_("Average order"), kind="amount"),
    Field(name="first_order_on", label=N_("First order"), kind="date"),
    Field(name="last_order_on", label=N_("Last order"), kind="date", indexed=True),
    Field(
        name="order_interval",
        label=N_("Usual days between orders"),
        kind="integer",
        indexed=True,
    ),
    Field(name="next_order_on", label=N_("Next purchase expected"), kind="date", indexed=True),
    Field(name="orders_year", label=N_("Orders in 365 days"), kind="integer"),
    Field(name="bought_year", label=N_("Bought in 365 days"), kind="amount"),
    Field(name="order_gap", label=N_("Order pause in % of the usual"), kind="integer"),
    Field(name="complaints", label=N_("Number of complaints"), kind="integer"),
    Field(name="asked", label=N_("Follow-ups we began in 180 days"), kind="integer"),
    Field(name="answer_days", label=N_("Usual working days to an answer"), kind="integer"),
    Field(name="waiting_days", label=N_("Working days without any answer"), kind="integer"),
    Field(name="incomplete", label=N_("To be completed"), kind="boolean"),
    Field(name="phone", label=N_("Phone"), kind="phone"),
    Field(name="email", label=N_("E-mail"), kind="email"),
    Field(name="im", label=N_("WeChat/WeCom"), kind="im"),
    Field(name="created", label=N_("Added"), kind="moment", indexed=True),
    Field(name="updated", label=N_("Last changed"), kind="moment", indexed=True),
)

CONTACT = (
    Field(name="name", label=N_("Full name")),
    Field(name="title", label=N_("Title")),
    Field(name="role", label=N_("Role in decisions"), kind="choice", choices_from="decision_role"),
    Field(name="mobile", label=N_("Mobile"), kind="phone"),
    Field(name="phone", label=N_("Phone"), kind="phone"),
    Field(name="email", label=N_("E-mail"), kind="email"),
    Field(name="im", label=N_("WeChat/WeCom"), kind="im"),
    Field(name="channel", label=N_("Prefers"), kind="choice", choices_from="channel"),
    Field(name="relation", label=N_("Relation"), kind="choice", choices_from="relation"),
    Field(name="birthday", label=N_("Birthday"), kind="date"),
    Field(name="birthday_lunar", label=N_("Lunar birthday"), kind="boolean"),
    Field(name="no_marketing", label=N_("No marketing"), kind="boolean"),
    Field(name="is_primary", label=N_("Main contact"), kind="boolean"),
    Field(name="note", label=N_("Note"), kind="longtext", sealed=True),
)

NEED = (
    Field(name="goal", label=N_("Purchase goal"), kind="longtext", sealed=True),
    Field(name="core_need", label=N_("Core need"), kind="choice", choices_from="core_need"),
    Field(name="product", label=N_("Product preference"), sealed=True),
    Field(name="pain", label=N_("Industry pain"), kind="longtext", sealed=True),
    Field(name="expectations", label=N_("Expectations"), kind="longtext", sealed=True),
    Field(name="urgency", label=N_("Urgency"), kind="choice", choices_from="urgency"),
    Field(name="budget", label=N_("Budget"), kind="choice", choices_from="budget"),
    Field(name="decision", label=N_("Decision process"), kind="longtext", sealed=True),
    Field(name="status", label=N_("State of the need"), kind="choice", choices_from="need_status"),
)

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS = tuple(
    Choice(str(number), {"en": english, "zh": f"{number} 月"})
    for number, english in enumerate(ENGLISH_MONTHS, 1)
)

IN_ITS_CURRENCY = ("signed_amount", "annual_amount")  # the customer's own, not the firm's

# One customer has several of these: they are asked for, and no column or order could show them.
OF_PARTS = (
    Field(
        name="contact_role",
        label=N_("Role of a contact in decisions"),
        kind="choice",
        choices_from="decision_role",
        group=PARTS,
    ),
    Field(
        name="contact_channel",
        label=N_("A contact prefers"),
        kind="choice",
        choices_from="channel",
        group=PARTS,
    ),
    Field(
        name="contact_no_marketing",
        label=N_("A contact wants no marketing"),
        kind="boolean",
        group=PARTS,
    ),
    Field(
        name="contact_birthday_month",
        label=N_("Birthday month of a contact"),
        kind="choice",
        choices=MONTHS,
        group=PARTS,
    ),
    Field(
        name="need_status",
        label=N_("State of a need"),
        kind="choice",
        choices_from="need_status",
        group=PARTS,
    ),
)

COLUMNS = {  # where a field's value is, when its column has another name
    "owner": "owner_id",
    "dedicated": "dedicated_id",
    "created": "created_at",
    "updated": "updated_at",
}


def customer_fields() -> tuple[Field, ...]:
    """What is recorded about customers, with what packs add."""
    return (*RECORDED, *pack_fields())


def pack_fields() -> tuple[Field, ...]:
    """What packs and managers have recorded about customers."""
    return fields_of("customer")


def heading(field: Field) -> str:
    """What the group of a field is called in the reader's language; empty for what is counted."""
    key = str(field.group)
    if field.name in asked():
        return label(field.group)
    if field.pack and key not in GROUPS:
        return heading_of_further(field)
    return label(GROUPS.get(key, key))


def list_fields() -> dict[str, Field]:
    """Everything that a list of customers can show, filter or sort by, by name."""
    answered = (one.field for one in asked().values())
    return {field.name: field for field in (*customer_fields(), *COUNTED, *answered)}


def asked_fields() -> dict[str, Field]:
    """Everything that a list of customers can be filtered by, by name."""
    return {**list_fields(), **{field.name: field for field in OF_PARTS}}


def column_of(name: str) -> str:
    """The column of a recorded field."""
    return COLUMNS.get(name, name)
