"""The sentences of both languages: complete, with the same facts, and harmless."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import cogs
from cogs.sentences import CollectionSentences, CommandHelp, PersonalSentences, Sentences
from cogs.sentences.english import ENGLISH
from cogs.sentences.languages import LANGUAGES
from services.gallery.words import languages as gallery

COGS = Path(cogs.__file__).parent
Part = PersonalSentences | CollectionSentences


def sentences(language: Sentences | Part) -> Iterator[tuple[str, str]]:
    """Yield every sentence of a language with its name."""
    for field in fields(language):
        value = getattr(language, field.name)
        if isinstance(value, str):
            yield field.name, value
            continue
        if isinstance(value, Part):
            yield from ((f"{field.name}.{name}", text) for name, text in sentences(value))
            continue
        for key, text in value.items():
            name = f"{field.name}.{key}"
            if isinstance(text, CommandHelp):
                yield f"{name}.usage", text.usage
                yield f"{name}.does", text.does
                yield f"{name}.example", text.example
            else:
                yield name, text


def facts(text: str) -> set[str]:
    """Return the names of the facts in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_same_facts_as_the_english_one(language: str) -> None:
    english = {name: facts(text) for name, text in sentences(ENGLISH)}
    assert {name: facts(text) for name, text in sentences(LANGUAGES[language])} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_that_is_put_into_words_has_some(language: str) -> None:
    own = LANGUAGES[language]
    for whole, count in ((own, 11), (own.personal, 0), (own.collection, 1)):
        hints = get_type_hints(type(whole))
        mappings = {name: get_args(hint)[0] for name, hint in hints.items() if get_args(hint)}
        assert len(mappings) == count
        for name, kind in mappings.items():
            words: Mapping[object, object] = getattr(whole, name)
            if issubclass(kind, Enum) and name != "upscale_problems":  # these are exceptions
                assert set(words) == set(kind), name
            assert all(words.values()), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_begins_like_a_command(language: str) -> None:
    """The bot must not trigger itself or other bots, so no sentence begins with people's text."""
    for name, text in sentences(LANGUAGES[language]):
        assert not text.startswith(("!", "/", ".", "{prefix}", "{name}", " ")), name
        assert text == text.strip(), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_in_a_sentence_exists(language: str) -> None:
    for name, text in sentences(LANGUAGES[language]):
        for piece in text.split("{prefix}")[1:]:
            word = piece.split("`")[0].split(" ")[0]
            assert word in {*ENGLISH.help, "{command}", "{name}"}, name


def test_languages_differ() -> None:
    """Otherwise a sentence may have been copied but not translated."""
    english, french = (dict(sentences(LANGUAGES[language])) for language in ("en", "fr"))
    same = {name for name in english if english[name] == french[name] and " " in english[name]}
    assert {name.rpartition(".")[2] for name in same} <= {"usage", "example"}


def test_every_sentence_is_said_somewhere() -> None:
    said: set[str] = set()
    for path in COGS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    kinds = (Sentences, *get_args(Part))
    assert {field.name for kind in kinds for field in fields(kind)} <= said


def test_the_gallery_speaks_the_same_languages() -> None:
    assert gallery.LANGUAGES.keys() == LANGUAGES.keys()
