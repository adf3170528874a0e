"""The libraries that crmlite stands on, made once and bound to each application."""

from typing import TYPE_CHECKING

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from crmlite.db.naming import Base

database = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base  # what Flask-SQLAlchemy makes at run time is no type to a checker
else:
    Model = database.Model
babel = Babel()
csrf = CSRFProtect()
htmx = Htmx()
login_manager = LoginManager()
