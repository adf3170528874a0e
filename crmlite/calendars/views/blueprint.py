"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("calendars", "crmlite.calendars", template_folder="templates")
