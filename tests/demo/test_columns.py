import pytest
import wcwidth

from demo.columns import columns


def test_lines_stand_beside_the_name_and_wrap_at_words_below_each_other() -> None:
    assert columns("ann", ("a lighthouse at dusk", "--ar 3:2"), 26) == [
        "ann         a lighthouse",
        "            at dusk",
        "            --ar 3:2",
    ]


def test_where_rows_have_no_end_a_line_is_a_row() -> None:
    assert columns("ann", ("x" * 200, ""), None) == [f"ann         {'x' * 200}", "            "]


@pytest.mark.parametrize("word", ["灯台の絵を", "👩‍🚀🦊🇫🇷👍🏽", "e\N{COMBINING ACUTE ACCENT}cole"])
def test_no_row_is_wider_than_the_terminal(word: str) -> None:
    """Wide characters take two cells, and what combines takes none."""
    rows = columns("ann", (f"{word} " * 9,), 30)
    assert all(wcwidth.width(row) <= 30 for row in rows)
    assert "".join(rows).replace(" ", "") == f"ann{word * 9}"
    narrow = columns("ann", (f"{'x' * wcwidth.width(word)} " * 9,), 30)
    assert len(rows) == len(narrow)


def test_colours_take_no_room_and_end_with_their_row() -> None:
    rows = columns("ann", ("\x1b[36mone two\x1b[39m three",), 17)
    assert [wcwidth.strip_sequences(row) for row in rows] == [
        "ann         one",
        "            two",
        "            three",
    ]
    assert rows[0].endswith("\x1b[0m")


def test_a_path_that_fits_a_row_is_not_cut() -> None:
    path = "/data/" + "x" * 19
    assert columns("demo", ("They are in", path), 30) == ["demo        They are in", f"     {path}"]
    assert columns("demo", (path,), 30) == ["demo", f"     {path}"]


def test_a_longer_one_is_cut_below_the_text() -> None:
    assert columns("demo", ("x" * 31,), 30) == [
        f"demo        {'x' * 18}",
        f"            {'x' * 13}",
    ]
