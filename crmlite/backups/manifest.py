"""What a backup says about itself: from when it is, what is in it, and the check sum of each part."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from crmlite.backups.refusal import BackupUnusable, CannotTake
from crmlite.wording import N_
from crmlite.work.chain import Head

FORMAT = 1
SHA256 = re.compile(r"[0-9a-f]{64}")
UNREADABLE = N_("This backup's list of contents cannot be read; it was not written by crmlite.")
NEWER = N_(
    "This backup was written by crmlite %(app)s, which is newer. Install that version first."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A book in figures: how it is compared before and after."""

    engine: str
    schema: str
    counts: Mapping[str, int]
    head: Head | None

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a backup: as it lies in the file, and how many bytes it needs unpacked."""

    sha256: str
    size: int
    unpacked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """The list of contents. `salt` is there when the parts are encrypted."""

    app: str
    made_at: datetime
    facts: Facts
    fingerprint: str
    salt: str = ""
    members: Mapping[str, Member] = field(default_factory=dict)

    def written(self) -> bytes:
        """As it stands in the file."""
        fields = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(fields, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """From what `written` gave. Raises BackupUnusable, CannotTake."""
        try:
            fields = json.loads(content)
            if fields["format"] > FORMAT:
                raise CannotTake(NEWER, app=str(fields["app"])[:40])
            return cls._from(fields)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise BackupUnusable(UNREADABLE) from None

    @classmethod
    def _from(cls, fields: Mapping[str, Any]) -> Self:
        facts = fields["facts"]
        head = facts["head"]
        found = cls(
            app=_text(fields["app"]),
            made_at=datetime.fromisoformat(fields["made_at"]),
            facts=Facts(
                engine=_text(facts["engine"]),
                schema=_text(facts["schema"]),
                counts={_text(name): _whole(n) for name, n in facts["counts"].items()},
                head=Head(_whole(head["seal"]), _sha256(head["digest"])) if head else None,
            ),
            fingerprint=_text(fields["fingerprint"]),
            salt=_text(fields["salt"]),
            members={
                _text(name): Member(
                    _sha256(member["sha256"]), _whole(member["size"]), _whole(member["unpacked"])
                )
                for name, member in fields["members"].items()
            },
        )
        if fields["format"] != FORMAT or found.made_at.tzinfo is None:
            raise ValueError
        return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _sha256(value: Any) -> str:
    if not SHA256.fullmatch(value):
        raise ValueError
    return str(value)
