"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("settings", "crmlite.settings", template_folder="templates")
