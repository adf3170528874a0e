"""A bakery that tells people when bread is ready: kinds of notifications for tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from crmlite import clock
from crmlite.access import Reader
from crmlite.notifications import Notice, NotificationKind
from crmlite.notifications.operations import notify
from crmlite.testing import person_id
from crmlite.work.actors import command_line
from tests.declaring import declare


def say(params: Mapping[str, Any], reader: Reader) -> str | None:
    """What there is, to everyone whom it is not hidden from."""
    if reader.login in params.get("hidden_from", ()):
        return None
    return f"{params['loaves']} <loaves> for {reader.name}"


BREAD = NotificationKind(
    name="bread-baked",
    label={"en": "Bread is baked", "zh": "面包烤好了"},
    icon="tag",
    words=say,
    url=lambda params: f"/customers?q={params['loaves']}",
)
FIRE = NotificationKind(
    name="oven-on-fire",
    label={"en": "Oven on fire", "zh": "烤箱着火"},
    icon="alert-triangle",
    words=lambda params, reader: "Run!",
    url=lambda params: "/today",
    urgent=True,
    mutable=False,
)


def bring(app: Flask, *kinds: NotificationKind) -> None:
    """Give an application these kinds of notifications, and no others."""
    declare(app, "register_notification_kinds", kinds)


def bake(login: str, loaves: int = 1, *, at: datetime | None = None, **params: Any) -> int:
    """Tell somebody of so many loaves."""
    notice = Notice(
        person_id(login), "bread-baked", {"loaves": loaves, **params}, f"bread:{loaves}"
    )
    return notify([notice], by=command_line(), at=at or clock.now())
