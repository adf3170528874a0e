"""The kinds of contact, in the order in which people use them, and their pictures."""

from crmlite import settings
from crmlite.settings.catalogue import Choice

LIST = "channel"
ICONS = {
    "phone": "phone",
    "visit": "walk",
    "meeting": "users-group",
    "email": "mail",
    "wechat": "brand-wechat",
    "online": "video",
    "social": "message-circle",
}


def kinds() -> tuple[Choice, ...]:
    """The kinds that are offered."""
    return settings.choices(LIST)


def kind_label(key: str | None) -> str:
    """A kind in the reader's language."""
    return settings.choice_label(LIST, key)


def icon_of(key: str | None) -> str:
    """The picture of a kind; a talk's for those that managers added."""
    return ICONS.get(key or "", "message-circle")
