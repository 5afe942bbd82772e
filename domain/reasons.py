"""Our own reasons, for details and stops that otherwise have Midjourney's or Discord's words."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The value is stored; the cogs have the words for it in every language.

    It stands alone, or before a detail: `looking_up: HTTP 403`.
    """

    SILENCE = "silence"  #: of Midjourney, twice in a row
    HUMAN_CHECK = "human_check"  #: Midjourney asks for a human check
    CAPTCHA = "captcha"  #: Discord asks for a captcha
    BLOCKED = "blocked"  #: Discord blocks the account against abuse
    MOVED = "moved"  #: everything was brought to another store, where the work goes on
    LOGGED_OUT = "logged_out"  #: Discord no longer accepts the token
    NO_HISTORY = "no_history"  #: the account may not read the channel's history
    UNREACHABLE = "unreachable"  #: Discord does not answer at all
    RATE_LIMITED = "rate_limited"  #: Discord says when it takes requests again
    MIDJOURNEY_FULL = "midjourney_full"  #: Midjourney's queue is full, or it says to slow down
    NO_IMAGINE = "no_imagine"  #: the channel does not offer /imagine
    LOOKING_UP = "looking_up"  #: Discord's answer when asked for the commands
    VARIATION = "variation"  #: the button that is missing
    REROLL = "reroll"  #: the same
    DEAD_LINK = "dead_link"  #: the picture's link, also a fresh one
    STRANGE_LINK = "strange_link"  #: not on a host that pictures are downloaded from
    NOT_LOADED = "not_loaded"  #: the picture's host did not deliver it
    NOT_A_PICTURE = "not_a_picture"  #: wrong type, too big, broken
    TOO_MANY_PIXELS = "too_many_pixels"  #: more than are kept
    NO_MEMORY = "no_memory"  #: or no time, to make a PNG of it
    NO_DISK = "no_disk"  #: could not be written to the local disk
    TOO_LARGE = "too_large"  #: the image store takes no file of that size
    NOT_STORED = "not_stored"  #: the image store refused it
