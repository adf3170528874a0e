"""Changing lists: names, order, further values; nothing that records have ever vanishes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import String, func, select

from crmlite import settings
from crmlite.extensions import database
from crmlite.settings import queries
from crmlite.settings.catalogue import Choice
from crmlite.settings.models import ChoiceRow
from crmlite.settings.operations import (
    add_choice,
    move_choice,
    rename_choice,
    retire_choice,
    revive_choice,
)
from crmlite.settings.operations.lists import LONGEST_KEY
from crmlite.work import Actor, Gone, Refused, Stale, undo
from crmlite.work.ledger import ChangeRow
from crmlite.work.record_types import record_types

pytestmark = pytest.mark.usefixtures("inside")

BY = Actor("command", "crmlite")
AT = datetime(2026, 3, 4, tzinfo=UTC)


def keys(name: str = "stage", *, retired: bool = False) -> list[str]:
    return [choice.key for choice in settings.choices(name, retired=retired)]


def choice(key: str, name: str = "stage") -> Choice:
    return queries.memory().by_key[name][key]


def test_a_value_is_renamed_in_both_languages_and_keeps_its_key() -> None:
    rename_choice("stage", "proposal", {"en": "Offer", "zh": "报价"}, by=BY, at=AT)
    assert choice("proposal").label == {"en": "Offer", "zh": "报价"}
    assert choice("proposal").shipped
    assert keys()[:3] == ["first-contact", "discovery", "proposal"]


def test_only_the_value_that_changed_is_in_the_ledger() -> None:
    rename_choice("stage", "proposal", {"en": "Offer", "zh": "报价"}, by=BY, at=AT)
    table = ChangeRow.__table__
    wanted = select(table.c.diff).where(table.c.record_type == "choice", table.c.verb == "update")
    [row] = database.session.execute(wanted).all()
    assert row.diff["label"][1] == {"en": "Offer", "zh": "报价"}


def test_a_name_as_it_is_changes_nothing() -> None:
    label = dict(choice("proposal").label)
    assert rename_choice("stage", "proposal", label, by=BY, at=AT) == 0


def test_who_read_an_older_name_is_told() -> None:
    seen = choice("proposal").version
    rename_choice("stage", "proposal", {"en": "Theirs"}, by=BY, at=AT, version=seen)
    with pytest.raises(Stale):
        rename_choice("stage", "proposal", {"en": "Mine"}, by=BY, at=AT, version=seen)
    assert choice("proposal").label == {"en": "Theirs"}


def test_changing_one_value_makes_no_form_of_another_stale() -> None:
    seen = choice("discovery").version
    rename_choice("stage", "proposal", {"en": "Offer"}, by=BY, at=AT)
    assert rename_choice(
        "stage", "discovery", {"en": "Getting to know"}, by=BY, at=AT, version=seen
    )


def test_a_new_value_comes_last_and_has_a_key_of_its_own() -> None:
    first = add_choice("source", {"en": "Trade press", "zh": "行业媒体"}, by=BY, at=AT)
    assert first["key"] == "trade-press"
    assert keys("source")[-1] == "trade-press"
    assert not choice("trade-press", "source").shipped
    second = add_choice("source", {"zh": "朋友圈"}, by=BY, at=AT)
    assert second["key"].startswith("value-")
    third = add_choice("source", {"en": "Trade Press!"}, by=BY, at=AT)
    assert third["key"] not in ("trade-press", second["key"])
    assert add_choice("source", {"en": "New"}, by=BY, at=AT)["key"] != "new"


def test_two_values_with_one_name_would_confuse_people() -> None:
    with pytest.raises(Refused) as refused:
        add_choice("source", {"en": "EXHIBITION"}, by=BY, at=AT)
    assert refused.value.code == "choice-exists"
    name = choice("discovery").label["zh"]
    with pytest.raises(Refused):
        rename_choice("stage", "proposal", {"en": "Offer", "zh": name}, by=BY, at=AT)


def test_values_of_a_fixed_list_are_renamed_and_moved_only() -> None:
    for change in (
        lambda: add_choice("need_status", {"en": "Other"}, by=BY, at=AT),
        lambda: retire_choice("need_status", "dropped", by=BY, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "list-fixed"
    rename_choice("need_status", "dropped", {"en": "Gone"}, by=BY, at=AT)
    assert move_choice("need_status", "dropped", -1, by=BY, at=AT)


def test_a_list_that_rules_speak_of_takes_further_values_and_keeps_those_shipped() -> None:
    trial = add_choice("lifecycle", {"en": "Trial", "zh": "试用"}, by=BY, at=AT)["key"]
    with pytest.raises(Refused) as refused:
        retire_choice("lifecycle", "lost", by=BY, at=AT)
    assert refused.value.code == "choice-built-in"
    rename_choice("lifecycle", "lost", {"en": "Gone"}, by=BY, at=AT)
    assert move_choice("lifecycle", "lost", -1, by=BY, at=AT)
    assert retire_choice("lifecycle", trial, by=BY, at=AT)


def test_a_value_moves_up_and_down_as_far_as_there_is_room() -> None:
    before = keys()
    move_choice("stage", before[2], -1, by=BY, at=AT)
    assert keys() == [before[0], before[2], before[1], *before[3:]]
    move_choice("stage", before[0], 1000, by=BY, at=AT)
    assert keys()[-1] == before[0]
    assert move_choice("stage", before[0], 1, by=BY, at=AT) == 0


def test_a_retired_value_is_offered_no_more_and_still_named() -> None:
    label = dict(choice("proposal").label)
    retire_choice("stage", "proposal", by=BY, at=AT)
    assert "proposal" not in keys()
    assert "proposal" in keys(retired=True)
    assert choice("proposal").label == label
    revive_choice("stage", "proposal", by=BY, at=AT)
    assert "proposal" in keys()


def test_the_last_value_stays() -> None:
    for key in keys()[1:]:
        retire_choice("stage", key, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        retire_choice("stage", keys()[0], by=BY, at=AT)
    assert refused.value.code == "choice-last"
    assert len(keys()) == 1


def test_a_value_that_is_not_there_is_gone() -> None:
    for change in (
        lambda: rename_choice("stage", "nothing", {"en": "X"}, by=BY, at=AT),
        lambda: retire_choice("stage", "nothing", by=BY, at=AT),
        lambda: move_choice("stage", "nothing", 1, by=BY, at=AT),
    ):
        with pytest.raises(Gone):
            change()


def test_the_undo_of_an_addition_retires_it_because_records_may_have_it_by_now() -> None:
    added = add_choice("source", {"en": "Trade press"}, by=BY, at=AT)
    undo(added["operation"], by=BY, at=AT)
    assert "trade-press" not in keys("source")
    assert choice("trade-press", "source").label == {"en": "Trade press"}


def test_the_undo_of_the_first_change_leaves_the_shipped_values_alone() -> None:
    before = keys()
    done = rename_choice("stage", "proposal", {"en": "Offer"}, by=BY, at=AT)
    undo(done, by=BY, at=AT)
    assert keys() == before
    assert choice("proposal").label["en"] == "Proposal"


def test_the_undo_of_a_move_puts_the_order_back() -> None:
    before = keys()
    done = move_choice("stage", before[3], -3, by=BY, at=AT)
    undo(done, by=BY, at=AT)
    assert keys() == before


def test_what_a_later_version_ships_comes_at_the_end() -> None:
    rename_choice("stage", "proposal", {"en": "Offer"}, by=BY, at=AT)
    with database.engine.begin() as connection:
        table = ChoiceRow.__table__
        connection.execute(table.delete().where(table.c.list == "stage", table.c.key == "paused"))
    queries.memory().epoch = -1
    assert keys()[-1] == "paused"
    move_choice("stage", "paused", -1, by=BY, at=AT)
    assert keys()[-2] == "paused"
    stored = select(func.count()).where(ChoiceRow.list == "stage")
    assert database.session.execute(stored).scalar() == len(keys(retired=True))


def test_every_column_that_holds_a_value_of_a_list_has_room_for_the_longest_key(inside):
    kept = [
        (kind.name, column)
        for kind in record_types().values()
        for column in kind.choices
        if isinstance(kind.table.c[column].type, String)
    ]
    assert {("interaction", "kind"), ("task", "channel")} <= set(kept)
    narrow = {
        (name, column)
        for name, column in kept
        if (record_types()[name].table.c[column].type.length or LONGEST_KEY) < LONGEST_KEY
    }
    assert narrow == set()
