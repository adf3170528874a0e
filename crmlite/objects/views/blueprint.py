"""The blueprint of this room, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("objects", "crmlite.objects", template_folder="templates")
