"""Settings: read from a file and from the environment, and refused in one sentence."""

import importlib.util

import pytest

from crmlite.config import Config, ConfigWrong


def read(tmp_path, given=None, written=""):
    (tmp_path / "config.toml").write_text(written)
    return Config.read(given or {}, tmp_path)


def test_the_environment_wins_over_the_file(tmp_path):
    written = 'public_url = "https://crm.example"\nproxies = 1\nbackups = false\n'
    found = read(tmp_path, {"CRMLITE_PROXIES": "2"}, written)
    assert (found.public_url, found.proxies, found.backups) == ("https://crm.example", 2, False)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("public_url", "https://crm.example:8443/", "https://crm.example:8443"),
        ("public_url", "https://CRM.example:443", "https://crm.example"),
        ("public_url", "http://crm.example:443", "http://crm.example:443"),
        ("public_url", "https://客户.example", "https://xn--ubt06m.example"),
        ("public_url", "https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        (
            "trusted_hosts",
            "A.example:8443,.b.example , 127.0.0.2",
            "a.example, .b.example, 127.0.0.2",
        ),
        ("trusted_hosts", "客户.example", "xn--ubt06m.example"),
        ("log_level", "warning", "WARNING"),
        ("backups", "no", False),
        ("packs", "On", True),
        ("busy_seconds", "0.5", 0.5),
        ("database_url", "postgres://u:p@db/crm", "postgresql+psycopg://u:p@db/crm"),
        ("database_url", "sqlite:////srv/crm.db", "sqlite:////srv/crm.db"),
    ],
)
def test_a_value_is_taken_as_it_is_meant(tmp_path, name, value, kept):
    assert getattr(read(tmp_path, {f"CRMLITE_{name.upper()}": value}), name) == kept


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("public_url", "crm.example", "https://"),
        ("public_url", "https://crm.example/crm", "nothing behind"),
        ("public_url", "https://[crm.example", "nothing behind"),
        ("public_url", "https://crm.example:port", "nothing behind"),
        ("public_url", "https://crm..例子", "nothing behind"),
        ("trusted_hosts", "a.example,https://crm.example", "not 'https://crm.example'"),
        ("trusted_hosts", "['crm.example']", "not \"['crm.example']\""),
        ("trusted_hosts", "a..b", "not 'a..b'"),
        ("trusted_hosts", "crm_example", "not 'crm_example'"),
        ("trusted_hosts", ",", "not ','"),
        ("log_level", "loud", "WARNING"),
        ("backups", "maybe", "true or false"),
        ("proxies", "-1", "0 or more"),
        ("proxies", "many", "a whole number"),
        ("session_days", "0", "1 or more"),
        ("max_upload_mb", "0", "1 or more"),
        ("busy_seconds", "nan", "0 or more"),
        ("busy_seconds", "inf", "600 or less"),
        ("session_days", "4000000", "3650 or less"),
        ("session_idle_hours", "200000000", "87600 or less"),
        ("max_upload_mb", "9" * 20, "100000 or less"),
        ("proxies", "1000", "100 or less"),
        ("database_url", "mysql://u:p@db/crm", "postgresql://"),
        ("database_url", "postgresql://u:p@db:port/crm", "postgresql://"),
        ("database_url", "crm.db", "SQLite"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(tmp_path, name, value, word):
    with pytest.raises(ConfigWrong) as refused:
        read(tmp_path, {f"CRMLITE_{name.upper()}": value})
    assert f"CRMLITE_{name.upper()}: {name}" in str(refused.value)
    assert word in str(refused.value)


def test_several_names_may_stand_in_a_list(tmp_path):
    found = read(tmp_path, written='trusted_hosts = ["crm.example", "b.example"]')
    assert found.trusted_hosts == "crm.example, b.example"
    assert read(tmp_path, written="trusted_hosts = []").trusted_hosts == ""


def test_a_password_in_an_address_is_not_repeated(tmp_path):
    with pytest.raises(ConfigWrong) as refused:
        read(tmp_path, written='database_url = "mysql://crm:hunter2@db/crm"')
    assert "hunter2" not in str(refused.value)


def test_a_missing_driver_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ConfigWrong, match="driver for PostgreSQL"):
        read(tmp_path, {"CRMLITE_DATABASE_URL": "postgresql://u@db/crm"})


@pytest.mark.parametrize("written", ['public_url = "x', 'publicurl = "https://crm.example"'])
def test_a_file_that_cannot_be_used_is_named(tmp_path, written):
    with pytest.raises(ConfigWrong, match=r"config\.toml"):
        read(tmp_path, written=written)


def test_a_file_in_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "instance").touch()
    with pytest.raises(ConfigWrong, match="Not a directory"):
        Config.read({}, tmp_path / "instance")
