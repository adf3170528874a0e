"""What people should know: told to each of them in the app, and worded when it is read."""

from crmlite.notifications.kinds import NotificationKind, UnknownKind
from crmlite.notifications.notices import Notice

__all__ = ["Notice", "NotificationKind", "UnknownKind"]
