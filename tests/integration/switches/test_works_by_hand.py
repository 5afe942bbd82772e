"""Jobs that people start by hand from the bot's solos, while it works, are theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from domain.generation import Generation, Status
from domain.slots import UPSCALES, Slot
from tests.integration.conftest import RunningBot
from tests.integration.switches.switch_harness import (
    PROMPT,
    at_rest,
    leave_all,
    leave_only_the_first_words,
    leave_only_the_words,
)

pytestmark = pytest.mark.integration

LABELS = ("Pan left", "Zoom Out 2x", "Upscale (Creative)", "Animate (High motion)", "Vary (Strong)")


def press_by_hand(
    running_bot: RunningBot, message_id: int, person: str, labels: Collection[str] = LABELS
) -> None:
    """Press some buttons of a message: of a solo, one of each kind."""
    message = running_bot.sandbox.message(message_id)
    assert message is not None
    buttons = [each for row in message["components"] for each in row["components"]]
    for each in buttons:
        if each["label"] in labels:
            running_bot.sandbox.press_elsewhere(person, message_id, each["custom_id"])


def results_of(running_bot: RunningBot, message_id: int) -> list[dict[str, Any]]:
    """Return a list to which every finished message that refers to a message is added."""
    results: list[dict[str, Any]] = []

    def collect(event: str, message: dict[str, Any]) -> None:
        reference = message.get("message_reference", {}).get("message_id")
        # A progress message has no picture when it appears.
        if event == "MESSAGE_CREATE" and message["attachments"] and reference == str(message_id):
            results.append(message)

    running_bot.sandbox.watch(collect)
    return results


@pytest.mark.parametrize("gap", [leave_all, leave_only_the_first_words, leave_only_the_words])
@pytest.mark.parametrize("person", ["atelier", pytest.param("ben", marks=pytest.mark.long)])
async def test_works_by_hand_on_a_solo_keep_out_of_the_next_generation(
    running_bot: RunningBot,
    tmp_path: Path,
    gap: Callable[[RunningBot], None],
    person: str,
) -> None:
    """The prompt is the same, and all are under way at once."""
    running_bot.sandbox.switches.solo_buttons.set("with upscales")
    await running_bot.imagine(PROMPT)
    first: Generation = await running_bot.ended(PROMPT)
    solo_id = first.step(Slot.UPSCALE_2).message_id
    assert solo_id is not None
    gap(running_bot)
    await running_bot.imagine(PROMPT, "ben")
    await running_bot.sandbox.wait_until(
        lambda: sum(each.kind == "imagine" for each in running_bot.sandbox.interactions) == 2
    )
    results = results_of(running_bot, solo_id)
    press_by_hand(running_bot, solo_id, person)
    await at_rest(running_bot, 2)
    await running_bot.sandbox.wait_until(lambda: len(results) == len(LABELS))
    await running_bot.atelier.clock.sleep(60)
    assert [row.status for row in await running_bot.generations()] == [Status.COMPLETED] * 2
    assert len(list((tmp_path / "pictures").rglob("*.png"))) == 2 * len(Slot)


@pytest.mark.parametrize("gap", [leave_all, leave_only_the_words])
async def test_a_clip_of_a_film_keeps_out_of_the_next_generation(
    running_bot: RunningBot, tmp_path: Path, gap: Callable[[RunningBot], None]
) -> None:
    """All films and clips have the words of the prompt; some have buttons that say U1 to U4."""
    await running_bot.imagine(PROMPT)
    solo_id = (await running_bot.ended(PROMPT)).step(Slot.UPSCALE_2).message_id or 0
    films = results_of(running_bot, solo_id)
    press_by_hand(running_bot, solo_id, "atelier", ["Animate (Low motion)", "Favorite"])
    await running_bot.sandbox.wait_until(lambda: len(films) == 1)
    film_id = int(films[0]["id"])
    clips = results_of(running_bot, film_id)
    gap(running_bot)
    await running_bot.imagine(PROMPT, "ben")
    await running_bot.sandbox.wait_until(
        lambda: sum(each.kind == "imagine" for each in running_bot.sandbox.interactions) == 2
    )
    press_by_hand(running_bot, film_id, "atelier", [f"U{number}" for number in range(1, 5)])
    press_by_hand(running_bot, solo_id, "atelier", ["Animate (High motion)"])
    await at_rest(running_bot, 2)
    await running_bot.sandbox.wait_until(lambda: (len(clips), len(films)) == (4, 2))
    await running_bot.atelier.clock.sleep(60)
    assert [row.status for row in await running_bot.generations()] == [Status.COMPLETED] * 2
    assert len(list((tmp_path / "pictures").rglob("*.png"))) == 2 * len(Slot)
    presses = [asked for asked in running_bot.sandbox.interactions if asked.kind == "press"]
    assert len(presses) == 2 * len(UPSCALES)
