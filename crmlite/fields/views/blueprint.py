"""The blueprint of this room, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("fields", "crmlite.fields", template_folder="templates")
