"""The blueprint of this room, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("agenda", "crmlite.agenda", template_folder="templates")
