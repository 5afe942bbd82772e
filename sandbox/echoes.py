"""The forms in which Midjourney gives a prompt back, as the switches say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.prompts import relink, split_flags

if TYPE_CHECKING:
    from sandbox.job_options import JobOptions

_LONG_DASH = re.compile(r"[\u2012-\u2015]|(?<!\S)--(?!\S)")
_RANDOM = re.compile(r"\brandom\b")
_DRAWN = 81_234
_CHOSEN = {"--p": "--p abc123", "--niji": "--niji 7"}
_ALIKE = {"--version": "--v", "--niji": "--v", "--sd": "--hd"}
"""Of these, a prompt has only one."""


def echoed(prompt: str, options: JobOptions) -> str:
    """Return an echo as the switches want it; what the prompt says itself counts most."""
    text, flags = split_flags(prompt)
    if options.echo == "no dashes":
        text = " ".join(_LONG_DASH.sub(" ", text).split())
    if options.echo == "chosen values":
        flags = [_with_its_value(flag) for flag in flags]
    said = {_kind(flag) for flag in flags}
    added = [flag for flag in split_flags(options.account_settings)[1] if _kind(flag) not in said]
    unsaid = ("--stealth", "--public") if options.echo == "no stealth" else ()
    return " ".join([text, *(flag for flag in (*flags, *added) if flag not in unsaid)]).strip()


def last_echo(prompt: str, options: JobOptions) -> str:
    """Return an echo as the result repeats it."""
    if options.echo == "personalised":
        text, flags = split_flags(prompt)
        words = [*text.split()[:-1], "in soft light"]
        prompt = " ".join([*words, *map(_with_its_value, flags)])
    return relink(prompt) if options.echo_changes else prompt


def _kind(flag: str) -> str:
    name = flag.partition(" ")[0]
    return _ALIKE.get(name, name)


def _with_its_value(flag: str) -> str:
    if flag.startswith("--sref "):
        return _RANDOM.sub(lambda found: str(_DRAWN + found.start()), flag)
    return _CHOSEN.get(flag, flag)
