"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("history", "crmlite.history", template_folder="templates")
