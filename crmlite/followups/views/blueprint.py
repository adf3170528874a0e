"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("followups", "crmlite.followups", template_folder="templates")
