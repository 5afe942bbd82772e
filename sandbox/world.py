"""Everything that the parts of the sandbox share, created once."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sandbox.channel import SandboxChannel
from sandbox.clock import ChangeSignal, SandboxClock
from sandbox.feed import Feed
from sandbox.files import Files, SignedLinks
from sandbox.gateway import Gateway
from sandbox.guild import CHANNEL_ID, GUILD_ID, Guild
from sandbox.messages import Wording
from sandbox.people import make_people
from sandbox.reactions import SandboxReactions
from sandbox.snowflakes import Snowflakes
from sandbox.switches import Switches

if TYPE_CHECKING:
    from sandbox.people import SandboxUser


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The shared objects of one sandbox. `seed` makes it repeatable."""

    seed: int
    picture_size: int
    clock: SandboxClock
    changed: ChangeSignal
    snowflakes: Snowflakes
    switches: Switches
    guild: Guild
    channel: SandboxChannel
    files: Files
    links: SignedLinks
    wording: Wording
    gateway: Gateway
    feed: Feed
    reactions: SandboxReactions

    @property
    def midjourney(self) -> SandboxUser:
        """Midjourney's bot user."""
        return self.guild.people["midjourney"]


def make_world(*, speed: float, seed: int, picture_size: int) -> World:
    """Return a new world, in which nothing has happened yet."""
    clock = SandboxClock(speed)
    snowflakes = Snowflakes(clock)
    switches = Switches()
    guild = Guild(make_people(seed))
    channel = SandboxChannel(clock, snowflakes)
    links = SignedLinks(clock, switches, seed=seed, channel_id=CHANNEL_ID)
    reactions = SandboxReactions(guild.account)
    wording = Wording(links, channel.get, reactions.shown, guild_id=GUILD_ID, channel_id=CHANNEL_ID)
    changed = ChangeSignal()
    random = Random(f"gateway:{seed}")  # noqa: S311 - repeatable on purpose
    gateway = Gateway(guild, switches, random, changed)
    return World(
        seed=seed,
        picture_size=picture_size,
        clock=clock,
        changed=changed,
        snowflakes=snowflakes,
        switches=switches,
        guild=guild,
        channel=channel,
        files=Files(snowflakes),
        links=links,
        wording=wording,
        gateway=gateway,
        feed=Feed(gateway, guild, wording),
        reactions=reactions,
    )
