"""The languages that the bot speaks: the one place where each is named."""

from __future__ import annotations

from collections.abc import Mapping

from cogs.sentences import Sentences
from cogs.sentences.english import ENGLISH
from cogs.sentences.french import FRENCH

LANGUAGES: Mapping[str, Sentences] = {"en": ENGLISH, "fr": FRENCH}
