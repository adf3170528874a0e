"""The list of customers: what an address asks for, and the rows that answer it."""

from crmlite.customers.lists.answering import (
    Listing,
    changeable,
    count_up_to,
    ids_in_order,
    ids_matching,
    listing,
)
from crmlite.customers.lists.query_string import Asked, args_of, asked_for, refuse_wider, whole

__all__ = [
    "Asked",
    "Listing",
    "args_of",
    "asked_for",
    "changeable",
    "count_up_to",
    "ids_in_order",
    "ids_matching",
    "listing",
    "refuse_wider",
    "whole",
]
