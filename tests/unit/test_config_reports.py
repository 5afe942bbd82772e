"""The addresses of alerts and of Sentry: encrypted, or at this machine, and never shown."""

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


DSN = f"https://{SECRET}@o1.ingest.sentry.example/42"


@pytest.mark.parametrize("address", [DSN, f"http://{SECRET}@127.0.0.1:9000/1"])
def test_a_dsn_is_taken_and_masked_with_its_key(address: str) -> None:
    settings = load_with({**REQUIRED, "SENTRY_DSN": address})
    assert settings.sentry_dsn is not None
    assert settings.sentry_dsn.get_secret_value() == address
    assert {address, SECRET} <= set(settings.secrets)
    assert SECRET not in f"{settings!r}{settings}"


@pytest.mark.parametrize(
    "address",
    [
        DSN.replace("https", "http"),
        DSN.replace("/42", ""),
        DSN.replace("/42", ":0/42"),
        DSN.replace(f"{SECRET}@", ""),
        DSN.replace("sentry.", "séntry."),
        SECRET,
    ],
)
def test_any_other_dsn_is_refused_without_being_shown(address: str) -> None:
    (problem,) = problems_with({**REQUIRED, "SENTRY_DSN": address})
    assert problem.startswith("SENTRY_DSN is wrong: write the DSN")
    assert SECRET not in problem
