"""Whether the account may read the channel's history: each change is said once."""

from __future__ import annotations

from collections.abc import Callable

import discord
import structlog

from domain.errors import HistoryForbidden, HistoryUnavailable
from services.updates import HistoryChange

log = structlog.get_logger(__name__)

MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
"""Discord's codes for what only a person can change."""


class HistoryAccess:
    """Tells an outage from a permission that is missing, and says it when that is over."""

    def __init__(self) -> None:
        """Nothing is known; `tell` is called with each change."""
        self.tell: Callable[[HistoryChange], None] = lambda _: None
        self._closed = False

    def check(self, channel: discord.TextChannel) -> None:
        """Raise `HistoryForbidden` if the permission is missing.

        Discord itself refuses nothing then, but answers that there are no messages.
        """
        account = channel.guild.me
        if account is None:  # pyright: ignore[reportUnnecessaryComparison] -- Discord may leave it out
            return
        if not channel.permissions_for(account).read_message_history:
            raise self._forbidden("the permission read_message_history is missing")

    def failed(self, error: Exception) -> HistoryUnavailable:
        """Return what it means that the history could not be read."""
        if isinstance(error, HistoryForbidden):
            return error
        msg = f"the history cannot be read: {error}"
        codes = {MISSING_ACCESS, MISSING_PERMISSIONS}
        if isinstance(error, discord.Forbidden) and error.code in codes:
            return self._forbidden(msg)
        return HistoryUnavailable(msg)

    def worked(self) -> None:
        """Note that it was read."""
        if self._closed:
            self._closed = False
            log.warning("history_allowed")
            self.tell(HistoryChange(is_open=True))

    def _forbidden(self, why: str) -> HistoryForbidden:
        if not self._closed:
            self._closed = True
            log.warning("history_forbidden", why=why)
            self.tell(HistoryChange(is_open=False))
        return HistoryForbidden(why)
