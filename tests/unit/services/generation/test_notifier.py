"""What is told of pictures that wait to be stored."""

from __future__ import annotations

from domain.slots import Slot
from services.generation.notifier import Notifier
from services.updates import GenerationUpdate, Update
from tests.builders import generation


def test_of_pictures_that_wait_together_the_furthest_try_is_told_and_each_only_once() -> None:
    notifier, news, row = Notifier(), list[Update](), generation()
    notifier.subscribe(news.append)
    for number in (2, 3):
        for slot in (Slot.UPSCALE_1, Slot.UPSCALE_2):
            notifier.delay(row, slot, number)
    assert news == [GenerationUpdate(row, delayed=2), GenerationUpdate(row, delayed=3)]
    notifier.delay(row, Slot.UPSCALE_2, 4)
    notifier.end_delay(row.id, Slot.UPSCALE_2)
    notifier.tell_again(row)
    notifier.end_delay(row.id, Slot.UPSCALE_1)
    notifier.tell_again(row)
    assert news[2:] == [
        GenerationUpdate(row, delayed=4),
        GenerationUpdate(row, delayed=3),
        GenerationUpdate(row),
    ]
