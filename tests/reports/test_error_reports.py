"""What arrives at Sentry: where an error happened, and no secret, prompt or name."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

import bot
from services import error_reports, logs
from tests.leaks import ALL, ERRORS, found_in
from tests.unit.variables import REQUIRED, TOKEN

ROOT = Path(__file__).parents[2]
KEY = "0123456789abcdef" * 2
PROMPT = "a cat that nobody else should hear of"
NAME = "Bartholomew"
SECRETS = (TOKEN, "sb_secret_" + "x" * 20, PROMPT, NAME, "hunter2hunter2", "me@example.org")


class SentryServer(ThreadingHTTPServer):
    """Takes envelopes; `heard` is all that came, `events` what is in it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.bodies: list[bytes] = []
        self.headers: list[str] = []
        self.dsn = SecretStr(f"http://{KEY}@127.0.0.1:{self.server_address[1]}/42")

    @property
    def heard(self) -> str:
        return "".join([*self.headers, *(body.decode() for body in self.bodies)])

    @property
    def events(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for body in self.bodies for line in body.splitlines() if line]
        return [line for line in lines if "logentry" in line]


class _Taker(BaseHTTPRequestHandler):
    server: SentryServer  # pyright: ignore[reportIncompatibleVariableOverride] -- the one that it serves

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.server.bodies.append(gzip.decompress(body) if zipped else body)
        self.server.headers.append(f"{self.path}\n{self.headers}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- http.server's name
        """Say nothing."""


@pytest.fixture
def sentry() -> Generator[SentryServer]:
    server = SentryServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def kept_logging() -> Generator[None]:
    """Give structlog and the root logger back as they were."""
    root, structlog_before = logging.getLogger(), structlog.get_config()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.configure(**structlog_before)


def leak(secret: str) -> None:
    kept = {"a local variable": secret}
    raise ValueError(f"{secret} in {kept}")


def chained(secret: str) -> None:
    try:
        leak(secret)
    except ValueError as cause:
        cause.add_note(secret)
        raise ExceptionGroup(secret, [KeyError(secret), cause]) from cause


def log_ours(secret: str, error: BaseException) -> None:
    log = structlog.get_logger("services.some")
    log.error("command_failed", exc_info=error, prompt=secret, author_name=secret)


def log_caught(secret: str, error: BaseException) -> None:
    try:
        raise error  # noqa: TRY301 -- this is what is logged
    except BaseException:  # noqa: BLE001 -- whatever it is
        structlog.get_logger("services.some").exception("command_failed", said=secret)


def log_of_a_library(secret: str, error: BaseException) -> None:
    message = f"Task <{secret}> failed"
    logging.getLogger("asyncio").error(message, exc_info=error, extra={"user": secret})
    logging.getLogger("discord.client").error("Ignoring exception in %s", secret, exc_info=error)


LOGGED = {"ours": log_ours, "caught": log_caught, "a library's": log_of_a_library}


@pytest.mark.usefixtures("kept_logging")
@pytest.mark.parametrize("how", LOGGED.values(), ids=LOGGED)
def test_an_error_with_every_secret_inside_arrives_without_any(
    sentry: SentryServer, how: Callable[[str, BaseException], None], capsys: object
) -> None:
    logs.configure("logfmt", SECRETS)
    end = error_reports.begin(sentry.dsn)
    logging.getLogger("somebody").warning("a crumb with %s", PROMPT)
    everything = " ".join(SECRETS)
    try:
        chained(everything)
    except ExceptionGroup as error:
        how(everything, error)
    end()
    for secret in SECRETS:
        assert secret not in sentry.heard
    values = [value for event in sentry.events for value in event["exception"]["values"]]
    assert {value["type"] for value in values} == {"ExceptionGroup", "KeyError", "ValueError"}
    functions = {frame["function"] for value in values for frame in value["stacktrace"]["frames"]}
    assert {"chained", "leak"} <= functions


@pytest.mark.usefixtures("kept_logging")
def test_no_error_of_any_kind_arrives_with_a_secret(sentry: SentryServer) -> None:
    """The address of the reports is one of them, as is that of the alerts."""
    logs.configure("logfmt", ())  # nothing is masked before it is reported
    end = error_reports.begin(sentry.dsn)
    for number, make in enumerate(ERRORS.values()):
        structlog.get_logger("services.some").error(f"failed_{number}", exc_info=make(), said=ALL)
    end()
    assert len(sentry.events) == len(ERRORS)
    assert found_in(sentry.heard) == []


@pytest.mark.usefixtures("kept_logging")
def test_nothing_of_the_machine_or_the_environment_is_sent(sentry: SentryServer) -> None:
    logs.configure("logfmt", ())
    end = error_reports.begin(sentry.dsn)
    log_ours("x", ValueError("y"))
    end()
    (event,) = sentry.events
    assert set(event) <= error_reports.SENT
    assert event["logentry"] == {"formatted": "command_failed"}
    assert str(ROOT) not in sentry.heard
    assert sys.executable not in sentry.heard


@pytest.mark.usefixtures("kept_logging")
def test_what_is_repeated_is_reported_once_and_what_is_no_error_never(
    sentry: SentryServer,
) -> None:
    logs.configure("logfmt", ())
    end = error_reports.begin(sentry.dsn)
    log = structlog.get_logger("bot")
    for number in range(5):
        log.error("parked", why=f"reason {number}")
        log.warning("database_away")
        log.info("ready")
    end()
    assert [event["logentry"]["formatted"] for event in sentry.events] == ["parked"]


@pytest.mark.usefixtures("kept_logging")
def test_a_sentry_that_is_not_there_harms_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("logfmt", ())
    end = error_reports.begin(SecretStr(f"http://{KEY}@127.0.0.1:9/42"))
    log_ours("x", ValueError("y"))
    end()
    assert KEY not in capsys.readouterr().err


@pytest.mark.usefixtures("kept_logging")
def test_a_worker_reports_how_it_failed_before_it_ends(
    sentry: SentryServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        await asyncio.to_thread(leak, TOKEN)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bot.AtelierBot, "open_stores", fail)
    monkeypatch.setenv("SENTRY_DSN", sentry.dsn.get_secret_value())
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    assert bot.main([]) == bot.Exit.FAILED
    (event,) = sentry.events
    assert event["logentry"] == {"formatted": "failed_unexpectedly"}
    assert TOKEN not in sentry.heard


def test_a_missing_package_is_said_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    monkeypatch.setenv("SENTRY_DSN", f"https://{KEY}@sentry.example/42")
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    assert bot.main([]) == bot.Exit.SETTINGS_WRONG
    said = capsys.readouterr().err
    assert "requirements-sentry.txt" in said
    assert KEY not in said


def test_the_package_is_loaded_only_where_it_is_wanted() -> None:
    code = "import sys, bot; sys.exit('sentry_sdk' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
