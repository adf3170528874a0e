"""People who sign in: their teams, roles and sessions."""
