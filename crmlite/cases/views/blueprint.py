"""The pages of cases."""

from flask import Blueprint

bp = Blueprint("cases", "crmlite.cases", template_folder="templates")
