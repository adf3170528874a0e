"""The key ring of the running instance, opened when it is first needed."""

from flask import current_app

from crmlite.db.keyring import KeyRing

KEY = "crmlite.keys"


def ring() -> KeyRing:
    """The key ring of this instance. Raises KeysMissing or KeysDamaged, which say what to do."""
    found: KeyRing | None = current_app.extensions.get(KEY)
    if found is None:
        found = KeyRing.load(current_app.extensions["crmlite.config"].keys_file)
        current_app.extensions[KEY] = found
    return found
