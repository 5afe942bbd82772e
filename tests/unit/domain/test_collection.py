"""What a search looks for."""

from __future__ import annotations

import pytest

from domain.collection import MOST_LETTERS, MOST_WORDS, search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lighthouse at dusk", ("lighthouse", "at", "dusk")),
        ("  art-deco,\n3:2 ", ("art-deco,", "3", "2")),
        ("l'\u00e9t\u00e9", ("l", "\u00e9t\u00e9")),
        ('"cat* OR (dog)" & !owl | a\\b', ("cat", "OR", "dog", "owl", "a", "b")),
        ("-- ... \u2026", ()),
        ("", ()),
    ],
)
def test_words_are_without_what_databases_read_as_signs(text: str, words: tuple[str, ...]) -> None:
    assert search_words(text) == words


def test_only_so_many_words_count_and_so_much_of_each() -> None:
    assert search_words("a " * 99) == ("a",) * MOST_WORDS
    assert search_words("a" * 99) == ("a" * MOST_LETTERS,)
