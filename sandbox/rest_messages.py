"""REST for messages: history, sending, editing, deleting, typing and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sandbox.answers import ApiError, answer, invalid_form, nothing, unknown
from sandbox.files import picture_size
from sandbox.mentions import mentioned, mentions_everyone
from sandbox.messages import PLAIN, REPLY
from sandbox.rest import Call

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.messages import Attachment, SandboxMessage
    from sandbox.people import Json, SandboxUser
    from sandbox.rest import Handler, Upload
    from sandbox.world import World

MAX_CONTENT = 2000  # characters
MAX_UPLOAD = 10 * 1024 * 1024  # bytes of one file, for an account without Nitro
MAX_PAGE = 100  # messages
_SETTABLE_FLAGS = 4 | 4096  # suppress embeds, suppress notifications
_CHANNEL = r"/channels/{channel:\d+}"
_MESSAGES = _CHANNEL + "/messages"
_MESSAGE = _MESSAGES + r"/{message:\d+}"


class MessagesApi:
    """The endpoints under `/channels/<id>/messages`, and refreshing links."""

    def __init__(self, world: World) -> None:
        self._world = world

    def table(self) -> list[tuple[str, str, Handler]]:
        """Return the routes as (method, path, handler)."""
        return [
            ("GET", _MESSAGES, self.history),
            ("POST", _MESSAGES, self.send),
            ("GET", _MESSAGE, self.fetch),
            ("PATCH", _MESSAGE, self.edit),
            ("DELETE", _MESSAGE, self.delete),
            ("POST", _MESSAGE + "/ack", self.acknowledge),
            ("POST", _CHANNEL + "/typing", self.type),
            ("POST", "/attachments/refresh-urls", self.refresh),
        ]

    async def history(self, call: Call) -> web.Response:
        """Return one page, newest first, whichever end was asked for."""
        self._enter(call)
        query = call.request.query
        limit = int(query.get("limit", "50"))
        if not 1 <= limit <= MAX_PAGE:
            raise invalid_form("limit", "NUMBER_TYPE_MAX", "Value should be between 1 and 100.")
        channel = self._world.channel
        if "around" in query:
            page = channel.around(int(query["around"]), limit)
        elif "after" in query:
            page = channel.after(int(query["after"]), limit)
        else:
            page = channel.before(int(query.get("before", 1 << 63)), limit)
        return answer([self._world.wording.message(each) for each in page])

    async def fetch(self, call: Call) -> web.Response:
        """Refuse: only bots may ask for one message by its id."""
        self._enter(call)
        raise ApiError(403, 20002, "Only bots can use this endpoint")

    async def send(self, call: Call) -> web.Response:
        """Post a message, or return the one posted with the same nonce a short while ago."""
        self._enter(call)
        body, uploads = await call.body()
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        message = self._world.channel.sent_before(call.person, nonce) if nonce else None
        if message is None:
            message = self._post(call.person, body, uploads, nonce)
        return answer(self._world.wording.message(message) | {"nonce": nonce})

    async def edit(self, call: Call) -> web.Response:
        """Change one's own message."""
        message = self._message(call)
        if message.author != call.person:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        body, uploads = await call.body()
        changes: Json = {}
        if "content" in body:
            content = str(body["content"] or "")
            changes = {"content": content} | self._pings(content, body, None)
        if "attachments" in body or uploads:
            changes["attachments"] = self._kept(message, body) + self._keep(uploads)
        if "flags" in body:
            changes["flags"] = int(body["flags"] or 0) & _SETTABLE_FLAGS
        shown = (*changes.get("attachments", message.attachments), *message.embeds)
        _check_content(changes.get("content", message.content), uploads, beside=len(shown))
        edited = self._world.channel.edit(message.id, **changes)
        return answer(self._world.wording.message(edited or message))

    async def delete(self, call: Call) -> web.Response:
        """Delete one's own message, or as the owner anybody's."""
        message = self._message(call)
        if call.person not in (message.author, self._world.guild.owner):
            raise ApiError(403, 50013, "Missing Permissions")
        self._world.channel.delete(message.id)
        return nothing()

    async def acknowledge(self, call: Call) -> web.Response:
        """Mark as read, without effect."""
        self._enter(call)
        return answer({"token": None})

    async def type(self, call: Call) -> web.Response:
        """Show the person as typing."""
        self._enter(call)
        guild = self._world.guild
        typing = {
            "user_id": str(call.person.id),
            "channel_id": str(guild.channel_id),
            "guild_id": str(guild.id),
            "member": guild.full_member(call.person),
            "timestamp": int(self._world.clock.now()),
        }
        self._world.gateway.dispatch("TYPING_START", typing)
        return nothing()

    async def refresh(self, call: Call) -> web.Response:
        """Sign links to attachments again; unknown ones are returned unchanged."""
        body, _ = await call.body()
        urls = [str(url) for url in body.get("attachment_urls") or ()]
        if not 1 <= len(urls) <= 50:  # noqa: PLR2004 - Discord's limit, named in its answer
            raise invalid_form("attachment_urls", "BASE_TYPE_BAD_LENGTH", "Must be 1-50 in length.")
        fresh = [{"original": url, "refreshed": self._fresh(url)} for url in urls]
        return answer({"refreshed_urls": fresh})

    def _post(
        self, author: SandboxUser, body: Json, uploads: tuple[Upload, ...], nonce: str | None
    ) -> SandboxMessage:
        content = str(body.get("content") or "")
        _check_content(content, uploads)
        replied_to = self._replied_to(body)
        return self._world.channel.post(
            author,
            content,
            nonce=nonce,
            type=REPLY if replied_to else PLAIN,
            reference=replied_to and replied_to.id,
            attachments=self._keep(uploads),
            flags=int(body.get("flags") or 0) & _SETTABLE_FLAGS,
            **self._pings(content, body, replied_to),
        )

    def _replied_to(self, body: Json) -> SandboxMessage | None:
        reference: Json = body.get("message_reference") or {}
        if not reference:
            return None
        message = self._world.channel.get(int(reference["message_id"]))
        if message is None and reference.get("fail_if_not_exists", True):
            code = "REPLIES_UNKNOWN_MESSAGE"
            raise invalid_form("message_reference", code, "Unknown message")
        return message

    def _pings(self, content: str, body: Json, replied_to: SandboxMessage | None) -> Json:
        allowed = body.get("allowed_mentions")
        return {
            "mentions": mentioned(self._world.guild, content, allowed, replied_to),
            "mention_everyone": mentions_everyone(content, allowed),
        }

    def _keep(self, uploads: tuple[Upload, ...]) -> tuple[Attachment, ...]:
        files = self._world.files
        return tuple(
            files.add(
                upload.content,
                upload.filename,
                upload.content_type,
                size=picture_size(upload.content),
            )
            for upload in uploads
        )

    def _kept(self, message: SandboxMessage, body: Json) -> tuple[Attachment, ...]:
        named = {str(each["id"]) for each in body.get("attachments") or ()}
        return tuple(each for each in message.attachments if str(each.id) in named)

    def _enter(self, call: Call) -> None:
        if call.id("channel") != self._world.guild.channel_id:
            raise unknown("Channel", 10003)

    def _message(self, call: Call) -> SandboxMessage:
        self._enter(call)
        message = self._world.channel.get(call.id("message"))
        if message is None or message.ephemeral:
            raise unknown("Message", 10008)
        return message

    def _fresh(self, url: str) -> str:
        *_, attachment_id, filename = urlsplit(url).path.split("/")
        found = attachment_id.isdigit() and self._world.files.find(int(attachment_id), filename)
        return self._world.links.sign(found[0]) if found else url


def _check_content(content: str, uploads: tuple[Upload, ...], *, beside: int = 0) -> None:
    """Refuse what Discord refuses; `beside` counts what else the message already shows."""
    if len(content) > MAX_CONTENT:
        raise invalid_form("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if not content and not uploads and not beside:
        raise ApiError(400, 50006, "Cannot send an empty message")
    if any(len(upload.content) > MAX_UPLOAD for upload in uploads):
        raise ApiError(413, 40005, "Request entity too large")
