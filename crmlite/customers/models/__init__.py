"""The tables of the customer book."""

from crmlite.customers.models.contacts import Contact, ContactKey
from crmlite.customers.models.customers import Alias, Customer, Facts, NumberSeries
from crmlite.customers.models.freshness import Confirmation, Learnt
from crmlite.customers.models.needs import Need, Remark
from crmlite.customers.models.tags import CustomerTag, Dimension, Tag

__all__ = [
    "Alias",
    "Confirmation",
    "Contact",
    "ContactKey",
    "Customer",
    "CustomerTag",
    "Dimension",
    "Facts",
    "Learnt",
    "Need",
    "NumberSeries",
    "Remark",
    "Tag",
]
