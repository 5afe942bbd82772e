"""Whether a prompt that Midjourney repeats can be one that was sent.

It repeats a prompt in its own form, the echo. What is known of that, and from where; public
repositories are named as on GitHub:

- A picture's link is `<https://s.mj.run/...>` (haft-sh/athabasca-skills, 2026), perhaps another one
  each time (novicezk/midjourney-proxy, 2023).
- A long dash in the text is gone (haft-sh/athabasca-skills, 2026), or `--`
  (novicezk/midjourney-proxy, 2023).
- `--sref random` is the number that was drawn (Midjourney's own pages, as others quote them).
- `--p` has the account's code, at the latest in the result, and the text of the result may be
  another one (trueai-org/midjourney-proxy, July 2026).
- `--niji`, `--v` and `--video` have their version. This is inferred; recorded films say
  `--video 1`.
- `--fast`, `--relax`, `--turbo` are there or not (trueai-org/midjourney-proxy). That `--stealth`
  and `--public` are treated alike is inferred: they are about the job, too.
- The account's own settings are added (ferranfg/midjourney-discord-api-php, 2023). That what the
  prompt itself says counts more is inferred.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from math import ceil

from domain.generation import Generation
from domain.prompt_flags import split
from domain.prompt_text import clean, unjoined

LONG_BEGINNING, MOST_OF_IT = 30, 2 / 3
"""Characters that are enough of a common beginning, if they are this part of the text, too."""


def resembles(generation: Generation, prompt: str) -> bool:
    """Whether a prompt that Midjourney repeats can be this generation's.

    Once Midjourney has repeated a prompt, it stays the same, but for the values that Midjourney
    chooses. Compared with what was sent, its text may be longer and it may have more parameters:
    accounts have suffixes and defaults of their own.
    """
    heard = _read(prompt)
    if generation.echo is None:
        return any(_goes_on(sent, heard) and _repeats(sent, heard) for sent in _sent(generation))
    known = _read(generation.echo)
    same = heard.words == known.words and len(heard.flags) == len(known.flags)
    return same and _repeats(known, heard)


def begins_like(generation: Generation, prompt: str) -> bool:
    """Whether it can be this generation's personalised prompt with another end of its text.

    That is little: what is asked with small changes begins alike, too.
    """
    heard = _read(prompt)
    known = _sent(generation) if generation.echo is None else {_read(generation.echo)}
    return _is_personalised(generation) and any(
        _repeats(one, heard) and (_goes_on(one, heard) or _begins_like(one, heard)) for one in known
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What Midjourney's rewriting keeps of a prompt; each flag is a name and its value."""

    words: str
    flags: frozenset[tuple[str, str]]


def _goes_on(sent: _Reading, heard: _Reading) -> bool:
    more = heard.words[len(sent.words) :]
    return heard.words.startswith(sent.words) and more[:1] in {"", " ", ","}


def _begins_like(known: _Reading, heard: _Reading) -> bool:
    enough = max(LONG_BEGINNING, ceil(MOST_OF_IT * len(known.words)))
    return known.words[:enough] == heard.words[:enough]


def _repeats(known: _Reading, heard: _Reading) -> bool:
    """Whether all parameters are there, with their values, or with those that were left open."""
    others = heard.flags - known.flags
    return all(any(_fills_in(one, other) for other in others) for one in known.flags - heard.flags)


def _fills_in(asked: tuple[str, str], heard: tuple[str, str]) -> bool:
    name, value = asked
    if name != heard[0]:
        return False
    if name == "sref":
        return re.fullmatch(_RANDOM.sub(r"\\d+", re.escape(value)), heard[1]) is not None
    return value == "" and name in _LEFT_OPEN and _LEFT_OPEN[name].fullmatch(heard[1]) is not None


def _is_personalised(generation: Generation) -> bool:
    return any(name == "p" for name, _ in _read(generation.prompt).flags)


def _sent(generation: Generation) -> frozenset[_Reading]:
    return _readings(generation.prompt)


@functools.lru_cache(maxsize=256)
def _readings(prompt: str) -> frozenset[_Reading]:
    """Reduce what was sent: as it is, and as it may come back without its long dashes."""
    return frozenset(_read(_VANISHING.sub(dash, prompt)) for dash in (r"\g<0>", "", " "))


@functools.lru_cache(maxsize=256)  # the same few prompts are compared with many
def _read(prompt: str) -> _Reading:
    """Reduce a prompt to what Midjourney's rewriting keeps."""
    text = _LINK.sub("<link>", unjoined(clean(prompt)).lower())
    text = _DASHES.sub("-", _LONG_DASH.sub("-", text))
    words, flags = split(text)
    return _Reading(
        words,
        frozenset(
            ("raw", "") if (flag.name, flag.value) == ("style", "raw") else (flag.name, number)
            for flag in flags
            if flag.name not in _ABOUT_THE_JOB
            for number in [_BARE_POINT.sub("0.", _ZEROS.sub(r"\1", flag.value))]
        ),
    )


_LINK = re.compile(r"<?https?://[^\s<>]+?>?(?=::|,?(?:\s|$))")
_LONG_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_VANISHING = re.compile(r"[\u2012-\u2015]+")
_DASHES = re.compile(r"-{2,}(?![a-z])|(?<=\S)-{2,}")
"""Midjourney turns a long dash into two; within a word, they begin no parameter."""
_ZEROS = re.compile(r"(\d)\.0+(?!\d)")
_BARE_POINT = re.compile(r"(?<![\d.])\.(?=\d)")
_ABOUT_THE_JOB = frozenset({"fast", "relax", "turbo", "stealth", "public"})
"""They say how it is drawn, not what; Midjourney may or may not repeat them."""
_RANDOM = re.compile(r"\brandom\b")
_VERSION = re.compile(r"\d+(\.\d+)?")
_LEFT_OPEN = {"niji": _VERSION, "p": re.compile(r".+"), "v": _VERSION, "video": _VERSION}
"""What has a value of Midjourney's choice, if the person gave none."""
