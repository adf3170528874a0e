"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("dashboard", "crmlite.dashboard", template_folder="templates")
