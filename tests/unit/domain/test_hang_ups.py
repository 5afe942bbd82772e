"""How far apart connections must be that the gateway hangs up on."""

from datetime import timedelta

from domain.hang_ups import LONGEST, HangUps
from tests.builders import NOW


def hang_ups(in_a_row: int) -> HangUps:
    return HangUps(in_a_row=in_a_row, last_at=NOW)


def test_the_distance_doubles_up_to_some_minutes() -> None:
    distances = [hang_ups(count).distance for count in range(1, 12)]
    assert distances == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST, LONGEST]
    assert hang_ups(10**6).distance == LONGEST


def test_what_is_left_is_measured_from_the_last_one() -> None:
    assert hang_ups(9).left(NOW) == 256
    assert hang_ups(9).left(NOW + timedelta(seconds=56)) == 200
    assert hang_ups(9).left(NOW + timedelta(hours=1)) == 0


def test_a_clock_that_was_put_back_makes_it_no_longer() -> None:
    assert hang_ups(9).left(NOW - timedelta(hours=1)) == 256
