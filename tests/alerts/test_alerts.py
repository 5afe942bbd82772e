"""A trouble is told once, then hourly, and when it is over; also across restarts."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from services.alerts import webhook as webhook_module
from services.alerts.alerts import FILE, STARTS, WORDS, Alerts
from services.alerts.memory import AlertKind, AlertMemory
from services.alerts.webhook import NotTaken, Webhook
from tests.alerts.webhook_server import PATH, WebhookServer
from tests.fakes import FakeClock

MINUTE, HOUR = 60.0, 3600.0
BEGUN, OVER = zip(*WORDS.values(), strict=True)


def of_process(webhook: WebhookServer, clock: FakeClock, folder: Path) -> Alerts:
    """Return the alerts of a new process in this folder."""
    return Alerts(Webhook(webhook.secret), AlertMemory.load(folder / FILE), clock)


@pytest.fixture
def alerts(webhook: WebhookServer, clock: FakeClock, tmp_path: Path) -> Alerts:
    return of_process(webhook, clock, tmp_path)


def test_every_trouble_has_its_words() -> None:
    assert set(WORDS) == set(AlertKind)
    assert len({*BEGUN, *OVER}) == 2 * len(WORDS)


@pytest.mark.parametrize("trouble", AlertKind)
async def test_a_trouble_is_told_at_most_hourly_and_its_end_once(
    alerts: Alerts, webhook: WebhookServer, clock: FakeClock, trouble: AlertKind
) -> None:
    begun, over = WORDS[trouble]
    for _ in range(61):
        await alerts.tell(trouble)
        clock.jump(MINUTE)
    for _ in range(2):
        await alerts.over(trouble)
    assert webhook.texts == [begun, begun, over]


async def test_what_was_never_told_has_no_end(alerts: Alerts, webhook: WebhookServer) -> None:
    await alerts.over(AlertKind.STUCK)
    assert webhook.texts == []


async def test_services_of_all_kinds_find_the_text_and_nothing_in_it_calls_anybody(
    alerts: Alerts, webhook: WebhookServer
) -> None:
    await alerts.tell(AlertKind.STUCK)
    (body,) = webhook.bodies
    assert body["content"] == body["text"] == f"Atelier: {WORDS[AlertKind.STUCK].begun}"
    assert body["allowed_mentions"] == {"parse": []}


async def test_a_restart_loop_tells_it_once_and_the_process_that_is_well_tells_the_end(
    webhook: WebhookServer, clock: FakeClock, tmp_path: Path
) -> None:
    for _ in range(10):
        await of_process(webhook, clock, tmp_path).tell(AlertKind.TOKEN)
        clock.jump(MINUTE)
    await of_process(webhook, clock, tmp_path).over(AlertKind.TOKEN)
    assert webhook.texts == list(WORDS[AlertKind.TOKEN])


async def test_five_starts_in_half_an_hour_are_told_and_a_while_without_one_too(
    webhook: WebhookServer, clock: FakeClock, tmp_path: Path
) -> None:
    for start in range(1, 3 * STARTS):
        await of_process(webhook, clock, tmp_path).started()
        assert len(webhook.texts) == (start >= STARTS)
        clock.jump(MINUTE)
    clock.jump(30 * MINUTE)
    await of_process(webhook, clock, tmp_path).judge_starts()
    assert webhook.texts == list(WORDS[AlertKind.CRASHES])


async def test_updates_now_and_then_are_no_crash_loop(
    webhook: WebhookServer, clock: FakeClock, tmp_path: Path
) -> None:
    for _ in range(20):
        await of_process(webhook, clock, tmp_path).started()
        clock.jump(10 * MINUTE)
    assert webhook.texts == []


async def test_a_clock_that_was_put_back_silences_nothing(
    alerts: Alerts, webhook: WebhookServer, clock: FakeClock
) -> None:
    await alerts.tell(AlertKind.STOP)
    clock.put_back(48)
    await alerts.tell(AlertKind.STOP)
    assert len(webhook.texts) == 2


@pytest.mark.parametrize("left", [b"", b"[]", b'{"told": {"x": 1}}', b'{"told": {}}', b"\xff"])
async def test_a_file_that_cannot_be_read_counts_as_nothing(
    webhook: WebhookServer, clock: FakeClock, tmp_path: Path, left: bytes
) -> None:
    (tmp_path / FILE).write_bytes(left)
    await of_process(webhook, clock, tmp_path).tell(AlertKind.STORE)
    assert len(webhook.texts) == 1


async def test_a_folder_that_cannot_be_written_keeps_nothing_from_being_told(
    webhook: WebhookServer, clock: FakeClock, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    alerts = of_process(webhook, clock, tmp_path / "file")
    await alerts.tell(AlertKind.STORE)
    await alerts.tell(AlertKind.STORE)
    assert len(webhook.texts) == 1


@pytest.mark.parametrize("status", [301, 404, 429, 500])
async def test_a_webhook_that_refuses_is_a_warning_once_and_tried_again_later(
    alerts: Alerts, webhook: WebhookServer, clock: FakeClock, status: int
) -> None:
    webhook.status = status
    with capture_logs() as lines:
        for _ in range(11):
            await alerts.tell(AlertKind.DATABASE)
            clock.jump(MINUTE)
        assert len(webhook.bodies) == 3
        await alerts.over(AlertKind.DATABASE)  # nobody has heard of it
        assert len(webhook.bodies) == 3
    assert [(line["event"], line["why"]) for line in lines] == [
        ("alert_not_sent", f"HTTP {status}")
    ]
    assert PATH not in str(lines)


async def test_nobody_at_the_address_is_a_warning_without_the_address(clock: FakeClock) -> None:
    nobody = Webhook(SecretStr(f"http://127.0.0.1:9{PATH}"))
    with capture_logs() as lines:
        await Alerts(nobody, AlertMemory(), clock).tell(AlertKind.STUCK)
    assert lines[0]["why"] == "ClientConnectorError"
    assert PATH not in str(lines)
    assert ":9" not in str(lines)


async def test_a_webhook_that_never_answers_is_given_up_soon(
    webhook: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert webhook_module.TIMEOUT.total == 5
    monkeypatch.setattr(webhook_module, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    webhook.silent = True
    with pytest.raises(NotTaken, match="TimeoutError"):
        await Webhook(webhook.secret).send("hello")


async def test_a_discord_webhook_goes_through_the_proxy_and_others_do_not(
    webhook: WebhookServer,
) -> None:
    nowhere = "http://127.0.0.1:9"
    await Webhook(webhook.secret, nowhere).send("hello")
    discord = SecretStr("https://discord.com/api/webhooks/1/x")
    with pytest.raises(NotTaken, match="ClientProxyConnectionError"):
        await Webhook(discord, nowhere).send("hello")
    assert len(webhook.bodies) == 1
