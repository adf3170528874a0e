"""Pages for signing in, for oneself, and for people, teams and roles."""

from crmlite.accounts.views import index, password, people, profile, roles, signing, teams
from crmlite.accounts.views.blueprint import bp

__all__ = ["bp", "index", "password", "people", "profile", "roles", "signing", "teams"]
