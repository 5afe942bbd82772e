"""What is told of pictures that wait to be stored."""

from __future__ import annotations

from domain.generation import Slot
from services.herald import Herald
from services.letters import News, Told
from tests.builders import generation


def test_of_pictures_that_wait_together_the_furthest_try_is_told_and_each_only_once() -> None:
    herald, news, row = Herald(), list[News](), generation()
    herald.subscribe(news.append)
    for number in (2, 3):
        for slot in (Slot.UPSCALE_1, Slot.UPSCALE_2):
            herald.delay(row, slot, number)
    assert news == [Told(row, delayed=2), Told(row, delayed=3)]
    herald.delay(row, Slot.UPSCALE_2, 4)
    herald.end_delay(row.id, Slot.UPSCALE_2)
    herald.tell_again(row)
    herald.end_delay(row.id, Slot.UPSCALE_1)
    herald.tell_again(row)
    assert news[2:] == [Told(row, delayed=4), Told(row, delayed=3), Told(row)]
