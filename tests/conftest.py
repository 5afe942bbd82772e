"""Rules for every test: no connection leaves this machine, and how hard Hypothesis searches.

**No way out.** An audit hook (`tests/loopback/sitecustomize.py`) sees every connection, every
datagram and every name that Python's sockets are asked for, in any thread and at any time, also
while tests are collected: `socket`, asyncio and aiohttp all end there. It refuses what is not
loopback, and the fixture below then fails the test, even if the code swallowed the error.

It does not see libcurl, which has sockets of its own: the proxy variables send it to a closed port
instead. That holds unless a proxy is given explicitly, or the code switches proxies off.

Processes started by a test inherit both with the environment, without the record: there, it is as
if the network were down. Node.js has a guard of its own, for connections (`loopback.cjs`). A
process started with an environment made from nothing, or by `python -I` or `-E`, is free.
"""

import os
import signal
from collections.abc import Generator, MutableMapping
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings

from services.database.sqlite import connection
from tests.idle import threads_noted
from tests.loopback.sitecustomize import refused

pytest_plugins = [
    "pytester",
    "tests.postgres.cluster",
    "tests.supabase_server",
    "tests.fault_proxy",
    "tests.left_out",
]

# So that failed assertions in shared helpers are explained in full, as in the tests themselves.
pytest.register_assert_rewrite("tests.cogs", "tests.contract", "tests.integration", "tests.unit")

HERE = Path(__file__).parent
CLOSED_PORT = "http://127.0.0.1:9"
THIS_MACHINE = "localhost,127.0.0.1,::1"


def close_the_way_out(environment: MutableMapping[str, str]) -> None:
    """Guard processes started with this environment, and libcurl in this one."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        environment[name] = environment[name.upper()] = CLOSED_PORT
    environment["no_proxy"] = environment["NO_PROXY"] = THIS_MACHINE
    # Nobody is trusted; to load the usual hundred and more authorities takes each client 0.03 s.
    environment["SSL_CERT_FILE"] = str(HERE / "loopback/nobody.pem")
    environment["NODE_OPTIONS"] = f'--require "{HERE / "loopback/loopback.cjs"}"'
    path = (str(HERE / "loopback"), environment.get("PYTHONPATH", ""))
    environment["PYTHONPATH"] = os.pathsep.join(part for part in path if part)


close_the_way_out(os.environ)

settings.register_profile("dev", max_examples=25, deadline=None, print_blob=True)
settings.register_profile(
    "ci", max_examples=500, deadline=None, derandomize=True, print_blob=True, database=None
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


@pytest.fixture(scope="session", autouse=True)
def no_time_passes_while_threads_work() -> Generator[None]:
    """Stop fake clocks while a thread works for an event loop."""
    with threads_noted():
        yield


@pytest.fixture(scope="session", autouse=True)
def pragmas_that_flush() -> Generator[tuple[str, ...]]:
    """Flush nothing to the disk, which only a power failure would show; yield the usual pragmas.

    Processes that tests start flush as usual.
    """
    usual = connection._PRAGMAS  # pyright: ignore[reportPrivateUsage] -- the one place that has them
    pragmas = tuple(each.replace("FULL", "OFF") for each in usual)
    with patch.object(connection, "_PRAGMAS", pragmas), patch("os.fsync"):
        yield usual


@pytest.fixture(autouse=True)
def signals_as_before() -> Generator[None]:
    """Hear SIGTERM again after a worker has ended in this process, as its last step blocks it.

    Otherwise all that later tests start would be deaf to it.
    """
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, before)


@pytest.fixture(autouse=True)
def way_out() -> Generator[list[str]]:
    """Yield the list of outside addresses that the test tried; it must be empty at the end."""
    refused.clear()
    yield refused
    wanted = ", ".join(refused)
    refused.clear()
    if wanted:
        pytest.fail(f"This test wanted to reach {wanted}.")
