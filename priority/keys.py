"""The secrets of an installation, each for one purpose, in files of their own outside the database and its backups.

Links and codes are derived from a key, a public id and a number, never stored: the database holds their hashes only,
and a letter can be printed again. Who answered what can be worked out only with an exercise's key, until that file
is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from priority import ids

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32
_CHECK = b"priority ballot key check v1"


class KeyMissing(Exception):
    """The key of an exercise is not where it should be, or is not the one its ballots were made with."""


class Keys:
    """The installation's keys in a folder (0700), one file (0600) a key; made at first use."""

    folder: Path

    def open(self, folder: Path) -> None:
        """Use the keys in `folder` from here on."""
        self.folder = folder
        for name in ("session", "_tokens", "_addresses", "_cipher"):
            self.__dict__.pop(name, None)

    @cached_property
    def session(self) -> bytes:
        """Signs what the browser carries."""
        return self._read_or_make("session.key")

    @cached_property
    def _tokens(self) -> bytes:
        return self._read_or_make("tokens.key")

    @cached_property
    def _addresses(self) -> bytes:
        return self._read_or_make("addresses.key")

    # -- addresses ---------------------------------------------------------------------------------------------
    def hide(self, text: str) -> bytes:
        """`text` encrypted with the addresses key."""
        return self._cipher.encrypt(text.encode())

    def reveal(self, hidden: bytes) -> str:
        """The text that `hide` was given."""
        return self._cipher.decrypt(hidden).decode()

    def lookup(self, address: str) -> bytes:
        """What finds an address again without storing it: equal for equal addresses, useless without the key."""
        return _mac(self._addresses, b"lookup", address.strip().casefold().encode())

    def unlinkable(self, text: str) -> bytes:
        """A keyed digest of something that must be counted but not kept, such as a network address and a day."""
        return _mac(self._addresses, b"count", text.encode())

    @cached_property
    def _cipher(self) -> Fernet:
        return Fernet(urlsafe_b64encode(_mac(self._addresses, b"cipher", b"")))

    # -- links and codes ---------------------------------------------------------------------------------------
    def token(self, kind: str, public_id: str, number: int = 1) -> str:
        """The secret of a link: 256 bits, the same for the same arguments."""
        return ids.base32(_mac(self._tokens, b"token", f"{kind}|{public_id}|{number}".encode()), 51)

    def code(self, kind: str, public_id: str, number: int = 1) -> str:
        """A code of ten characters that somebody can type, the same for the same arguments."""
        return ids.base32(_mac(self._tokens, b"code", f"{kind}|{public_id}|{number}".encode()), ids.CODE_LENGTH)

    def fingerprint(self, secret: str) -> bytes:
        """What the database keeps of a link's or a code's secret."""
        return _mac(self._tokens, b"fingerprint", secret.encode())

    # -- ballots -----------------------------------------------------------------------------------------------
    def make_exercise_key(self, exercise: str) -> bytes:
        """A new key for an exercise's ballots; gives the check value to keep. Refuses to replace one."""
        (self.folder / "ballots").mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(self._ballot_path(exercise))
        return self.ballot_check(exercise)

    def destroy_exercise_key(self, exercise: str) -> None:
        """After this nobody can link a person and a ballot of the exercise any more."""
        self._ballot_path(exercise).unlink(missing_ok=True)

    def has_exercise_key(self, exercise: str) -> bool:
        """Whether ballots of the exercise can still be linked."""
        return self._ballot_path(exercise).exists()

    def ballot_key(self, exercise: str, salt: bytes, check: bytes) -> bytes:
        """The key of one person's ballots in every round; refuses where the exercise's key is lost or another."""
        secret = self._exercise_key(exercise)
        if not hmac.compare_digest(_mac(secret, b"check", _CHECK), check):
            raise KeyMissing(exercise)
        return _mac(secret, b"ballot", salt)

    def ballot_check(self, exercise: str) -> bytes:
        """What proves later that the key in the file is the one the ballots were made with."""
        return _mac(self._exercise_key(exercise), b"check", _CHECK)

    def _exercise_key(self, exercise: str) -> bytes:
        try:
            return self._ballot_path(exercise).read_bytes()
        except FileNotFoundError:
            raise KeyMissing(exercise) from None

    def _ballot_path(self, exercise: str) -> Path:
        return self.folder / "ballots" / f"{exercise}.key"

    def _read_or_make(self, name: str) -> bytes:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / name
        if not path.exists():
            with suppress(FileExistsError):  # another process was first
                _write_new(path)
        return path.read_bytes()


def _write_new(path: Path) -> None:
    """A new random key in `path`, whole or not at all; refuses to overwrite."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # refuses where the name is taken, unlike a rename
    finally:
        part.unlink()


def _mac(key: bytes, purpose: bytes, message: bytes) -> bytes:
    return hmac.new(key, purpose + b"\x00" + message, hashlib.sha256).digest()
