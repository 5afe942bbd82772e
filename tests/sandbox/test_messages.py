"""REST for messages behaves like Discord's."""

import json
from io import BytesIO

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.clients import Client, Json


async def send(client: Client, **body: object) -> tuple[int, Json]:
    return await client.rest("POST", client.messages, json=body)


async def test_history_is_newest_first_whichever_end_is_asked_for(
    client: Client, sandbox: Sandbox
) -> None:
    ids = [(await sandbox.say("ann", str(number)))["id"] for number in range(6)]

    async def page(query: str) -> str:
        _, found = await client.rest("GET", f"{client.messages}?{query}")
        return "".join(message["content"] for message in found)

    assert await page("limit=2") == "54"
    assert await page(f"before={ids[3]}&limit=2") == "21"
    assert await page(f"after={ids[1]}&limit=2") == "32"
    assert await page(f"around={ids[3]}&limit=3") == "432"
    assert await page(f"around={ids[3]}&limit=1") == "3"
    assert await page("after=0") == "543210"


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_page_has_its_limits(client: Client, limit: int) -> None:
    assert (await client.rest("GET", f"{client.messages}?limit={limit}"))[0] == 400


async def test_one_message_is_only_for_bots_to_fetch(client: Client, sandbox: Sandbox) -> None:
    message = await sandbox.say("ann", "hello")
    status, body = await client.rest("GET", f"{client.messages}/{message['id']}")
    assert (status, body["code"]) == (403, 20002)


async def test_the_same_nonce_twice_is_one_message(client: Client, sandbox: Sandbox) -> None:
    first = await send(client, content="hello", nonce="77")
    assert await send(client, content="hello", nonce="77") == first
    assert (await send(client, content="hello", nonce="78"))[1]["id"] != first[1]["id"]
    sandbox.clock.shift(121)
    assert (await send(client, content="hello", nonce="77"))[1]["id"] != first[1]["id"]


async def test_history_does_not_tell_nonces(client: Client) -> None:
    await send(client, content="hello", nonce="77")
    _, history = await client.rest("GET", client.messages)
    assert "nonce" not in history[0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001}, 50035),
        ({"content": ""}, 50006),
        ({"content": "x", "message_reference": {"message_id": 1}}, 50035),
    ],
)
async def test_a_bad_message_is_refused(client: Client, body: Json, code: int) -> None:
    status, answer = await send(client, **body)
    assert (status, answer["code"]) == (400, code)


async def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    for text in ("nonsense", "[]"):
        status, answer = await client.rest("POST", client.messages, data=text)
        assert (status, answer["code"]) == (400, 50109)


async def test_a_reply_may_name_its_message_by_an_integer(client: Client, sandbox: Sandbox) -> None:
    asked = await sandbox.say("ann", "hello")
    _, answer = await send(client, content="x", message_reference={"message_id": int(asked["id"])})
    assert answer["type"] == 19
    assert answer["referenced_message"]["content"] == "hello"
    sandbox.delete_message(int(asked["id"]))
    _, history = await client.rest("GET", client.messages)
    assert history[0]["referenced_message"] is None


async def test_files_come_as_multipart(client: Client) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"content": "x"}))
    form.add_field("files[0]", b"some bytes", filename="a.txt", content_type="text/plain")
    status, message = await client.rest("POST", client.messages, data=form)
    assert status == 200
    (attachment,) = message["attachments"]
    assert (attachment["filename"], attachment["size"]) == ("a.txt", 10)
    kept = {"attachments": [{"id": attachment["id"]}], "content": "y"}
    path = f"{client.messages}/{message['id']}"
    _, edited = await client.rest("PATCH", path, json=kept)
    assert len(edited["attachments"]) == 1
    _, edited = await client.rest("PATCH", path, json={"attachments": []})
    assert edited["attachments"] == []


async def test_a_file_of_more_than_ten_mebibytes_is_too_large(client: Client) -> None:
    form = aiohttp.FormData()
    form.add_field("files[0]", BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="big.bin")
    status, body = await client.rest("POST", client.messages, data=form)
    assert (status, body["code"]) == (413, 40005)


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, ["ann", "ben"]),
        ({"parse": []}, []),
        ({"parse": ["users"]}, ["ann", "ben"]),
        ({"parse": [], "users": ["100000000000000002"]}, ["ann"]),
    ],
)
async def test_allowed_mentions_decide_who_is_pinged(
    client: Client, sandbox: Sandbox, allowed: Json | None, pinged: list[str]
) -> None:
    content = f"{sandbox.people['ann'].mention} {sandbox.people['ben'].mention} @everyone"
    _, message = await send(client, content=content, allowed_mentions=allowed)
    assert [user["username"] for user in message["mentions"]] == pinged
    assert message["mention_everyone"] is (allowed is None)


async def test_a_reply_pings_unless_told_not_to(client: Client, sandbox: Sandbox) -> None:
    asked = await sandbox.say("ann", "hello")
    body: Json = {"content": "x", "message_reference": {"message_id": asked["id"]}}
    assert len((await send(client, **body))[1]["mentions"]) == 1
    body["allowed_mentions"] = {"parse": [], "replied_user": False}
    assert (await send(client, **body))[1]["mentions"] == []


async def test_one_edits_and_deletes_only_what_is_ones_own(
    client: Client, sandbox: Sandbox
) -> None:
    theirs = await sandbox.say("ann", "hello")
    path = f"{client.messages}/{theirs['id']}"
    assert (await client.rest("PATCH", path, json={"content": "x"}))[1]["code"] == 50005
    assert (await client.rest("DELETE", path))[1]["code"] == 50013
    _, ours = await send(client, content="x")
    async with Client(sandbox, "ann") as owner:
        path = f"{client.messages}/{ours['id']}"
        assert (await owner.rest("DELETE", path))[0] == 204
        assert (await owner.rest("DELETE", path))[1]["code"] == 10008


async def test_a_wrong_token_opens_nothing(client: Client) -> None:
    client.token = "nobody's"
    assert (await client.rest("GET", "/users/@me"))[0] == 401


async def test_an_unknown_channel_is_unknown(client: Client) -> None:
    for path in ("/channels/1", "/channels/1/messages"):
        assert (await client.rest("GET", path))[1]["code"] == 10003


async def test_people_and_places_can_be_looked_up(client: Client, sandbox: Sandbox) -> None:
    ann, guild = sandbox.people["ann"], f"/guilds/{sandbox.guild_id}"
    assert (await client.rest("GET", f"/users/{ann.id}"))[1]["username"] == "ann"
    assert (await client.rest("GET", f"{guild}/members/{ann.id}"))[1]["user"]["id"] == str(ann.id)
    assert (await client.rest("GET", f"{guild}/members/1"))[1]["code"] == 10013
    assert (await client.rest("GET", guild))[1]["owner_id"] == str(ann.id)
    assert len((await client.rest("GET", f"{guild}/channels"))[1]) == 1
    assert (await client.rest("GET", "/guilds/1"))[1]["code"] == 10004


async def test_what_nobody_knows_is_noted(sandbox: Sandbox) -> None:
    async with Sandbox() as other, Client(other) as client:
        assert (await client.rest("GET", "/no/such/thing"))[0] == 404
        assert other.unexpected == ("GET /api/v9/no/such/thing",)


async def test_requests_are_counted_by_their_template(client: Client, sandbox: Sandbox) -> None:
    await client.rest("GET", client.messages)
    await client.rest("POST", f"/channels/{sandbox.channel_id}/typing")
    assert sandbox.requests["GET /channels/{channel}/messages"] == 1
    assert sandbox.requests["POST /channels/{channel}/typing"] == 1


async def test_a_watcher_hears_until_it_stops(sandbox: Sandbox) -> None:
    heard: list[str] = []
    stop = sandbox.watch(lambda event, message: heard.append(f"{event} {message['content']}"))
    message = await sandbox.say("ann", "one")
    sandbox.edit_message(int(message["id"]), "two")
    sandbox.delete_message(int(message["id"]))
    stop()
    await sandbox.say("ann", "three")
    assert heard == ["MESSAGE_CREATE one", "MESSAGE_UPDATE two", "MESSAGE_DELETE two"]
