"""The page of the demo as people start it."""

import signal
import urllib.request
from pathlib import Path

import pytest

from tests.integration.demo_process import started

pytestmark = pytest.mark.integration


def test_the_channel_is_a_page_while_the_demo_runs(tmp_path: Path) -> None:
    with started("--speed", 50, "--data", tmp_path) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "as a page: " in line)
        with urllib.request.urlopen(said.split()[-1]) as answer:  # noqa: S310 -- of this machine
            assert b"<title>The channel" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
