"""What Midjourney does to a prompt before it echoes it."""

from __future__ import annotations

import hashlib
import re

from sandbox import versions

_LINK = re.compile(r"<?(https?://[^\s>]+)>?")
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})
_MODES = frozenset({"--fast", "--relax", "--turbo"})


def rewrite(prompt: str, version: str = versions.USUAL) -> str:
    """Return the prompt as Midjourney's messages show it.

    Spaces and line breaks collapse, quotes become straight, an em dash that begins a word becomes
    two dashes, links become short ones, `--v 7` becomes `--v 7.0`, `--style raw` becomes `--raw` at
    the very end. Where it names no version, `version` is appended, if that is any.
    """
    words = " ".join(prompt.split()).translate(_QUOTES).replace(" \u2014", " --")
    words = _LINK.sub(_short_link, words)
    text, flags = split_flags(words)
    raw = [flag for flag in flags if flag in ("--raw", "--style raw")]
    kept = [_version(flag) for flag in flags if flag not in raw and flag not in _MODES]
    if version and not any(flag.startswith(("--v ", "--niji")) for flag in kept):
        kept.append(versions.parameter(version))
    return " ".join([text, *kept, *(["--raw"] if raw else [])]).strip()


def relink(prompt: str) -> str:
    """Return an echo with other short links, as when Midjourney repeats the same job."""
    return _LINK.sub(_short_link, prompt)


def altered(prompt: str, drops: frozenset[str], adds: str) -> str:
    """Return an echo as a job on its picture repeats it: without some parameters, with others."""
    if not adds:
        return prompt
    text, flags = split_flags(prompt)
    kept = [flag for flag in flags if flag.partition(" ")[0] not in drops]
    return " ".join([text, *kept, adds])


def split_flags(prompt: str) -> tuple[str, list[str]]:
    """Split into the words and the flags, each with its values: `["--ar 3:2", "--tile"]`."""
    text, *flags = re.split(r"(?:^|\s)--(?=[A-Za-z])", prompt)
    return text.strip(), [f"--{flag.strip()}" for flag in flags]


def is_hd(prompt: str, *, usually: bool) -> bool:
    """Return whether the grid of a prompt is in HD; `usually` is what it is without a word."""
    _, flags = split_flags(prompt)
    return "--hd" in flags or (usually and "--sd" not in flags)


def is_film(prompt: str) -> bool:
    """Return whether a prompt asks for a film instead of a grid."""
    return any(flag.partition(" ")[0] == "--video" for flag in split_flags(prompt)[1])


def aspect(prompt: str) -> float:
    """Return width divided by height, as `--ar 3:2` or `--aspect 3:2` asks for; else 1."""
    found = re.search(r"--(?:ar|aspect) (\d+):(\d+)", prompt)
    if not found or "0" in found.groups():
        return 1.0
    return min(max(int(found[1]) / int(found[2]), 0.25), 4.0)


def _version(flag: str) -> str:
    found = re.fullmatch(r"--(?:v|version) (\d+)", flag)
    return versions.parameter(found[1]) if found else flag


def _short_link(found: re.Match[str]) -> str:
    return f"<https://s.mj.run/{hashlib.sha256(found[1].encode()).hexdigest()[:11]}>"
