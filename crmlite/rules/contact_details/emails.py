"""Checks an e-mail address by its form, and notices private mailboxes."""

import re
import unicodedata
from typing import NamedTuple

from crmlite.rules.problems import Checked, refused, warning
from crmlite.rules.text import folded, unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "email_no_at": N_("An e-mail address has one @, as in name@company.com."),
    "email_several": N_("Please enter one e-mail address only."),
    "email_blank_inside": N_("An e-mail address has no blanks in it."),
    "email_no_local": N_("Something is missing before the @, as in name@company.com."),
    "email_no_domain": N_("Something is missing after the @, as in name@company.com."),
    "email_local": N_("The part before the @ cannot be right: “%(part)s”."),
    "email_domain": N_("The part after the @ cannot be right: “%(part)s”."),
    "email_too_long": N_("An e-mail address has at most 254 characters."),
    "email_private": N_("This is a private mailbox (%(domain)s), not one of the company."),
}

LONGEST = 254
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
NAMED = re.compile(r"[^<>]*<([^<>]+)>")
PRIVATE = frozenset(
    """
    qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com
    sina.com sina.cn vip.sina.com sohu.com 139.com 189.cn wo.cn 21cn.com tom.com 263.net
    aliyun.com gmail.com googlemail.com outlook.com hotmail.com live.com live.cn live.co.uk
    msn.com hotmail.co.uk hotmail.fr hotmail.de outlook.de outlook.fr yahoo.com yahoo.co.uk
    yahoo.co.jp yahoo.de yahoo.fr yahoo.com.hk yahoo.com.tw ymail.com icloud.com me.com mac.com
    aol.com gmx.de gmx.net gmx.com gmx.at web.de freenet.de t-online.de proton.me protonmail.com
    pm.me mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com naver.com hanmail.net daum.net
    btinternet.com orange.fr wanadoo.fr free.fr laposte.net libero.it virgilio.it mail.com
    fastmail.com tutanota.com
    """.split()
)


class EmailForms(NamedTuple):
    """What an address is found by, in small letters: whole, before the @, after it."""

    address: str
    local: str
    domain: str


def check_email(text: str, *, company: bool = False) -> Checked[str]:
    """A typed address as it is kept; the domain in small letters. None when nothing was entered.

    `Name <a@b.example>` and `mailto:` are read; with `company`, a private mailbox is mentioned.
    """
    if problem := unstorable(text):
        return Checked(None, (problem,))
    if not folded(text):
        return Checked(None)
    typed = tidied(text)
    if len(typed) > LONGEST:
        return refused("email_too_long")
    if typed.count("@") > 1 and re.search(r"[\s,;/、]", typed):
        return refused("email_several")
    if re.search(r"\s", typed):
        return refused("email_blank_inside")
    if typed.count("@") != 1:
        return refused("email_no_at")
    local, _, domain = typed.partition("@")
    if not local:
        return refused("email_no_local")
    if not domain:
        return refused("email_no_domain")
    if not LOCAL.fullmatch(local) or len(local) > 64:
        return refused("email_local", part=local)
    if not can_be_domain(domain):
        return refused("email_domain", part=domain)
    doubt = (warning("email_private", domain=domain),) if company and is_private(domain) else ()
    return Checked(f"{local}@{domain}", doubt)


def tidied(text: str) -> str:
    """The address without what pastes along with it; the domain in small letters."""
    typed = unicodedata.normalize("NFC", folded(text))
    if named := NAMED.fullmatch(typed):
        typed = named[1].strip()
    typed = re.sub(r"^mailto:", "", typed, flags=re.IGNORECASE).rstrip(".,;:。；，、").strip()
    local, at, domain = typed.rpartition("@")
    return f"{local}{at}{domain.replace('。', '.').lower()}"


def can_be_domain(domain: str) -> bool:
    """Whether a domain has the form of one that mail can go to, in any script."""
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    return (
        len(labels) > 1
        and all(re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)
        and not labels[-1].isdigit()
        and len(labels[-1]) > 1
    )


def is_private(domain: str) -> bool:
    """Whether a domain gives mailboxes to anyone, so that it says nothing about a company."""
    return domain.lower() in PRIVATE


def email_forms(text: str) -> EmailForms:
    """The forms an address is found by, from what was typed or kept; empty ones when it is none."""
    typed = tidied(text).casefold()
    local, at, domain = typed.rpartition("@")
    return EmailForms(typed, local, domain) if at and local and domain else EmailForms("", "", "")
