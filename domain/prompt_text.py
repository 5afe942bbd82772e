"""The characters of a prompt: what is kept, what is made plain, and what people paste with it.

Nothing here knows a parameter: `domain.prompt_check` checks those.
"""

from __future__ import annotations

import re
import unicodedata


def on_one_line(text: str) -> str:
    """Return a text on one line, without invisible characters but those that join others."""
    seen = "".join(c for c in text if c.isspace() or not _hides(c))
    return " ".join(_JOINERS.sub(_only_where_it_joins, seen).split())


def clean(text: str) -> str:
    """Return a prompt on one line, without what hides in it, with plain quotes and `--`.

    Phones turn `--` into a dash. Midjourney reads it as `--` where a word follows at once, and so
    does this; `a cat — a turtle` stays.
    """
    composed = unicodedata.normalize("NFC", on_one_line(unicodedata.normalize("NFC", text)))
    return _DASHED_WORD.sub("--", composed.translate(_QUOTES))


def unjoined(text: str) -> str:
    """Return a text without the characters that join others: Midjourney may leave them out."""
    return _JOINERS.sub("", text)


def without_command(prompt: str) -> str:
    """Return a cleaned prompt without the `/imagine prompt:` that was copied along with it."""
    return _COMMAND.sub("", prompt)


def is_blank(text: str) -> bool:
    """Whether a cleaned text has no visible characters."""
    return all(_BLANK.match(c) or unicodedata.category(c) in _ALONE_UNSEEN for c in text)


def _hides(c: str) -> bool:
    return unicodedata.category(c) in _INVISIBLE and _JOINERS.fullmatch(c) is None


def _only_where_it_joins(found: re.Match[str]) -> str:
    """Keep a joiner between two pictures or two letters that it joins, and the tags of a flag."""
    text, (start, end) = found.string, found.span()
    before, after = text[:start].rstrip(_VARIANTS)[-1:], text[end : end + 1]
    if before == _BLACK_FLAG:
        whole = _TAGS_OF_A_FLAG.fullmatch(found[0]) is not None
        return found[0] if whole or (found[0] == _JOINER and _is_picture(after)) else ""
    if not before or found[0] not in {_JOINER, _NON_JOINER}:
        return ""
    pictures = found[0] == _JOINER and _is_picture(before) and _is_picture(after)
    joined = _is_joined(before) and (unicodedata.combining(before) == _VIRAMA or _is_joined(after))
    return found[0] if pictures or joined else ""


def _is_picture(c: str) -> bool:
    """Whether an emoji can be made with it, also one that is newer than Python knows."""
    return unicodedata.category(c or " ") in {"So", "Sm"} or "\U0001f000" <= c <= "\U0001faff"


def _is_joined(c: str) -> bool:
    """Whether it is a letter or a mark of a script whose signs are joined."""
    return any(first <= c <= last for first, last in _JOINED_SCRIPTS) and (
        unicodedata.category(c)[0] in "LM"
    )


_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
"""Control characters, zero-width and bidi marks, surrogates."""
_ALONE_UNSEEN = frozenset({"Cf", "Mn", "Mc", "Me"})
_BLANK = re.compile(
    r"[\s\u115f\u1160\u2065\u2800\u3164\uffa0\ufff0-\ufff8\U0001d159\U000e0000-\U000e0fff]"
)
"""Characters that look like spaces; within a text they may be needed."""
_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
)

_NON_JOINER, _JOINER = "\u200c", "\u200d"
_JOINERS = re.compile(r"[\u200c\u200d]+|[\U000e0020-\U000e007f]+")
"""Joiners, and the tags that make the flag of a part of a country out of a black one."""
_BLACK_FLAG = "\U0001f3f4"
_TAGS_OF_A_FLAG = re.compile(r"[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_VARIANTS = "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""What may follow a sign and belongs to it: as a picture or as text, and skin tones."""
_VIRAMA = 9
"""The class of the signs that take the vowel from a letter: a joiner may be the last of a word."""
_JOINED_SCRIPTS = (
    ("\u0600", "\u08ff"),  # Arabic and its neighbours
    ("\u0900", "\u0dff"),  # the scripts of India, Bangladesh, Sri Lanka
    ("\u0f00", "\u109f"),  # Tibetan, Burmese
    ("\u1780", "\u18af"),  # Khmer, Mongolian
    ("\u1900", "\u1cff"),
    ("\ua800", "\uabff"),
    ("\ufb50", "\ufdff"),  # Arabic, in older forms
    ("\ufe70", "\ufefe"),
    ("\U00010a00", "\U00011fff"),
    ("\U0001e900", "\U0001e95f"),
)

_DASHED_WORD = re.compile(
    r"(?<!\S)(?:[\u2013\u2014\u2015][-\u2013\u2014\u2015]*|-[\u2013\u2014\u2015]+)(?=[^\W\d_])"
)
_COMMAND = re.compile(
    r"\A(?:(?:/?imagine\s+)?prompt\s*:\s*|/imagine(?:\s+prompt)?(?:\s+|\Z))+", re.IGNORECASE
)
