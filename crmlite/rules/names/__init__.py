"""Names of companies and people: what makes two of them the same, and one of them incomplete."""

from collections.abc import Sequence

from crmlite.rules.names.companies import lacks_legal_form, name_key
from crmlite.rules.names.people import family_name, is_title_only
from crmlite.rules.problems import Problem, warning
from crmlite.rules.wording import N_

__all__ = ["check_name", "family_name", "looks_abbreviated", "name_key"]

MESSAGES = {
    "name_abbreviated": N_("This looks abbreviated: please enter the full registered name."),
    "name_title_only": N_("Only a family name and a title: please enter the full name."),
    "name_resembles": N_("This name resembles one in the book: %(name)s."),
}


def looks_abbreviated(name: str, kind: str) -> bool:
    """Whether a name is probably not the full one.

    Of a `company`, when nothing tells its legal form or what kind of house it is; of a `person`,
    when it is a family name with a title (王总, 李老师). It is a doubt, not a fault.
    """
    return lacks_legal_form(name) if kind == "company" else is_title_only(name)


def check_name(name: str, kind: str) -> Sequence[Problem]:
    """The warning for a name that looks abbreviated, if it does; `kind` is company or person."""
    if not looks_abbreviated(name, kind):
        return ()
    return (warning("name_abbreviated" if kind == "company" else "name_title_only"),)
