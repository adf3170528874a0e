"""When a change was learnt of: asked beside it, answered by nobody who enters it at once."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite import clock
from crmlite.forms import Moment


def learnt_field() -> Moment:
    """The field of a form."""
    return Moment(_l("Learnt on"), validators=[_not_ahead])


def _not_ahead(_form: Any, field: Any) -> None:
    if field.data and field.data > clock.now():
        raise ValidationError(_("This lies in the future."))
