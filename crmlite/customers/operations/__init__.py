"""Everything that changes the customer book."""

from crmlite.customers.operations.bulk import change_many
from crmlite.customers.operations.confirming import confirm
from crmlite.customers.operations.contacts import (
    add_contact,
    delete_contact,
    make_primary,
    update_contact,
)
from crmlite.customers.operations.customers import (
    archive_customer,
    create_customer,
    delete_customer,
    revive_customer,
    update_customer,
)
from crmlite.customers.operations.moves import move_lifecycle, move_stage
from crmlite.customers.operations.needs import (
    add_need,
    add_remark,
    delete_need,
    delete_remark,
    update_need,
    update_remark,
)
from crmlite.customers.operations.tag_rules import set_rule, switch_rule
from crmlite.customers.operations.tags import (
    create_dimension,
    create_tag,
    retire_tag,
    revive_tag,
    set_tags,
    update_dimension,
    update_tag,
)

__all__ = [
    "add_contact",
    "add_need",
    "add_remark",
    "archive_customer",
    "change_many",
    "confirm",
    "create_customer",
    "create_dimension",
    "create_tag",
    "delete_contact",
    "delete_customer",
    "delete_need",
    "delete_remark",
    "make_primary",
    "move_lifecycle",
    "move_stage",
    "retire_tag",
    "revive_customer",
    "revive_tag",
    "set_rule",
    "set_tags",
    "switch_rule",
    "update_contact",
    "update_customer",
    "update_dimension",
    "update_need",
    "update_remark",
    "update_tag",
]
