"""The forms of the customer book."""

from crmlite.customers.forms.contacts import ContactForm, contact_form
from crmlite.customers.forms.customers import (
    CustomerForm,
    FactForm,
    NewCustomerForm,
    edit_form,
    fact_form,
    new_form,
    stored,
)
from crmlite.customers.forms.moves import LifecycleForm, OwnerForm, StatusForm, TierForm
from crmlite.customers.forms.needs import NeedForm, RemarkForm, need_form
from crmlite.customers.forms.tags import TagsForm, tags_form

__all__ = [
    "ContactForm",
    "CustomerForm",
    "FactForm",
    "LifecycleForm",
    "NeedForm",
    "NewCustomerForm",
    "OwnerForm",
    "RemarkForm",
    "StatusForm",
    "TagsForm",
    "TierForm",
    "contact_form",
    "edit_form",
    "fact_form",
    "need_form",
    "new_form",
    "stored",
    "tags_form",
]
