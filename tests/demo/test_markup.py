from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from demo.markup import COLOURFUL, PLAIN, MarkupReader, plain, style_of
from demo.terminal import TerminalAbilities

NOW = datetime(2026, 11, 29, 14, 5, 30, tzinfo=timezone(timedelta(hours=1)))
SECONDS = int(NOW.timestamp())


def reader(**changes: object) -> MarkupReader:
    whole = MarkupReader(style=PLAIN, now=lambda: NOW, names={"17": "ann"})
    return replace(whole, **changes)


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (":t", "14:05"),
        (":T", "14:05:30"),
        (":d", "2026-11-29"),
        (":D", "29 November 2026"),
        (":f", "29 November 2026, 14:05"),
        (":F", "Sunday, 29 November 2026, 14:05"),
        ("", "29 November 2026, 14:05"),
    ],
)
def test_a_time_is_shown_in_the_readers_time_zone(style: str, shown: str) -> None:
    assert reader().read(f"asked <t:{SECONDS}{style}>.") == f"asked {shown}."


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (0, "now"),
        (41, "in 41 s"),
        (-1, "1 s ago"),
        (120, "in 2 min"),
        (-59 * 60, "59 min ago"),
        (-3 * 3600, "3 h ago"),
        (86400, "in 1 d"),
        (-31 * 86400, "1 month ago"),
        (800 * 86400, "in 2 years"),
    ],
)
def test_a_relative_time_is_counted_from_now(after: int, shown: str) -> None:
    assert reader().read(f"<t:{SECONDS + after}:R>") == shown


def test_a_time_beyond_all_years_stays_as_it_is() -> None:
    assert reader().read("<t:999999999999:R>") == "<t:999999999999:R>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("by <@17> and <@!18>", "by @ann and @somebody"),
        ("<@&1> in <#2>", "@role 1 in #channel 2"),
        ("<a:fire:12><:fox:3>", ":fire::fox:"),
        ("see <https://x.test/a_b?c=1>", "see https://x.test/a_b?c=1"),
        ("[the page](<https://x.test/1>)", "the page (https://x.test/1)"),
        ("**bold `code`** `a**b`", "bold `code` `a**b`"),
        ("``a`b``", "`a`b`"),
        (r"a \*cat\* in \`code\`", "a *cat* in `code`"),
        (r"**a \*\* b**", "a ** b"),
        (r"C:\temp, snake_case and a < b", r"C:\temp, snake_case and a < b"),
        ("-# small", "small"),
        ("a\x1b[2Jb\udcffc\td", "a [2Jb c d"),
        ("👩‍🚀", "👩‍🚀"),
    ],
)
def test_markup_is_readable_without_colours(text: str, shown: str) -> None:
    assert reader().read(text) == shown


def test_in_colours_it_is_set_off() -> None:
    shown = reader(style=COLOURFUL).read("**a** `b` c")
    assert shown == "\x1b[1ma\x1b[22m \x1b[36mb\x1b[39m c"
    assert reader(style=COLOURFUL).read("-# a") == "\x1b[2ma\x1b[22m"


def test_an_address_can_be_clicked_where_the_terminal_takes_links() -> None:
    linked = reader(style=replace(COLOURFUL, links=True)).read(
        "<https://x.test/1>, https://x.test/2."
    )
    one, two = (f"\x1b]8;;https://x.test/{n}\x1b\\https://x.test/{n}\x1b]8;;\x1b\\" for n in (1, 2))
    assert linked == f"{one}, {two}."


def test_without_colours_nothing_is_escaped() -> None:
    assert style_of(TerminalAbilities()) is PLAIN
    assert "\x1b" not in "".join([*PLAIN.bold, *PLAIN.code, *PLAIN.quiet])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"a \*cat\* in `code`", "a *cat* in code"),
        (r"C:\temp and snake_case", r"C:\temp and snake_case"),
        ("a\x1b[2Jb\udcffc\td", "a [2Jb c d"),
    ],
)
def test_a_sentence_is_free_of_markdown_and_cannot_move_the_cursor(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_the_time_zone_is_that_of_now() -> None:
    elsewhere = reader(now=lambda: NOW.astimezone(UTC))
    assert elsewhere.read(f"<t:{SECONDS}:t>") == "13:05"
