"""Places to choose from are complete and named in the reader's language."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from crmlite.settings import places


@pytest.fixture
def request_open(app: Flask) -> Iterator[None]:
    """A request is under way, so that there is a reader with a language."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("language", "zone", "country", "currency"),
    [
        ("en", "Asia/Shanghai", "China · CN", "CNY · Chinese Yuan"),
        ("zh", "Asia/Shanghai · 上海", "中国 · CN", "CNY · 人民币"),
    ],
)
def test_places_are_named_in_the_language(
    app: Flask, language: str, zone: str, country: str, currency: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert places.time_zones()["Asia/Shanghai"] == zone
        assert places.countries()["CN"] == country
        assert places.currencies()["CNY"] == currency


@pytest.mark.usefixtures("request_open")
def test_every_zone_offered_exists() -> None:
    zones = places.time_zones()
    assert {"UTC", "Asia/Hong_Kong", "Europe/London", "America/New_York"} <= zones.keys()
    for name in zones:
        assert ZoneInfo(name).key == name


@pytest.mark.usefixtures("request_open")
def test_money_of_the_past_is_not_offered() -> None:
    offered = places.currencies().keys()
    assert {"EUR", "GBP", "USD", "JPY", "HKD"} <= offered
    assert not {"DEM", "FRF", "XAU"} & offered


@pytest.mark.usefixtures("request_open")
def test_groups_of_countries_are_no_countries() -> None:
    assert not {"EU", "UN", "ZZ"} & places.countries().keys()


def test_every_country_is_called_by_a_code(inside):
    offered = places.countries()
    assert set(offered) - set(places.calling_codes()) == set()
    codes = {country: places.calling_codes()[country] for country in ("CN", "GB", "BR", "CA")}
    assert codes == {"CN": "86", "GB": "44", "BR": "55", "CA": "1"}
