"""What a text asks for that is not a command's name after the prefix."""

from __future__ import annotations

import pytest

from cogs.phrases import Meant, Midjourneys, Phrase, PhraseReader, Unsure
from cogs.sentences.english import ENGLISH
from cogs.synonyms import SYNONYMS, TOPICS, UNSURE, folded

ACCOUNT = 1_180_000_000_000_000_009
NAMES = {topic: topic for topic in ENGLISH.help} | {"i": "imagine", "u": "upscale"}
WORDS = dict(TOPICS) | NAMES
READER = PhraseReader(prefix="!", begin="", words=lambda: WORDS)
IMAGINE = Meant("imagine", "a cat")


def read(text: str, reader: PhraseReader = READER, *, pressing: bool = False) -> Phrase | None:
    return reader.read(text, account_id=ACCOUNT, pressing=pressing)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("! imagine a cat", IMAGINE),
        ("!\nimagine a cat", IMAGINE),
        ("!IMAGINE a cat", IMAGINE),
        ("  !imagine   a cat  ", IMAGINE),
        ("!imagine: a cat", IMAGINE),
        ("!imagine, a cat", IMAGINE),
        ("/imagine a cat", IMAGINE),
        ("/ imagine a cat", IMAGINE),
        ("/imagine prompt: a cat", Meant("imagine", "prompt: a cat")),
        ("/Imagine\na cat\nin a hat", Meant("imagine", "a cat\nin a hat")),
        ("!img a cat", IMAGINE),
        ("!DESSINE a cat", IMAGINE),
        ("!génère a cat", IMAGINE),
        ("!genere a cat", IMAGINE),
        ("!ge\u0301ne\u0300re a cat", IMAGINE),
        ("!arrête", Meant("cancel")),
        ("!ARRÊTE", Meant("cancel")),
        ("!u2", Meant("upscale", "2")),
        ("!U2 k7m2qx", Meant("upscale", "2 k7m2qx")),
        ("/v3", Meant("vary", "3")),
        ("!u7", Meant("upscale", "7")),
        ("!🔄", Meant("reroll")),
        ("!🔁 k7m2qx", Meant("reroll", "k7m2qx")),
        ("!help!", Meant("help")),
    ],
)
def test_other_words_for_a_command_are_read(text: str, meant: Phrase) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("!imagin a cat", "imagine"),
        ("!imaginea cat", "imagine"),
        ("/imagin a cat", "imagine"),
        ("!genrate a cat", "imagine"),
        ("!dessin un chat", "imagine"),
        ("!annulle", "cancel"),
        ("!variaton 2", "vary"),
        ("!roll", "reroll"),
        ("!remix", "vary"),
        ("imagine a cat --ar 16:9", "imagine"),
        ("Imagine prompt: a cat", "imagine"),
        (f"<@{ACCOUNT}> imagine a cat", "imagine"),
        (f"<@!{ACCOUNT}> help", "help"),
        (f"<@{ACCOUNT}>", "help"),
    ],
)
def test_what_is_not_sure_is_asked_about(text: str, topic: str) -> None:
    assert read(text) == Unsure(topic)


@pytest.mark.parametrize("text", ["!describe", "/blend", "!Zoom out", "/fast"])
def test_what_only_midjourney_does_is_told_apart(text: str) -> None:
    assert isinstance(read(text), Midjourneys)


@pytest.mark.parametrize(
    "text",
    [
        *("", "!", "/", "! ", "!!!", "! wow", "! zoom", "!play a song", "!u22", "/s", "!9"),
        *("hello", "imagine that", "imagine a cat - or two", "U2", "u2", "V3", "🔄", "2"),
        *("help", "<@5> imagine a cat", f"<@{ACCOUNT}> hello", f"look <@{ACCOUNT}> imagine it"),
    ],
)
def test_what_is_meant_for_others_is_left_to_them(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((name, Meant("upscale", "2")) for name in ("U2", "u2", " u2\n", "!u2", "!U2")),
        *((name, Meant("vary", "3")) for name in ("V3", "v3", "!v3")),
        *((name, Meant("reroll")) for name in ("🔄", "🔁", "🔄\ufe0f", "!🔄")),
        *(
            (name, None)
            for name in ("U5", "u0", "2", "U2 please", "u2 v3", "U 2", "cool", "🔥", "")
        ),
    ],
)
def test_name_of_a_button_is_enough_in_reply_to_a_grid(text: str, meant: Phrase | None) -> None:
    assert read(text, pressing=True) == meant


def test_what_goes_before_the_names_in_somebody_elses_bot_is_needed() -> None:
    reader = PhraseReader(prefix="!", begin="mj_", words=lambda: WORDS)
    for text in ("!mj_draw a cat", "!mj_ draw a cat", "/mj_draw a cat"):
        assert read(text, reader) == IMAGINE
    for text in ("!draw a cat", "/imagine a cat", "!imagine a cat", "!describe"):
        assert read(text, reader) is None


def test_typo_is_not_guessed_from_short_names() -> None:
    assert READER.nearest("imagi") == "imagine"
    assert [READER.nearest(word) for word in ("u", "i", "di", "gee", "xyz", "")] == [None] * 6


def test_words_without_a_command_are_not_understood() -> None:
    reader = PhraseReader(prefix="!", begin="", words=lambda: {"imagine": "imagine"})
    assert read("!draw a cat", reader) is None


def test_words_are_only_looked_up_for_what_is_addressed_to_the_bot() -> None:
    """In a gap there may be very many other messages."""

    def words() -> dict[str, str]:
        raise AssertionError

    reader = PhraseReader(prefix="!", begin="", words=words)
    for text in ("hello", "a cat --ar 3:2", "U2", "<@5> imagine a cat", "**a cat** - <@5> (fast)"):
        assert read(text, reader) is None


def test_each_word_means_one_command_and_is_no_name_of_another() -> None:
    pairs = {
        (folded(word), topic)
        for words in SYNONYMS.values()
        for topic, synonyms in words.items()
        for word in synonyms
    }
    assert len(pairs) == len({word for word, _ in pairs})
    assert not {word for word, _ in pairs} & set(ENGLISH.help)
    assert not set(UNSURE) & set(TOPICS)


def test_each_word_is_for_a_command_that_exists() -> None:
    """`again` is understood as soon as there is such a command."""
    assert set(TOPICS.values()) | set(UNSURE.values()) <= set(ENGLISH.help) | {"again"}
