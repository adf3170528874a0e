"""Where the pages of the customer book hang."""

from flask import Blueprint

bp = Blueprint("customers", "crmlite.customers", template_folder="templates")
