"""The gateway, version 9: connections, sessions, RESUME, and its failures."""

from __future__ import annotations

import asyncio
import json
import os
from base64 import b64encode
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from sandbox.connections import GatewaySocket
from sandbox.sessions import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sandbox.clock import ChangeSignal
    from sandbox.guild import Guild
    from sandbox.people import Json, SandboxUser
    from sandbox.switches import Switches

MEGABYTE = 1_000_000
HEARTBEAT_INTERVAL = 41_250  # milliseconds, as Discord asks for
_HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _MEMBERS, _INVALID, _HELLO, _ACK = (
    1, 2, 6, 7, 8, 9, 10, 11,
)  # fmt: skip
# Presence, voice, lazy guilds, calls, subscriptions: accepted and ignored.
_IDLE = frozenset({3, 4, 5, 13, 14, 36, 37, 40, 41})
_SEARCH_MEMBERS = 35
_UNKNOWN_OPERATION, _CANNOT_DECODE, _WRONG_TOKEN = 4001, 4002, 4004  # Discord's close codes
_GONE_FOR_GOOD = frozenset({1000, 1001})  # a client that closes with these ends its session


class Gateway:
    """All sockets and sessions. Tests cause failures with the methods at the end."""

    def __init__(
        self, guild: Guild, switches: Switches, random: Random, changed: ChangeSignal
    ) -> None:
        self.url = ""  # "ws://127.0.0.1:port/", known once the server listens
        self.counts: Counter[str] = Counter()  # connect, identify, resume, resumed, invalid
        self.unexpected: list[str] = []
        self._guild = guild
        self._switches = switches
        self._random = random
        self._changed = changed
        self._sessions: dict[str, Session] = {}
        self._connections: set[GatewaySocket] = set()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that exist, connected or waiting for a RESUME."""
        return tuple(self._sessions.values())

    def session(self, session_id: str, person: SandboxUser) -> Session | None:
        """Return this person's session of that id."""
        session = self._sessions.get(session_id)
        return session if session and session.person == person else None

    def dispatch(self, event: str, data: object, *, only: SandboxUser | None = None) -> None:
        """Send an event to every session, or to those of one person."""
        for session in self._sessions.values():
            if only is None or session.person == only:
                session.dispatch(event, data)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket from HELLO to its end."""
        self.counts["connect"] += 1
        answer = self._switches.answer_connect.take()
        if answer == "refuse":
            return web.Response(status=503, text="no healthy upstream")
        # The client offers permessage-deflate but its libcurl cannot decode it: never accept.
        socket = web.WebSocketResponse(compress=False, timeout=1.0)
        await socket.prepare(request)
        connection = GatewaySocket(socket, request)
        if answer == "hang up":
            await socket.close(code=1001)
            return socket
        self._connections.add(connection)
        connection.send({"op": _HELLO, "s": None, "d": {"heartbeat_interval": HEARTBEAT_INTERVAL}})
        try:
            async with asyncio.TaskGroup() as group:
                writer = group.create_task(connection.write(), name="gateway writer")
                await self._listen(socket, connection)
                writer.cancel()
        finally:
            self._leave(connection, socket.close_code)
        return socket

    async def _listen(self, socket: web.WebSocketResponse, connection: GatewaySocket) -> None:
        async for frame in socket:
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            try:
                message: Json = json.loads(frame.data)
                self._receive(connection, message["op"], message.get("d"))
            except (ValueError, KeyError, TypeError):
                connection.close(_CANNOT_DECODE)

    def _leave(self, connection: GatewaySocket, close_code: int | None) -> None:
        self._connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        if close_code in _GONE_FOR_GOOD:
            self._sessions.pop(session.id, None)
        self._changed.notify()

    def _receive(self, connection: GatewaySocket, op: Any, data: Any) -> None:
        handlers: dict[object, Callable[[GatewaySocket, Any], None]] = {
            _HEARTBEAT: self._acknowledge,
            _IDENTIFY: self._identify,
            _RESUME: self._resume,
            _MEMBERS: self._tell_members,
            _SEARCH_MEMBERS: self._tell_members,
        }
        if op in handlers:
            handlers[op](connection, data)
            self._changed.notify()
        elif op not in _IDLE:
            self.unexpected.append(f"gateway op {op}")
            connection.close(_UNKNOWN_OPERATION)

    def _acknowledge(self, connection: GatewaySocket, _data: Any) -> None:
        connection.send({"op": _ACK})

    def _identify(self, connection: GatewaySocket, data: Json) -> None:
        self.counts["identify"] += 1
        person = self._guild.holder_of(data["token"])
        if person is None:
            connection.close(_WRONG_TOKEN)
            return
        session = Session(f"{self._random.getrandbits(128):032x}", person)
        self._sessions[session.id] = session
        self._attach(session, connection)
        session.dispatch("READY", self._ready(session))
        session.dispatch("READY_SUPPLEMENTAL", self._guild.ready_supplemental())

    def _ready(self, session: Session) -> Json:
        """Return READY, as large as the switch says; its many bytes cannot be compressed."""
        ready = self._guild.ready(session.person, session.id, self.url)
        more = int(self._switches.ready_megabytes.take() * MEGABYTE)
        return ready | {"other_servers": b64encode(os.urandom(more)).decode()} if more else ready

    def _resume(self, connection: GatewaySocket, data: Json) -> None:
        self.counts["resume"] += 1
        session = self._sessions.get(data["session_id"])
        missed = session and session.missed_since(data["seq"])
        if session is None or missed is None or session.person.token != data["token"]:
            self.counts["invalid"] += 1
            connection.send({"op": _INVALID, "d": False})
            return
        self._attach(session, connection)
        for frame in missed:
            connection.send(frame)
        self.counts["resumed"] += 1
        session.dispatch("RESUMED", {})

    def _attach(self, session: Session, connection: GatewaySocket) -> None:
        if session.connection is not None:
            session.connection.abort()
        session.connection, connection.session = connection, session

    def _tell_members(self, connection: GatewaySocket, data: Json) -> None:
        wanted = {int(each) for each in data.get("user_ids") or ()}
        query = (data.get("query") or "").lower()
        found = [
            self._guild.full_member(person)
            for person in self._guild.members()
            if (person.id in wanted if wanted else person.name.lower().startswith(query))
        ]
        if connection.session is None or not data.get("guild_id"):
            return  # the library's first request names no guild and wants no answer
        chunk: Json = {
            "guild_id": str(self._guild.id),
            "members": found,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
            "nonce": data.get("nonce"),
        }
        connection.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    # For tests, on the connections that are open now.

    def drop(self, *, forget: bool = False) -> None:
        """Cut the TCP connections. With `forget`, no session can be resumed afterwards."""
        if forget:
            self.forget()
        for connection in tuple(self._connections):
            connection.abort()

    def forget(self) -> None:
        """End every session: nothing is sent to them any more, and a RESUME is answered op 9."""
        self._sessions.clear()

    def close(self, code: int) -> None:
        """Close with this code, for instance 4004 (token refused) or 4009 (session timed out)."""
        for connection in tuple(self._connections):
            connection.close(code)

    def op7(self) -> None:
        """Ask for a reconnect (op 7), as Discord does before it restarts a gateway."""
        self._send({"op": _RECONNECT, "d": None})

    def invalid_session(self, *, resumable: bool) -> None:
        """Invalidate the sessions (op 9); unless resumable, they and their events are lost."""
        self._send({"op": _INVALID, "d": resumable})
        if not resumable:
            self.forget()

    def pause(self) -> None:
        """Hold back all frames: the client hears nothing until `resume`."""
        for connection in self._connections:
            connection.pause()

    def resume(self) -> None:
        """Send what was held back, and continue."""
        for connection in self._connections:
            connection.resume()

    def silence(self) -> None:
        """Turn the sockets into zombies: they stay open, but nothing is sent any more.

        The sessions keep counting events, so a RESUME on a new socket replays them.
        """
        for connection in self._connections:
            connection.silent = True

    def _send(self, frame: Json) -> None:
        for connection in self._connections:
            connection.send(frame)
