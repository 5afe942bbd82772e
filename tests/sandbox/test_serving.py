"""`python -m sandbox` serves by itself, prints its addresses, and stops on request."""

import asyncio
import json
import signal
import sys

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.__main__ import made
from sandbox.arguments import parser
from sandbox.versions import USUAL


async def test_the_switches_can_be_read() -> None:
    command = (sys.executable, "-m", "sandbox", "--switches")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    text, _ = await process.communicate()
    names = Sandbox().switches.all()
    assert all(f"- `{name}` (usually " in text.decode() for name in names)
    assert "- Banned prompt (answer): " in text.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_sandbox_serves_alone_and_stops_cleanly(number: signal.Signals) -> None:
    command = (sys.executable, "-m", "sandbox", "--speed", "50", "--seed", "3")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    addresses = json.loads(await process.stdout.readline())
    headers = {"Authorization": addresses["people"]["ann"]["token"]}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(addresses["api"] + "/users/@me") as response,
    ):
        assert (await response.json())["username"] == "ann"
    process.send_signal(number)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--speed=0"], "argument --speed: '0' is not a number from 0.1 to 1000"),
        (["--speed=-1"], "argument --speed: '-1' is not a number from 0.1 to 1000"),
        (["--speed=nan"], "argument --speed: 'nan' is not a number from 0.1 to 1000"),
        (["--port=99999"], "argument --port: '99999' is not a whole number from 0 to 65535"),
        (["--port=1.5"], "argument --port: '1.5' is not a whole number from 0 to 65535"),
        (
            ["--picture-size=0"],
            "argument --picture-size: '0' is not a whole number from 16 to 4096",
        ),
        (
            ["--picture-size=-5"],
            "argument --picture-size: '-5' is not a whole number from 16 to 4096",
        ),
        (["--sped=1"], "unrecognized arguments: --sped=1"),
    ],
)
def test_a_bad_argument_ends_with_2_and_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(arguments)
    assert (end.value.code, capsys.readouterr().err) == (2, f"sandbox: {sentence}.\n")


def test_the_default_version_can_be_chosen() -> None:
    for arguments, version in (([], USUAL), (["--default-version", "niji 7"], "niji 7")):
        options = vars(parser().parse_args(arguments))
        del options["switches"]
        assert made(**options).switches.default_version.take() == version


async def test_the_sandbox_checks_its_arguments_before_it_serves() -> None:
    command = (sys.executable, "-m", "sandbox", "--speed", "0")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    _, errors = await process.communicate()
    assert (process.returncode, errors.count(b"\n")) == (2, 1)
