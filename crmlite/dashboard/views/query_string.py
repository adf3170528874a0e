"""What the address of a page of Today asks for: whose it is."""

from flask import abort, request

from crmlite import clock
from crmlite.access import Reader
from crmlite.followups.deadlines import firm_zone
from crmlite.followups.queries.today import Days
from crmlite.followups.whose import Whose, whose


def asked_for(reader: Reader) -> Whose:
    """The people that `?who=` or `?team=` name, the reader without; 404 for those out of sight."""
    shown = whose(reader, request.args.get("who", ""), request.args.get("team", ""))
    if shown is None:
        abort(404)
    return shown


def days_now() -> Days:
    """The day it is at the firm, and its week."""
    return Days.around(clock.today(firm_zone()))
