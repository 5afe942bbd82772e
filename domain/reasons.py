"""Reasons of our own, where a detail or a stop's words would be Midjourney's or Discord's."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What is kept is the value; the cogs have words for it in every language.

    It stands alone, or in front of what it is about: `looking_up: HTTP 403`.
    """

    SILENCE = "silence"  #: of Midjourney, twice in a row
    HUMAN_CHECK = "human_check"  #: Midjourney wants a human
    CAPTCHA = "captcha"  #: Discord wants one
    BLOCKED = "blocked"  #: Discord blocks the account against abuse
    LOGGED_OUT = "logged_out"  #: Discord does not know the token any more
    UNREACHABLE = "unreachable"  #: Discord does not answer at all
    NO_IMAGINE = "no_imagine"  #: the channel does not offer /imagine
    LOOKING_UP = "looking_up"  #: Discord's answer to the question which commands there are
    VARIATION = "variation"  #: the button that is missing
    REROLL = "reroll"  #: the same
    DEAD_LINK = "dead_link"  #: the picture's link, also a fresh one
    STRANGE_LINK = "strange_link"  #: leads where pictures are not fetched from
    NOT_LOADED = "not_loaded"  #: the picture's host did not give it
    NOT_A_PICTURE = "not_a_picture"  #: wrong type, too big, broken
    NO_DISK = "no_disk"  #: the local disk would not take it
    NOT_STORED = "not_stored"  #: the image store will not take it
