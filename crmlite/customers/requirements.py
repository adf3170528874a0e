"""What a firm may require of its customers, as settings."""

from crmlite.customers.operations.completeness import have_all_looked_at
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_

REQUIRABLE = {
    "first_contact_on": N_("First contact"),
    "contact": N_("One contact person"),
    "reach": N_("One way to reach them: mobile, phone, e-mail or WeChat"),
    "mobile": N_("A mobile number"),
    "source": N_("Source"),
    "stage": N_("Stage"),
    "region": N_("Region"),
    "owner_id": N_("Owner"),
}
OF_COMPANIES = {"industry": N_("Industry"), "size": N_("Size")}
OF_PERSONS = {"gender": N_("Gender"), "birthday": N_("Birthday"), "address": N_("Address")}


def settings() -> list[Setting]:
    """What makes the record of a company and of a person complete."""
    return [
        Setting(
            name="required_company",
            label=N_("A company is complete with"),
            default=["first_contact_on", "industry", "stage", "contact", "reach"],
            kind="choices",
            options=REQUIRABLE | OF_COMPANIES,
            hint=N_("What lacks one of these is kept and marked as to be completed."),
            group=N_("Customer book"),
            changed=have_all_looked_at,
        ),
        Setting(
            name="required_person",
            label=N_("A person is complete with"),
            default=["first_contact_on", "reach"],
            kind="choices",
            options=REQUIRABLE | OF_PERSONS,
            group=N_("Customer book"),
            changed=have_all_looked_at,
        ),
    ]
