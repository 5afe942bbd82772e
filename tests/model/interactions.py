"""POST /interactions: what Discord does with it, and what the client's library tells of it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self

from curl_cffi import CurlECode, CurlInfo
from curl_cffi.requests.exceptions import RequestException

from domain.generation import Generation
from domain.ports import Clock
from domain.slots import Slot
from tests.model.channel import ACCOUNT, Channel
from tests.model.gateway import SimulatedGateway
from tests.model.memory_data import MemoryData
from tests.model.midjourney import NAMED, Request, SimulatedMidjourney
from tests.model.network import STALL_SECONDS, NetworkLine

STALE = "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
ACCEPTED, BAD, TOO_MANY, FAILED = 204, 400, 429, 502


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A response, as far as the client reads it."""

    status_code: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Limits:
    """What Discord answers besides: a limit of the rate until then, and 502 after acceptance."""

    until: float = 0.0
    bad_gateway: float = 0.0  #: how likely it is


class Interactions:
    """Checks what arrives, and hands it to Midjourney.

    `arrived` is called with what arrives, whatever comes of it, and `limited` when it is too much.
    """

    def __init__(
        self,
        channel: Channel,
        gateway: SimulatedGateway,
        midjourney: SimulatedMidjourney,
        data: MemoryData,
        clock: Clock,
    ) -> None:
        self.limits = Limits()
        self.tries: list[float] = []  #: when a request was made, whether it arrived or not
        self.script: deque[HttpAnswer] = deque()  #: the answers to the next requests
        self.arrived: Callable[[str, Generation | None, Slot], None] = _not_watched
        self.limited: Callable[[float], None] = lambda _: None
        self.tried: Callable[[bool], None] = lambda _: None
        self._channel = channel
        self._gateway = gateway
        self._midjourney = midjourney
        self._data = data
        self._clock = clock

    async def post(self, line: NetworkLine, body: Mapping[str, Any]) -> HttpAnswer:
        """Take one request of a process, or raise what libcurl does without an answer."""
        self.tries.append(self._clock.monotonic())
        await line.go(f"interactions.{body['type']} asks")
        if line.part.away in {"refuses", "stalls"}:
            self.tried(False)
            await asyncio.sleep(STALL_SECONDS if line.part.away == "stalls" else 0)
            raise _no_answer(sent=False)
        self.tried(True)
        answer = self._take(body)
        if answer.status_code == ACCEPTED and line.random.random() < self.limits.bad_gateway:
            answer = HttpAnswer(FAILED)
        lost = line.part.away is not None
        await line.go(f"interactions.{body['type']} answers")
        if lost or line.part.away is not None:
            raise _no_answer(sent=True)
        if answer.status_code == TOO_MANY:
            self.limited(float(json.loads(answer.text)["retry_after"]))
        return answer

    def _take(self, body: Mapping[str, Any]) -> HttpAnswer:
        nonce = str(body["nonce"])
        row, slot = self._row(nonce)
        self.arrived(nonce, row, slot)
        wait = self.limits.until - self._clock.monotonic()
        if wait > 0:
            return HttpAnswer(TOO_MANY, json.dumps({"retry_after": wait}))
        if not self._gateway.knows(body["session_id"]):
            return HttpAnswer(BAD, '{"code": 50035, "errors": {"session_id": {}}}')
        pressed = int(body["message_id"]) if "message_id" in body else None
        if self.script:
            return self.script.popleft()
        if pressed is not None and pressed not in self._channel.messages:
            return HttpAnswer(404, '{"code": 10008}')
        if body["data"].get("version", self._version()) != self._version():
            return HttpAnswer(BAD, f'{{"code": 50035, "errors": "{STALE}"}}')
        self._midjourney.take(self._request(body, row, slot, pressed))
        return HttpAnswer(ACCEPTED)

    def _version(self) -> str:
        return str(self._channel.imagine_version)

    def _request(
        self, body: Mapping[str, Any], row: Generation | None, slot: Slot, pressed: int | None
    ) -> Request:
        prompt = "" if row is None else row.echo or f"{row.prompt} {NAMED}"
        return Request(
            nonce=str(body["nonce"]),
            session_id=body["session_id"],
            person=ACCOUNT,
            prompt=prompt,
            generation_id=None if row is None else row.id,
            slot=slot,
            pressed=pressed,
            custom_id=body["data"].get("custom_id", ""),
            at=self._clock.monotonic(),
        )

    def _row(self, nonce: str) -> tuple[Generation | None, Slot]:
        """Return whose request this is: the row that says so, committed before."""
        for row in self._data.rows.values():
            for slot in Slot:
                if row.step(slot).nonce == nonce:
                    return row, slot
        return None, Slot.GRID


def _not_watched(nonce: str, row: Generation | None, slot: Slot) -> None:
    """Do nothing with what arrives."""


def _no_answer(*, sent: bool) -> RequestException:
    seconds = 0.1 if sent else 0.0
    infos = {CurlInfo.APPCONNECT_TIME: seconds, CurlInfo.CONNECT_TIME: seconds}
    return RequestException("no answer", CurlECode.OPERATION_TIMEDOUT, SimpleNamespace(infos=infos))


def session_class(post: Callable[[Mapping[str, Any]], Awaitable[HttpAnswer]]) -> type:
    """Return a class that stands for libcurl's sessions: each POST goes to `post`."""

    class KnownSession:
        def __class_getitem__(cls, _: object) -> type[Self]:
            return cls

        def __init__(self, **options: object) -> None: ...

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None: ...

        async def post(self, url: str, *, data: bytes, headers: object) -> HttpAnswer:
            return await post(json.loads(data))

    return KnownSession
