"""Who changed something last."""

from datetime import UTC, datetime

from crmlite.settings.models import SettingRow
from crmlite.work import Actor, operation, records
from crmlite.work.latest import Change, last_change

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@operation("setting_written")
def write(name: str, *, by: Actor, at: datetime) -> int:
    """Add a setting."""
    return records.insert(SettingRow, {"name": name, "value": 1})


def test_the_last_one_is_named_of_a_record_and_of_a_kind(inside: object) -> None:
    assert last_change("setting") is None
    ann, bo = (Actor("person", name, 17 + place) for place, name in enumerate(("Ann", "Bo")))
    first = write("a", by=ann, at=AT)
    write("b", by=bo, at=AT)
    assert last_change("setting", first) == Change("Ann", AT)
    assert last_change("setting") == Change("Bo", AT)
    assert last_change("setting", first + 100) is None
