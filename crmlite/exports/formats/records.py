"""JSON: one array, one customer a line; `docs/exports.md` says what stands in it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def written(pieces: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[bytes]:
    """The file, a piece for each piece of records."""
    before = "[\n"
    for records in pieces:
        lines = []
        for record in records:
            lines.append(before + _line(record))
            before = ",\n"
        yield "".join(lines).encode()
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """What JSON has no kind for: days and moments by ISO 8601, numbers exactly."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")
