"""The form of the days after which the steps come."""

from flask_babel import lazy_gettext as _l

from crmlite.forms import Integer, RecordForm
from crmlite.rules.dormancy import Terms

MOST = 3650


class TermsForm(RecordForm):
    """After how many days each step comes; an empty one never does."""

    warn = Integer(_l("Warn the owner: days without real contact"), least=1, most=MOST)
    rest = Integer(_l("Dormant: days without real contact"), least=1, most=MOST)
    ask = Integer(_l("Ask what becomes of it: days after the contract's end"), least=1, most=MOST)
    archive = Integer(_l("Archive: days without dealings"), least=1, most=MOST)

    def value(self) -> Terms:
        """The terms as they are to be."""
        return self.taken(Terms)
