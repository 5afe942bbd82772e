"""The normal course of a grid, event by event, and what Discord checks before it begins."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from sandbox import Sandbox
from tests.sandbox.clients import FIRST_VERSION, NAMED, Client, Json, button, is_grid


async def imagine(client: Client, prompt: str = "a cat") -> Json:
    """Run /imagine and return the finished grid."""
    grid = asyncio.create_task(client.sandbox.wait_for(is_grid))
    assert await client.interact(client.command(prompt)) == (204, None)
    return await grid


async def test_the_events_of_an_imagine_come_in_their_order(client: Client) -> None:
    payload = client.command("a cat")
    await client.interact(payload)
    created = await client.event("INTERACTION_CREATE")
    assert created["nonce"] == payload["nonce"]
    assert await client.event("INTERACTION_SUCCESS") == created
    progress = await client.event("MESSAGE_CREATE")
    assert progress["nonce"] == payload["nonce"]
    assert progress["content"] == f"**a cat {NAMED}** - {client.person.mention} (Waiting to start)"
    assert progress["interaction"]["id"] == progress["interaction_metadata"]["id"] == created["id"]
    assert "message_reference" not in progress
    assert progress["components"] == []
    edits = [await client.event("MESSAGE_UPDATE") for _ in range(6)]
    assert {edit["id"] for edit in edits} == {progress["id"]}
    assert [bool(edit["attachments"]) for edit in edits] == [False, False, True, True, True, True]
    final = await client.event("MESSAGE_CREATE")
    assert final["message_reference"]["message_id"] == progress["id"]
    assert "nonce" not in final
    assert (await client.event("MESSAGE_DELETE"))["id"] == progress["id"]


async def test_only_the_asking_session_hears_of_the_interaction(
    client: Client, sandbox: Sandbox
) -> None:
    async with Client(sandbox, "atelier") as other:
        await other.connect()
        await client.interact(client.command("a cat"))
        await client.event("INTERACTION_SUCCESS")
        assert (await other.receive())["t"] == "MESSAGE_CREATE"


async def test_a_grid_is_a_webp_with_five_and_five_buttons(client: Client) -> None:
    grid = await imagine(client)
    assert [len(row["components"]) for row in grid["components"]] == [5, 5]
    attachment = grid["attachments"][0]
    status, kind, body = await client.download(attachment["url"])
    assert (status, kind, len(body)) == (200, "image/webp", attachment["size"])
    assert Image.open(BytesIO(body)).size == (attachment["width"], attachment["height"])
    job = button(grid, "U1")["custom_id"].split("::")[-1]
    assert job in attachment["filename"]
    assert f"<https://midjourney.com/jobs/{job}>" in grid["content"]


async def test_equal_seeds_make_equal_jobs(client: Client) -> None:
    ours = button(await imagine(client), "U1")["custom_id"]
    async with (
        Sandbox(speed=200, seed=7, picture_size=64) as same,
        Client(same) as twin,
    ):
        await twin.connect()
        theirs = button(await imagine(twin), "U1")["custom_id"]
    assert ours == theirs


async def test_previews_and_progress_messages_go_away(client: Client, sandbox: Sandbox) -> None:
    def has_preview(event: str, message: Json) -> bool:
        return event == "MESSAGE_UPDATE" and bool(message["attachments"])

    preview = asyncio.create_task(sandbox.wait_for(has_preview))
    grid = await imagine(client)
    url = (await preview)["attachments"][0]["url"]
    assert (await client.download(url))[0] == 404
    assert [message["id"] for message in sandbox.messages] == [grid["id"]]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"application_id": "1"}, 404, 10002),
        ({"guild_id": None}, 400, 10003),
        ({"channel_id": "1"}, 400, 10003),
        ({"session_id": None}, 400, 50035),
        ({"nonce": None}, 400, 50035),
        ({"type": 9}, 400, 50035),
    ],
)
async def test_discord_refuses_a_wrong_interaction(
    client: Client, sandbox: Sandbox, changes: Json, status: int, code: int
) -> None:
    answered, body = await client.interact(client.command("a cat", **changes))
    assert (answered, body["code"]) == (status, code)
    assert not any(interaction.accepted for interaction in sandbox.interactions)
    assert sandbox.messages == ()


async def test_a_stale_version_is_refused_by_its_code(client: Client, sandbox: Sandbox) -> None:
    sandbox.publish_commands()
    status, body = await client.interact(client.command("a cat"))
    assert (status, body["code"]) == (400, 50035)
    refusal = body["errors"]["data"]["_errors"][0]["code"]
    assert refusal == "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
    _, index = await client.rest("GET", f"/guilds/{sandbox.guild_id}/application-command-index")
    live = index["application_commands"][-1]["version"]
    assert live != FIRST_VERSION
    payload = client.command("a cat")
    payload["data"]["version"] = live
    assert (await client.interact(payload))[0] == 204


@pytest.mark.parametrize("session_id", ["made up", "ben's"])
async def test_a_session_that_is_not_the_clients_is_told_nothing_but_messages(
    client: Client, sandbox: Sandbox, session_id: str
) -> None:
    async with Client(sandbox, "ben") as ben:
        await ben.connect()
        named = ben.session_id if session_id == "ben's" else session_id
        payload = client.command("a cat", session_id=named)
        assert (await client.interact(payload))[0] == 204
        for each in (client, ben):
            assert (await each.receive())["t"] == "MESSAGE_CREATE"


async def test_discord_may_refuse_a_session_that_ended(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.unknown_session.set("refused")
    assert (await client.interact(client.command("a cat")))[0] == 204
    sandbox.gateway.forget()
    status, body = await client.interact(client.command("a cat"))
    assert (status, list(body["errors"])) == (400, ["session_id"])


async def test_what_arrived_is_recorded(client: Client, sandbox: Sandbox) -> None:
    payload = client.command("a cat")
    await client.interact(payload)
    (recorded,) = sandbox.interactions
    seen = recorded.kind, recorded.prompt, recorded.nonce, recorded.session, recorded.status
    assert seen == ("imagine", "a cat", payload["nonce"], client.session_id, 204)
    assert sandbox.requests["POST /interactions"] == 1


async def test_a_foreign_job_has_no_nonce_and_names_its_own_person(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.imagine_elsewhere("a dog", "ben")
    progress = await client.event("MESSAGE_CREATE")
    assert progress["content"].endswith(f"- {sandbox.people['ben'].mention} (Waiting to start)")
    assert "nonce" not in progress
    assert progress["interaction"]["user"]["username"] == "ben"
    assert sandbox.interactions == ()
