"""The owners' commands, and when owners are pinged."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest
from structlog.testing import capture_logs

from domain.errors import StoreRefused, StoreUnavailable
from domain.events import Delivered
from domain.generation import Status
from domain.pause import Pause
from domain.reasons import Reason
from domain.slots import Slot
from services.updates import DatabaseAway, QueueStopped
from tests.cogs.channel_harness import (
    ANN,
    BEN,
    CHANNEL,
    OLGA,
    STRANGER,
    ChannelHarness,
    open_channel,
)
from tests.dpytest_shim import backend


async def only(harness: ChannelHarness, text: str, by: int = OLGA) -> str:
    """Type something that gets one answer, and return it."""
    (reply,) = await harness.say(text, by)
    return reply.text


async def test_prompts_are_accepted_in_a_pause_and_begin_after_it(harness: ChannelHarness) -> None:
    assert await only(harness, "!pause back at *noon*") == (
        "⏸️ Paused. I still take prompts; `!resume` continues."
    )
    assert (await only(harness, "!imagine a cat", ANN)).endswith(
        r"· queued, up next · paused (back at \*noon\*)"
    )
    (row,) = await harness.rows()
    assert row.status == Status.QUEUED
    assert await only(harness, "!resume") == "▶️ Back to work."
    row = await harness.atelier.orchestrator.report(row.id, Delivered(Slot.GRID, "none"))
    assert row.status == Status.SUBMITTING


async def test_pausing_and_resuming_twice_changes_nothing(harness: ChannelHarness) -> None:
    assert await only(harness, "!resume") == "It wasn't paused."
    await only(harness, "!pause")
    assert await only(harness, "!pause") == "It's already paused; `!resume` continues."
    await only(harness, "!resume")
    assert await only(harness, "!resume") == "It wasn't paused."


async def test_a_stop_that_comes_while_the_history_is_read_is_not_resumed(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not what `!resume` was typed for."""

    async def look() -> None:
        stop = Pause(words=Reason.CAPTCHA, since=harness.clock.now())
        await harness.atelier.orchestrator.queue_pause.begin(stop)

    await only(harness, "!pause")
    monkeypatch.setattr(harness.atelier.recovery, "look", look)
    before = discord.utils.time_snowflake(harness.clock.now()) - 1
    (reply,) = await harness.receive(harness.typed("!resume", harness.people[OLGA], id_num=before))
    assert reply.text == "paused (Discord is asking for a captcha)"
    assert await harness.atelier.store.get_pause() is not None
    monkeypatch.undo()
    assert await only(harness, "!resume") == "▶️ Back to work."


async def test_only_owners_pause_and_resume(harness: ChannelHarness) -> None:
    for command in ("!pause", "!resume"):
        assert await only(harness, command, ANN) == "Only the bot's owners can do that."
    assert (await only(harness, "!imagine a cat", ANN)).endswith("· starting")


@pytest.mark.parametrize(
    "command", ["pause", "pause noon", "resume", f"allow <@{STRANGER}>", f"deny <@{BEN}>", "allow"]
)
async def test_what_owners_type_is_for_owners(harness: ChannelHarness, command: str) -> None:
    assert await only(harness, f"!{command}", ANN) == "Only the bot's owners can do that."
    assert await harness.atelier.store.list_people() == []
    assert await harness.atelier.store.get_pause() is None


@pytest.mark.parametrize("form", ["<@{}>", "<@!{}>", "{}"])
async def test_allowed_person_may_use_it_until_denied(harness: ChannelHarness, form: str) -> None:
    whom = form.format(STRANGER)
    assert await only(harness, f"!allow {whom}") == "✅ Sam can use me now."
    await harness.imagined(by=STRANGER)
    assert await only(harness, f"!allow {whom}") == "✅ Sam could already use me."
    assert await only(harness, f"!deny {whom}") == "⛔ Sam can't use me any more."
    assert (await only(harness, "!imagine a cat", STRANGER)).startswith("You can't use this bot")
    assert await only(harness, f"!deny {whom}") == "⛔ Sam couldn't use me anyway."


@pytest.mark.parametrize("person", [ANN, BEN])
async def test_denial_overrules_the_settings(harness: ChannelHarness, person: int) -> None:
    await only(harness, f"!deny <@{person}>")
    assert (await only(harness, "!imagine a cat", person)).startswith("You can't use this bot")
    await only(harness, f"!allow <@{person}>")
    await harness.imagined(by=person)


async def test_who_may_use_it_is_kept_in_the_database(harness: ChannelHarness) -> None:
    await only(harness, f"!allow <@{STRANGER}>")
    await only(harness, f"!deny <@{BEN}>")
    people = await harness.atelier.store.list_people()
    assert [(one.id, one.allowed, one.by) for one in people] == [
        (BEN, False, OLGA),
        (STRANGER, True, OLGA),
    ]


async def test_who_was_denied_stays_so_after_a_restart(tmp_path: Path) -> None:
    async with open_channel(tmp_path) as harness:
        await only(harness, f"!deny <@{BEN}>")
    async with open_channel(tmp_path, ready=False) as harness:  # loaded before anybody can type
        assert harness.atelier.access.denies(BEN)


async def test_owner_cannot_be_denied(harness: ChannelHarness) -> None:
    assert await only(harness, f"!deny <@{OLGA}>") == (
        "👑 Olga is an owner (set in `OWNER_IDS`), so I can't change that."
    )
    assert await harness.atelier.store.list_people() == []


@pytest.mark.parametrize("whom", ["", "Sam", "@Sam", "123", "²", "9" * 19])
async def test_nobody_meant_is_asked_about(harness: ChannelHarness, whom: str) -> None:
    assert await only(harness, f"!allow {whom}".strip()) == (
        "Who? Mention them, or give their id: `!allow @Ann`"
    )


@pytest.mark.parametrize("whom", [f"<@{BEN}> <@{ANN}>", f"<@{BEN}><@{ANN}>", f"all but <@{BEN}>"])
async def test_one_person_is_meant_and_nobody_else(harness: ChannelHarness, whom: str) -> None:
    assert (await only(harness, f"!deny {whom}")).startswith("Who?")
    assert await harness.atelier.store.list_people() == []


async def test_whose_message_is_replied_to_is_not_whom_is_meant(harness: ChannelHarness) -> None:
    """Discord also mentions the author of the message replied to, before the typed mentions."""
    people = [harness.people[BEN], harness.people[STRANGER]]
    (told,) = await harness.reply(f"!allow <@{STRANGER}>", 5, OLGA, mentions=people)
    assert told.text == "✅ Sam can use me now."
    (told,) = await harness.reply("!deny", 5, OLGA, mentions=people[:1])
    assert told.text.startswith("Who?")
    assert [one.id for one in await harness.atelier.store.list_people()] == [STRANGER]


async def test_name_of_somebody_who_is_gone_is_the_one_that_discord_tells(
    harness: ChannelHarness,
) -> None:
    gone = backend.make_user("Tess", "0001", id_num=STRANGER + 1)
    (told,) = await harness.reply(f"!deny {gone.mention}", 5, OLGA, mentions=[gone])
    assert told.text == "⛔ Tess couldn't use me anyway."
    assert await only(harness, f"!allow {STRANGER + 2}") == f"✅ `{STRANGER + 2}` can use me now."


async def test_name_of_a_person_has_no_effect(harness: ChannelHarness) -> None:
    backend.update_member(harness.people[STRANGER], nick="!imagine @everyone **x**")
    (reply,) = await harness.say(f"!allow <@{STRANGER}>", OLGA)
    assert reply.text == r"✅ !imagine @" + "\u200b" + r"everyone \*\*x\*\* can use me now."
    assert reply.pings == {"parse": [], "replied_user": False}


@pytest.mark.parametrize("word", ["health", "ping", "PING"])
async def test_everybody_allowed_may_ask_how_it_is(harness: ChannelHarness, word: str) -> None:
    harness.clock.jump(61)
    (text,) = [await only(harness, f"!{word}", ANN)]
    assert re.fullmatch(
        r"gateway \? ms · database \d+ ms · storage \d+ ms · up 1:01 · version \S+ · running",
        text.splitlines()[0],
    )
    row = await harness.imagined("a cat", BEN)
    await only(harness, "!pause noon")
    first, second = (await only(harness, f"!{word}", ANN)).splitlines()
    assert first.endswith(" · paused (noon)")
    assert second.startswith(f"`{row.code}` · ")


@pytest.mark.parametrize("missing", ["database", "storage"])
@pytest.mark.parametrize("error", [StoreUnavailable("away"), StoreRefused("the key is wrong")])
async def test_health_is_told_also_while_a_store_does_not_answer(
    harness: ChannelHarness, missing: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is when people need it most."""

    async def away(*_: object) -> None:
        raise error

    store, images = harness.atelier.store, harness.atelier.images
    if missing == "database":
        monkeypatch.setattr(store, "get_processing_generation", away)
    else:
        monkeypatch.setattr(images, "list_objects", away)
    text = await only(harness, "!health", ANN)
    assert f"{missing} ? ms" in text
    assert text.count("?") == 2  # one is for the gateway, which dpytest lacks


async def test_stop_calls_the_owners_and_nobody_else(harness: ChannelHarness) -> None:
    harness.bot.dispatch(
        "atelier_stopped", QueueStopped(Pause(words=f"<@{STRANGER}>", since=harness.clock.now()))
    )
    (call,) = await harness.sent()
    assert f"<@{OLGA}> The queue has stopped: <@\u200b{STRANGER}>." in call.text
    assert "`!resume`" in call.text
    assert call.channel == CHANNEL
    assert call.pings == {"parse": [], "users": [OLGA]}


async def test_the_call_is_tried_again_where_discord_fails(harness: ChannelHarness) -> None:
    harness.http.passing = [ConnectionResetError()]
    harness.bot.dispatch(
        "atelier_stopped", QueueStopped(Pause(words="Blocked", since=harness.clock.now()))
    )
    (call,) = await harness.sent()
    assert call.pings["users"] == [OLGA]


async def ready(harness: ChannelHarness) -> list[str]:
    """Make the gateway ready twice, and return what the bot says then."""
    harness.bot.dispatch("ready")
    harness.bot.dispatch("ready")
    return [sent.text for sent in await harness.sent()]


async def test_a_channel_that_lets_it_work_is_not_spoken_of(harness: ChannelHarness) -> None:
    assert await ready(harness) == []


async def test_what_the_account_may_not_do_is_said_once(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sends_only(*_: object) -> discord.Permissions:
        return discord.Permissions(view_channel=True, send_messages=True)

    monkeypatch.setattr(discord.TextChannel, "permissions_for", sends_only)
    with capture_logs() as lines:
        (told,) = await ready(harness)
    assert "`read_message_history`, `attach_files`, `use_application_commands`" in told
    assert [line for line in lines if line["event"] == "channel_hinders"] == [
        {
            "event": "channel_hinders",
            "log_level": "warning",
            "lacks": ["read_message_history", "attach_files", "use_application_commands"],
            "slow_mode": None,
        }
    ]


async def test_where_its_own_member_is_unknown_it_looks_again_after_the_next_connect(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sends_only(*_: object) -> discord.Permissions:
        return discord.Permissions(view_channel=True, send_messages=True)

    monkeypatch.setattr(discord.TextChannel, "permissions_for", sends_only)
    with monkeypatch.context() as unknown, capture_logs() as logs:
        unknown.setattr(discord.Guild, "me", None)
        assert await ready(harness) == []
    assert "own_member_unknown" in [log["event"] for log in logs]
    assert len(await ready(harness)) == 1


@pytest.mark.fault(name="F18")
@pytest.mark.parametrize("exempt", [False, True])
async def test_slow_mode_is_said_unless_it_does_not_count(
    harness: ChannelHarness, monkeypatch: pytest.MonkeyPatch, exempt: bool
) -> None:
    def all_but(*_: object) -> discord.Permissions:
        may = discord.Permissions.all()
        may.update(manage_messages=exempt, manage_channels=False)
        return may

    monkeypatch.setattr(discord.TextChannel, "permissions_for", all_but)
    harness.channel.slowmode_delay = 30
    told = await ready(harness)
    assert told == [] if exempt else "Slow mode (30 s)" in told[0]


async def test_an_outage_of_the_database_is_told_and_pings_nobody(harness: ChannelHarness) -> None:
    harness.bot.dispatch(DatabaseAway.event, DatabaseAway())
    (told,) = await harness.sent()
    assert "database isn't answering" in told.text
    assert told.pings["parse"] == []
