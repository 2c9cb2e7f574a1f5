"""The settings of an installation, read once from the environment; unsafe ones stop the start."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


class SettingsRefused(Exception):
    """The settings would not be safe; the message names the setting and what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about an installation that is not code. Each field's environment variable is in docs/settings.md."""

    environment: str = "development"
    database: str = ""
    instance: Path = field(default_factory=lambda: ROOT / "instance")
    keys: Path | None = None
    url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    proxies: int = 0
    smtp: str = ""
    mail_from: str = "priority@localhost"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, unset: str = "development") -> Settings:
        """The settings that the environment asks for; refuses what would not be safe in production.

        `unset` is the kind of installation where PRIORITY_ENV does not say: a server that was told nothing is in
        production.
        """
        instance = Path(env.get("PRIORITY_INSTANCE", ROOT / "instance")).absolute()
        port = env.get("PORT", "8000")
        settings = cls(
            environment=env.get("PRIORITY_ENV", unset),
            database=env.get("DATABASE_URL", f"sqlite:///{instance / 'priority.db'}"),
            instance=instance,
            keys=Path(env.get("PRIORITY_KEYS", instance / "keys")).absolute(),
            url=env.get("PRIORITY_URL", f"http://127.0.0.1:{port}").rstrip("/"),
            trusted_hosts=_listed(env.get("PRIORITY_TRUSTED_HOSTS", "127.0.0.1,localhost")),
            proxies=_few(env.get("PRIORITY_PROXIES", "0"), "PRIORITY_PROXIES"),
            smtp=env.get("PRIORITY_SMTP", ""),
            mail_from=env.get("PRIORITY_MAIL_FROM", "priority@localhost"),
        )
        settings.refuse_unsafe(env)
        return settings

    def refuse_unsafe(self, env: Mapping[str, str]) -> None:
        """Raises where a setting is unknown, or would not be safe where people's words are real."""
        if self.environment not in {"development", "production", "testing"}:
            raise SettingsRefused("PRIORITY_ENV must be development, testing or production.")
        if not self.in_production:
            return
        for name in ("DATABASE_URL", "PRIORITY_KEYS", "PRIORITY_URL", "PRIORITY_TRUSTED_HOSTS", "PRIORITY_SMTP"):
            if not env.get(name):
                raise SettingsRefused(f"{name} must be set in production.")
        if not self.url.startswith("https://"):
            raise SettingsRefused("PRIORITY_URL must begin with https:// in production.")

    @property
    def in_production(self) -> bool:
        """Whether real people's words are kept here."""
        return self.environment == "production"

    @property
    def in_development(self) -> bool:
        """Whether the inbox page and sign-in links on the terminal may exist."""
        return self.environment == "development"


def _listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _few(text: str, name: str) -> int:
    """A number from 0 to 9; refuses anything else that setting `name` says."""
    if len(text) != 1 or text not in "0123456789":
        raise SettingsRefused(f"{name} must be a number from 0 to 9, not {text!r}.")
    return int(text)
