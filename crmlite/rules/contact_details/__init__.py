"""Phone, e-mail, messenger and web addresses: read as people write them, checked, masked."""

from crmlite.rules.contact_details.emails import EmailForms, check_email, email_forms, is_private
from crmlite.rules.contact_details.masking import is_mask, masked
from crmlite.rules.contact_details.messengers import check_im, im_form
from crmlite.rules.contact_details.phones import PhoneForms, check_phone, phone_forms
from crmlite.rules.contact_details.reading import Phone, read_phone
from crmlite.rules.contact_details.websites import check_url

__all__ = [
    "EmailForms",
    "Phone",
    "PhoneForms",
    "check_email",
    "check_im",
    "check_phone",
    "check_url",
    "email_forms",
    "im_form",
    "is_mask",
    "is_private",
    "masked",
    "phone_forms",
    "read_phone",
]
