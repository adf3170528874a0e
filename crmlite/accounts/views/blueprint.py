"""The blueprint of this slice, which the files beside this one fill."""

from flask import Blueprint

bp = Blueprint("accounts", "crmlite.accounts", template_folder="templates")
