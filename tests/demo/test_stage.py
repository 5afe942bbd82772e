from pathlib import Path

import pytest

from demo.stage import is_over, settings
from domain.generation import Status
from sandbox import Sandbox
from tests.builders import generation


def test_the_bots_settings_come_from_the_sandbox_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries the demo may have set everything up already, for the real thing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PRESS_INTERVAL=60\nALLOWED_USER_IDS=100000000000000002\n")
    for name, value in {
        "DISCORD_TOKEN": "real",
        "AUTO_UPSCALE": "1",
        "PROXY_URL": "http://127.0.0.1:9",
        "COMMAND_PREFIX": "?",
    }.items():
        monkeypatch.setenv(name, value)
    sandbox = Sandbox(speed=20)
    made = settings(sandbox, tmp_path)
    assert made.discord_token.get_secret_value() == sandbox.token
    assert (made.auto_upscale, made.proxy_url, made.command_prefix) == ((1, 2, 3, 4), None, "!")
    assert (made.press_interval, made.allow_everybody) == (0.075, True)


def test_the_slowest_demo_presses_as_slowly_as_is_allowed(tmp_path: Path) -> None:
    assert settings(Sandbox(speed=0.01), tmp_path).press_interval == 60


@pytest.mark.parametrize("status", Status)
def test_a_generation_is_over_when_it_has_ended_and_its_person_knows(status: Status) -> None:
    ended = status in {Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.NEEDS_ATTENTION}
    assert is_over(generation(status, notice_message_id=1)) == ended
    assert is_over(generation(status)) == (status == Status.CANCELLED)
