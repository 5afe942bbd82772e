"""Reports changes of the channel to the gateway's clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.channel import ChannelChange
    from sandbox.gateway import Gateway
    from sandbox.guild import Guild
    from sandbox.messages import Wording
    from sandbox.people import Json


class Feed:
    """A listener of the channel that turns each change into a gateway event."""

    def __init__(self, gateway: Gateway, guild: Guild, wording: Wording) -> None:
        self._gateway = gateway
        self._guild = guild
        self._wording = wording
        self._held: list[tuple[ChannelChange, Json]] = []

    def tell(self, change: ChannelChange) -> None:
        """Send the change to everybody who may see the message, as its delivery says."""
        event = self.event(change)
        for key in change.delivery.without:
            event.pop(key, None)
        if change.delivery.late:
            self._held.append((change, event))
            return
        held, self._held = self._held, []
        for each, data in ((change, event), *held):
            for _ in range(each.delivery.copies):
                self._gateway.dispatch(each.event, data, only=each.message.only_for)

    def event(self, change: ChannelChange) -> Json:
        """Return the event's data: the message, or only its ids if it was deleted."""
        place: Json = {
            "id": str(change.message.id),
            "channel_id": str(self._guild.channel_id),
            "guild_id": str(self._guild.id),
        }
        if change.event == "MESSAGE_DELETE":
            return place
        event = self._wording.message(change.message) | place
        if "webhook_id" not in event:
            event["member"] = self._guild.member()
        if change.nonce is not None:
            event["nonce"] = change.nonce
        return event
