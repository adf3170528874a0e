"""Words of cases for templates."""

from crmlite.accounts.queries import person_name
from crmlite.cases.forms.improvements import STATUSES
from crmlite.cases.views.blueprint import bp
from crmlite.cases.words import listed, status_label
from crmlite.wording import label

bp.add_app_template_filter(person_name, "person")
bp.add_app_template_filter(status_label, "case_status")


@bp.app_template_filter("duty")
def duty(key: str) -> str:
    """What somebody does in a joint team."""
    return listed("duty", key)


@bp.app_template_filter("cause")
def cause(key: str) -> str:
    """A root cause."""
    return listed("root_cause", key)


@bp.app_template_filter("improvement_status")
def improvement_status(key: str) -> str:
    """Where an improvement stands."""
    return label(dict(STATUSES)[key])
