"""The blueprint of this room, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("exports", "crmlite.exports", template_folder="templates")
