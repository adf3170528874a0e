"""Where the pages of strategies stand."""

from flask import Blueprint

bp = Blueprint("strategies", __name__, template_folder="../templates")
SEE, MANAGE = "strategies:see", "strategies:manage"
ADDRESS = "/strategies/<int:strategy_id>"
