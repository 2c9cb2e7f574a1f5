"""Every setting is documented, and nothing is documented that is no setting."""

from __future__ import annotations

import re

import pytest

from priority.config import Settings, SettingsRefused
from tests.house.source import ROOT

SAFE = {
    "PRIORITY_ENV": "production",
    "DATABASE_URL": "sqlite:////srv/priority.db",
    "PRIORITY_KEYS": "/srv/keys",
    "PRIORITY_URL": "https://questions.example",
    "PRIORITY_TRUSTED_HOSTS": "questions.example",
    "PRIORITY_SMTP": "mail.example:587",
}


def test_every_setting_is_documented():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "priority").rglob("*.py"))
    used = set(re.findall(r'"(PRIORITY_[A-Z_]+|DATABASE_URL|PORT)"', source))
    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert used == documented


def test_safe_settings_start_in_production():
    assert Settings.from_env(SAFE).in_production


def test_a_server_that_was_told_nothing_is_not_in_development():
    """The inbox and its links must not be open on a server because somebody forgot one setting."""
    with pytest.raises(SettingsRefused):
        Settings.from_env({}, unset="production")
    assert 'Settings.from_env(unset="production")' in (ROOT / "wsgi.py").read_text(encoding="utf-8")
    assert Settings.from_env({}).in_development


def test_host_names_may_have_blanks_between_them():
    hosts = Settings.from_env(SAFE | {"PRIORITY_TRUSTED_HOSTS": " questions.example, www.questions.example ,"})
    assert hosts.trusted_hosts == ("questions.example", "www.questions.example")


@pytest.mark.parametrize("many", ["-1", "x", "1.5", "99"])
def test_a_number_of_proxies_that_is_none_is_refused(many):
    with pytest.raises(SettingsRefused, match="PRIORITY_PROXIES"):
        Settings.from_env(SAFE | {"PRIORITY_PROXIES": many})


@pytest.mark.parametrize("missing", [name for name in SAFE if name != "PRIORITY_ENV"])
def test_production_refuses_to_start_without_a_setting(missing):
    with pytest.raises(SettingsRefused, match=missing):
        Settings.from_env({name: value for name, value in SAFE.items() if name != missing})


def test_production_refuses_plain_http():
    with pytest.raises(SettingsRefused, match="https"):
        Settings.from_env(SAFE | {"PRIORITY_URL": "http://questions.example"})


def test_an_unknown_environment_is_refused():
    with pytest.raises(SettingsRefused, match="PRIORITY_ENV"):
        Settings.from_env({"PRIORITY_ENV": "staging"})
