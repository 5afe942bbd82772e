"""The demo as people start it, and its parts against a sandbox that misbehaves."""

from __future__ import annotations

import asyncio
import io
import json
import re
import signal
import subprocess
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from demo import once
from demo.actions import ACTIONS
from demo.failure import DemoFailure
from demo.screen import PlainScreen
from demo.session import DemoSession, raised
from demo.verification import verify
from domain.generation import Status
from domain.ports import Query
from sandbox import Sandbox
from services.database.sqlite import SqliteGenerationStore
from tests.integration.demo_process import PROMPT, ROOT, command, started

pytestmark = pytest.mark.integration

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have new temporary folders made in the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def demo(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the demo to its end, with something typed into a pipe."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, input=typed, capture_output=True, text=True, check=False
    )


def read_until(word: str, process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert any(word in line for line in process.stdout)


def test_one_prompt_becomes_five_pictures_and_a_line_of_json(tmp_path: Path) -> None:
    ended = demo("--once", PROMPT, "--speed", 50, "--json", "--data", tmp_path)
    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    wanted = {"status": "completed", "progress": 100, "prompt": PROMPT, "interactions": 5}
    assert wanted.items() <= result.items()
    files = [Path(name) for name in result["files"]]
    names = ["grid.png", *(f"upscale_{number}.png" for number in (1, 2, 3, 4))]
    folder = tmp_path.resolve() / "pictures" / result["id"]
    assert files == [folder / name for name in names]
    contents = [file.read_bytes() for file in files]
    assert all(content.startswith(PNG) for content in contents)
    assert len(set(contents)) == 5
    urls = [result[name.replace(".png", "_url")] for name in names]
    assert [url.split("/", 3)[3] for url in urls] == [f"{result['id']}/{name}" for name in names]
    assert 0 < result["seconds"] < 60
    assert result["verified"] is True
    assert f"✅ `{result['code']}`" in ended.stderr
    assert f"{PROMPT}  5 of 5" in ended.stderr
    assert ended.stderr.endswith(f"Your 5 pictures are in\n            {folder.parent}\n")
    assert "\x1b" not in ended.stderr


@pytest.fixture
def open_to_all(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Have temporary folders made where the account that runs Postgres may go, too."""
    monkeypatch.delenv("TMPDIR")
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


@pytest.mark.long
@pytest.mark.postgres
def test_with_supabase_the_pictures_come_back_from_a_project_that_ends(open_to_all: Path) -> None:
    ended = demo("--once", PROMPT, "--speed", 50, "--json", "--supabase")
    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    wanted = {"status": "completed", "interactions": 5, "verified": True}
    assert wanted.items() <= result.items()
    assert result["files"] == []
    place = f"/storage/v1/object/public/generations/{result['id']}/"
    names = ["grid", *(f"upscale_{number}" for number in (1, 2, 3, 4))]
    urls = [result[f"{name}_url"] for name in names]
    assert [url.split("/", 3)[3] for url in urls] == [f"{place[1:]}{name}.png" for name in names]
    assert list(open_to_all.iterdir()) == []


@pytest.mark.long
@pytest.mark.postgres
def test_with_supabase_it_can_be_typed_to(open_to_all: Path) -> None:
    ended = demo("--speed", 50, "--supabase", typed="!status")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(re.findall("The grid and the upscales of .* are in Supabase", ended.stdout)) == 1
    assert "            http://127.0.0.1:" in ended.stdout


@pytest.mark.long
async def test_a_picture_that_does_not_come_back_is_a_failure(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    async with raised(sandbox, tmp_path) as stage:
        await once.play(stage, PlainScreen(io.StringIO()), PROMPT)
        [done] = await stage.reader.list_generations(Query())
        await verify(stage, done)
        grid, first, *others = done.steps
        wrong = replace(done, steps=(grid, replace(first, message_id=grid.message_id), *others))
        with pytest.raises(
            DemoFailure, match=r"upscale_1\.png gives is not .* that Midjourney made"
        ):
            await verify(stage, wrong)
        path = stage.images.path(f"{done.id}/upscale_4.png")
        assert path is not None
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(DemoFailure, match=r"upscale_4\.png gives is not .* that was stored"):
            await verify(stage, done)
        path.unlink()
        with pytest.raises(DemoFailure, match=r"upscale_4\.png cannot be fetched: HTTP 404"):
            await verify(stage, done)


@pytest.mark.long
def test_what_the_bot_refuses_ends_with_its_reason(tmp_path: Path) -> None:
    ended = demo("--once", "x" * 1812, "--speed", 50)
    reason = "That's 1,812 characters; the limit is 1,500. Cut 312.\n"
    assert (ended.returncode, ended.stderr) == (1, reason)
    [log] = tmp_path.glob("atelier-demo-*/atelier.log")  # a failure leaves it
    assert str(log) in ended.stdout


@pytest.mark.long
def test_a_folder_that_cannot_be_used_is_a_bad_argument(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = demo("--once", PROMPT, "--data", tmp_path / "file")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{tmp_path / 'file'} cannot be used: File exists.\n"


@pytest.mark.long
def test_a_pipe_is_answered_line_by_line_and_its_work_is_finished(tmp_path: Path) -> None:
    ended = demo("--speed", 50, "--data", tmp_path, typed="hello\n!imagine a cat\n!status")
    assert (ended.returncode, ended.stderr) == (0, "")
    said = ended.stdout
    assert said.count("✅") == said.count("The grid and the upscales of") == 2
    typed = ["ann         hello", "ann         !imagine a cat", "ann         !status"]
    lines = said.splitlines()
    assert [line for line in lines if line in typed] == typed
    assert lines[lines.index(typed[1]) + 1] != typed[2]
    assert "· a cat · by Ann\n" in said[said.index(typed[2]) :]
    assert "\x1b" not in said
    assert "The channel as a page: http://127.0.0.1:" in said
    assert "at=info event=active" in (tmp_path / "atelier.log").read_text()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_in_the_middle_is_clean(number: signal.Signals, tmp_path: Path) -> None:
    with started("--data", tmp_path) as process:
        read_until("accepted", process)
        process.send_signal(number)
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    again = demo("--once", PROMPT, "--data", tmp_path)
    assert again.returncode == 1
    assert "belongs to a sandbox that is gone: use another folder.\n" in again.stderr


@pytest.mark.long
def test_a_stop_before_the_picture_is_there_is_no_success_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    with started("--once", PROMPT) as process:
        read_until("accepted", process)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stdout is not None
        assert process.stdout.read().endswith("demo        No pictures were made.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_reader_that_leaves_ends_it() -> None:
    with started() as process:
        read_until("accepted", process)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


async def test_a_generation_that_fails_is_a_failure_with_its_reason(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.switches.answer_interaction.arm("403", only="imagine")
    with pytest.raises(DemoFailure, match="HTTP 403"):
        async with raised(sandbox, tmp_path) as stage:
            await once.play(stage, PlainScreen(io.StringIO()), PROMPT)


async def test_a_stopped_queue_is_a_failure_with_its_reason(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.switches.answer_interaction.arm("captcha", only="imagine")
    with pytest.raises(DemoFailure, match="The queue is paused"):
        async with raised(sandbox, tmp_path) as stage:
            await once.play(stage, PlainScreen(io.StringIO()), PROMPT)


async def test_data_at_which_another_bot_works_are_not_touched(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    store = await SqliteGenerationStore.open(tmp_path / "atelier.sqlite3")
    await store.acquire_lease("another", 30)
    with pytest.raises(DemoFailure, match="Another demo or bot is at work in"):
        async with raised(sandbox, tmp_path):
            pytest.fail("the bot must not run")
    await store.close()


async def test_a_bot_that_ends_by_itself_ends_the_demo(sandbox: Sandbox, tmp_path: Path) -> None:
    async def wait_for_ever() -> None:
        async with raised(sandbox, tmp_path):
            sandbox.gateway.close(4004)
            await asyncio.Event().wait()

    with pytest.raises(DemoFailure, match="ended by itself"):
        await wait_for_ever()


async def generation_begun(stage: DemoSession) -> int:
    """Type a command, and wait until Midjourney has begun to paint; return the message's id."""
    command = await stage.type(f"!imagine {PROMPT}")
    await stage.sandbox.wait_until(lambda: bool(stage.sandbox.jobs), 20)
    return command


@pytest.mark.long
async def test_a_bot_that_was_killed_and_started_again_finishes_the_work(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    changes: list[tuple[int, bool, bool]] = []
    async with raised(sandbox, tmp_path) as stage:
        bot = stage.bot
        bot.subscribe(lambda: changes.append((bot.starts, bot.running, bot.ready)))
        command = await generation_begun(stage)
        actions = {action.name: action.run for action in ACTIONS}
        await actions["start"](bot)  # there is one already
        await actions["kill"](bot)
        assert (bot.running, bot.pid) == (False, None)
        await actions["kill"](bot)
        await actions["start"](bot)
        generation = await stage.made_by(command)
        assert generation is not None
        done = await stage.over(generation)
        assert (done.status, len(done.stored)) == (Status.COMPLETED, 5)
        assert [asked.kind for asked in sandbox.interactions] == ["imagine", *["press"] * 4]
        address = await stage.pictures_address()
        assert changes[0][1:] == (False, False)
        assert [change for change in changes if change[0] == 2] == [
            (2, True, False),
            (2, True, True),
        ]
        await actions["restart"](bot)
        assert (bot.starts, await stage.pictures_address()) == (3, address)
    log = (tmp_path / "atelier.log").read_text()
    assert "event=stopped" in log  # the second one; the third was still starting


async def test_a_bot_ends_when_its_demo_was_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    """Otherwise it would look for its sandbox for ever."""

    async def lose_the_pipe() -> None:
        async with raised(sandbox, tmp_path) as stage:
            process = stage.bot._process  # pyright: ignore[reportPrivateUsage] -- nobody else closes its input
            assert process is not None
            assert process.stdin is not None
            process.stdin.close()
            await asyncio.Event().wait()

    with pytest.raises(DemoFailure, match="ended by itself"):
        await lose_the_pipe()
    assert "event=stopped" in (tmp_path / "atelier.log").read_text()


async def test_it_never_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "OUR_SECONDS", 0)
    with pytest.raises(DemoFailure, match="were not there after 0 seconds"):
        async with once.limit(speed=1e6):
            await asyncio.Event().wait()
