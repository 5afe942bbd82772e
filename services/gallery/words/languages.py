"""The languages of the gallery: those of the bot."""

from __future__ import annotations

from collections.abc import Mapping

from services.gallery.words import PageWords
from services.gallery.words.english import ENGLISH
from services.gallery.words.french import FRENCH

LANGUAGES: Mapping[str, PageWords] = {"en": ENGLISH, "fr": FRENCH}
