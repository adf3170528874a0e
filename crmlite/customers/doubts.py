"""What does not fit together about a customer, in sentences; nothing is refused for it (C21)."""

from typing import Any

from flask_babel import gettext as _

from crmlite import clock
from crmlite.customers.choices import choice_label
from crmlite.customers.fields import RECORDED
from crmlite.forms.times import zone
from crmlite.rules.lifecycle import CustomerFacts, doubts
from crmlite.rules.messages import MESSAGES
from crmlite.rules.names import check_name
from crmlite.wording import label


def about(form: Any, **given: Any) -> list[str]:
    """Doubts about what a form holds; `given` are values that it has no field for."""

    def of(name: str) -> Any:
        return form[name].data if name in form else given.get(name)

    kind = of("kind") or "company"
    stage, lifecycle = of("stage"), given.get("lifecycle", "potential")
    facts = CustomerFacts(
        lifecycle=lifecycle,
        stage=stage.replace("-", "_") if stage else None,
        first_contact_on=of("first_contact_on"),
        cooperation_start=of("cooperation_on"),
        contract_end=of("contract_ends_on"),
        founded_on=of("founded_on"),
        birthday=of("birthday"),
    )
    found = [*doubts(facts, clock.today(zone())), *check_name(of("name") or "", kind)]
    return [_said(problem.code, problem.params) for problem in found]


def _said(code: str, params: Any) -> str:
    words = dict(params)
    if "field" in words:
        words["field"] = next(
            (label(field.label) for field in RECORDED if field.name == words["field"]), ""
        )
    for name, key in (("stage", "stage"), ("lifecycle", "lifecycle")):
        if name in words:
            words[name] = choice_label(key, str(words[name]).replace("_", "-"))
    return str(_(MESSAGES[code], **words))
