"""Why a change did not happen."""

from collections.abc import Mapping
from typing import Any


class Hindered(Exception):
    """A change cannot be made at the moment; it may go through later. `code` says why."""

    code = ""


class Busy(Hindered):
    """Somebody else was writing for longer than we wait; nothing was changed. Try again."""

    code = "busy"


class StorageFull(Hindered):
    """There is no room to write; nothing was changed."""

    code = "full"


class Gone(Exception):
    """The record is not there any more."""

    def __init__(self, record: str, record_id: int) -> None:
        super().__init__(f"{record} {record_id} is gone")
        self.record = record
        self.record_id = record_id


class Stale(Exception):
    """The record was changed by someone else since it was read."""

    def __init__(self, record: str, record_id: int) -> None:
        super().__init__(f"{record} {record_id} was changed meanwhile")
        self.record = record
        self.record_id = record_id


class Refused(Exception):
    """A rule forbids the change. `code` names the rule; `params` fill in its sentence."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})
