"""Where the pages of tiers stand."""

from flask import Blueprint

bp = Blueprint("tiers", __name__, template_folder="../templates")
