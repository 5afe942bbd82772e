"""The gateway: sessions, replay, compression, and everything tests can do to it."""

import asyncio

import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client


@pytest.mark.parametrize("compress", [False, True])
async def test_a_client_identifies_and_hears_messages(sandbox: Sandbox, compress: bool) -> None:
    async with Client(sandbox, "ben") as ben:
        await ben.connect(compress=compress)
        await sandbox.say("ann", "hello")
        heard = await ben.event("MESSAGE_CREATE")
        assert (heard["content"], heard["guild_id"]) == ("hello", str(sandbox.guild_id))
        assert heard["member"]["roles"]


async def test_a_heartbeat_is_acknowledged(client: Client) -> None:
    await client.send(1, client.sequence)
    assert (await client.receive())["op"] == 11


async def test_a_wrong_token_closes_with_4004(sandbox: Sandbox) -> None:
    async with Client(sandbox) as client:
        client.token = "nobody's"
        with pytest.raises(AssertionError, match="closed"):
            await client.connect()


async def test_a_resume_replays_what_was_missed_in_order(client: Client, sandbox: Sandbox) -> None:
    sandbox.gateway.drop()
    assert "close" in await client.receive()
    for word in ("one", "two"):
        await sandbox.say("ann", word)
    await client.connect(resume=True)
    missed = [(await client.event("MESSAGE_CREATE"))["content"] for _ in range(2)]
    await client.event("RESUMED")
    assert missed == ["one", "two"]


async def test_a_forgotten_session_cannot_be_resumed(client: Client, sandbox: Sandbox) -> None:
    sandbox.gateway.drop(forget=True)
    await client.connect(resume=True)
    assert await client.receive() == {"op": 9, "d": False}


async def test_a_client_that_says_goodbye_ends_its_session(
    client: Client, sandbox: Sandbox
) -> None:
    await client.hang_up(1000)
    await sandbox.wait_until(lambda: not sandbox.gateway.sessions)


async def test_two_processes_have_a_session_each(client: Client, sandbox: Sandbox) -> None:
    async with Client(sandbox) as second:
        await second.connect()
        assert second.session_id != client.session_id
        await sandbox.say("ann", "hello")
        assert (await client.event("MESSAGE_CREATE"))["content"] == "hello"
        assert (await second.event("MESSAGE_CREATE"))["content"] == "hello"


async def test_the_gateway_can_ask_to_reconnect(client: Client, sandbox: Sandbox) -> None:
    sandbox.gateway.op7()
    assert (await client.receive())["op"] == 7


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_session_can_become_invalid(
    client: Client, sandbox: Sandbox, resumable: bool
) -> None:
    sandbox.gateway.invalid_session(resumable=resumable)
    assert await client.receive() == {"op": 9, "d": resumable}
    assert len(sandbox.gateway.sessions) == int(resumable)


async def test_the_gateway_closes_with_a_code(client: Client, sandbox: Sandbox) -> None:
    sandbox.gateway.close(4009)
    assert await client.receive() == {"close": 4009}


async def test_what_is_held_back_comes_later(client: Client, sandbox: Sandbox) -> None:
    sandbox.gateway.pause()
    waiting = asyncio.create_task(client.event("MESSAGE_CREATE"))
    await sandbox.say("ann", "hello")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.05)
    sandbox.gateway.resume()
    assert (await waiting)["content"] == "hello"


async def test_a_zombie_says_nothing_and_its_session_lives_on(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.gateway.silence()
    await client.send(1, client.sequence)
    await sandbox.say("ann", "hello")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.receive(), 0.05)
    await client.connect(resume=True)
    assert (await client.event("MESSAGE_CREATE"))["content"] == "hello"


async def test_a_connection_is_refused_or_hung_up_on(sandbox: Sandbox) -> None:
    sandbox.switches.answer_connect.arm("refuse")
    sandbox.switches.answer_connect.arm("hang up")
    async with Client(sandbox) as client:
        for _ in range(2):
            with pytest.raises(Exception):  # noqa: B017, PT011 - two libraries' ways to say no
                await client.connect()
        await client.connect()
    assert sandbox.gateway.counts["connect"] == 3


async def test_members_can_be_asked_for(client: Client, sandbox: Sandbox) -> None:
    wanted = {"guild_id": [str(sandbox.guild_id)], "query": "cl", "limit": 5}
    await client.send(8, wanted)
    chunk = await client.event("GUILD_MEMBERS_CHUNK")
    assert [member["user"]["username"] for member in chunk["members"]] == ["cleo"]


async def test_an_unknown_operation_is_noted_and_closes() -> None:
    async with Sandbox() as sandbox, Client(sandbox) as client:
        await client.connect()
        await client.send(99, None)
        assert await client.receive() == {"close": 4001}
        assert sandbox.unexpected == ("gateway op 99",)


async def test_what_cannot_be_decoded_closes_with_4002(client: Client) -> None:
    await client.send(2, {"no": "token"})
    assert await client.receive() == {"close": 4002}


async def test_the_sandbox_reports_its_own_failures() -> None:
    """A bug in the script must not look like a silent Midjourney."""

    async def fail() -> None:
        raise KeyError("a bug")

    sandbox = Sandbox()
    await sandbox.start()
    sandbox.clock.start(fail(), "fail")
    await asyncio.sleep(0)
    with pytest.raises(ExceptionGroup, match="own work failed"):
        await sandbox.close()
