"""Who may see the gallery: whoever sits at this machine, has the password, or has a link.

A pass also says who it is, where that is known: whose favourites the stars are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from domain.errors import StoreUnavailable
from services.temporary_files import disk_faults, temporary_file

if TYPE_CHECKING:
    from pathlib import Path

    from domain.ports import Clock
    from services.settings import Secret, StorageSettings

LINK_SECONDS = 24 * 3600
"""How long a link of `!gallery` opens the gallery, and whoever came by it stays."""
LOGIN_SECONDS = 7 * 24 * 3600
"""How long whoever entered the password stays."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds until the next password is looked at: after the third wrong one, and at most."""
FREE_TRIES = 2
_PURPOSE = b"atelier gallery"
_SECRET_BYTES = 32


class Passes:
    """Signed texts that open the gallery until they end. Nothing is kept of them."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        """Sign with a secret that only this installation has."""
        self._secret = secret
        self._clock = clock

    def issue(self, seconds: float, person: int | None = None) -> str:
        """Return a pass that ends after so many seconds; `person` is whose it is."""
        facts = f"{int(self._clock.now().timestamp() + seconds):x}"
        if person is not None:
            facts += f"-{person:x}"
        return f"{facts}.{self._signature(facts)}"

    def seconds_left(self, text: str) -> int:
        """Return how long a pass still opens the gallery; 0 if it does not."""
        facts, _, signature = text.partition(".")
        if not hmac.compare_digest(_bytes(signature), self._signature(facts).encode()):
            return 0
        return max(0, int(facts.partition("-")[0], 16) - int(self._clock.now().timestamp()))

    def person(self, text: str) -> int | None:
        """Return whose pass it is; None if it is nobody's, or no longer opens anything."""
        named = text.partition(".")[0].partition("-")[2]
        return int(named, 16) if named and self.seconds_left(text) else None

    def _signature(self, facts: str) -> str:
        mac = hmac.digest(self._secret, _PURPOSE + b" " + _bytes(facts), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


class PasswordCheck:
    """Compares passwords, slower and slower after wrong ones.

    The wait is one for all visitors: behind a proxy they cannot be told apart. Links go on working.
    """

    def __init__(self, password: Secret | None, clock: Clock) -> None:
        """Take the password; without one, none is right."""
        self._password = None if password is None else _bytes(password.get_secret_value())
        self._clock = clock
        self._wrong = 0
        self._not_before = 0.0

    @property
    def wanted(self) -> bool:
        """Whether there is a password."""
        return self._password is not None

    @property
    def wait(self) -> float:
        """How many seconds no password is looked at."""
        return max(0.0, self._not_before - self._clock.monotonic())

    def is_right(self, text: str) -> bool:
        """Whether it is the password; never while there is a wait."""
        if self._password is None or self.wait:
            return False
        if hmac.compare_digest(_bytes(text), self._password):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong > FREE_TRIES:
            pause = FIRST_WAIT * 2 ** min(self._wrong - FREE_TRIES - 1, 10)
            self._not_before = self._clock.monotonic() + min(pause, LONGEST_WAIT)
        return False


def _bytes(text: str) -> bytes:
    """Return what a browser sent, which may be no text at all."""
    return text.encode(errors="replace")


def installation_secret(settings: StorageSettings) -> bytes:
    """Return the secret that signs passes: one for all processes on the same data.

    With Supabase it follows from the project's key, as a platform's disks are not shared. Otherwise
    it is a file beside the database; who deletes it makes every link invalid.
    """
    if settings.supabase_key is not None:
        key = settings.supabase_key.get_secret_value().encode()
        return hmac.digest(key, _PURPOSE, hashlib.sha256)
    try:
        return _kept(settings.data_dir / "gallery-secret")
    except StoreUnavailable:  # a disk that cannot be written: links last as long as the process
        return secrets.token_bytes(_SECRET_BYTES)


def _kept(path: Path) -> bytes:
    with disk_faults():
        if not path.exists():
            with temporary_file(path.parent) as fresh:
                fresh.chmod(0o600)
                fresh.write_bytes(secrets.token_bytes(_SECRET_BYTES))
                with suppress(FileExistsError):  # another process was faster
                    path.hardlink_to(fresh)
        return path.read_bytes()
