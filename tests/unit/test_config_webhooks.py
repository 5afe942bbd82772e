"""The address that alerts are sent to: encrypted, or at this machine, and never shown."""

import pytest

from tests.unit.variables import REQUIRED, load_with, problems_with

SECRET = "xoxb-" + "very-secret" * 2
GOOD = f"https://discord.com/api/webhooks/1/{SECRET}"


@pytest.mark.parametrize(
    "address", [GOOD, f"http://127.0.0.1:8080/{SECRET}", f"http://[::1]/{SECRET}?tpl=yes&m={{x}}"]
)
def test_an_address_that_nobody_can_listen_to_is_taken_whole(address: str) -> None:
    settings = load_with({**REQUIRED, "ALERT_WEBHOOK_URL": address})
    assert settings.alert_webhook_url is not None
    assert settings.alert_webhook_url.get_secret_value() == address


@pytest.mark.parametrize(
    "address",
    [
        f"http://example.org/{SECRET}",
        f"ftp://127.0.0.1/{SECRET}",
        f"https:///{SECRET}",
        f"https://example.org:0/{SECRET}",
        f"https://example.org:x/{SECRET}",
        f"https://example.org/a {SECRET}",
        f"https://éxample.org/{SECRET}",
        SECRET,
    ],
)
def test_any_other_is_refused_without_being_shown(address: str) -> None:
    (problem,) = problems_with({**REQUIRED, "ALERT_WEBHOOK_URL": address})
    assert problem.startswith("ALERT_WEBHOOK_URL is wrong: write a webhook's whole address")
    assert SECRET not in problem


def test_it_is_masked_whole_and_without_its_host_and_shown_nowhere() -> None:
    settings = load_with({**REQUIRED, "ALERT_WEBHOOK_URL": GOOD})
    assert {GOOD, f"api/webhooks/1/{SECRET}"} <= set(settings.secrets)
    assert SECRET not in f"{settings!r}{settings}"
