"""The pages of products, orders and returns."""

from flask import Blueprint

bp = Blueprint("sales", "crmlite.sales", template_folder="templates")
