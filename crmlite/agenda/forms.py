"""The form that closes a task of the week."""

from flask_babel import lazy_gettext as _l

from crmlite.forms import Form, Text


class CloseForm(Form):
    """What came of a task, or why it is dropped."""

    outcome = Text(_l("What came of it, or why not"), most=300)
