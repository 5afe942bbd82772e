"""Whatever becomes of a call to Supabase ends as an error of ours that says what may be done."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from traceback import format_exception
from typing import Any

import httpx
import pytest
import stamina
from structlog.testing import capture_logs
from supabase import PostgrestAPIError, StorageException

from domain.errors import AtelierError, StoreRefused, StoreUnavailable, WrongSchema
from services import supabase as supabase_module
from services.database.supabase import functions
from services.database.supabase.functions import TRIES, Functions
from services.supabase import Supabase, translated
from tests.fault_proxy import Fault, FaultProxy

KEY = "sb_secret_abcdef"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def without_waiting() -> Generator[None]:
    with stamina.set_testing(testing=True, attempts=TRIES):
        yield


@pytest.fixture
async def server() -> AsyncGenerator[FaultProxy]:
    """Give a server that answers what is armed, and nothing else."""
    proxy = FaultProxy(NOWHERE)
    async with proxy.serving():
        yield proxy


@pytest.fixture
async def supabase(server: FaultProxy) -> AsyncGenerator[Supabase]:
    supabase = await Supabase.connect(server.url, KEY)
    yield supabase
    await supabase.close()


def said(code: str | None, message: str = "so it is") -> str:
    return json.dumps({"code": code, "message": message, "hint": None, "details": None})


LATER = [
    (500, said("XX000", "boom"), "500 Internal Server Error .*boom"),
    (502, "<html>Bad gateway</html>", "502 Bad Gateway .*Bad gateway"),
    (503, said(None, "no"), "503 .*if the project is paused, restore it"),
    (540, said(None, "Project paused"), "540 .*Project paused.*restore it"),
    (429, "", "429 Too Many Requests"),
    (200, "<html>Please log in</html>", "something else than Supabase answers"),
]


@pytest.mark.parametrize(("status", "body", "words"), LATER)
async def test_an_outage_is_tried_again_and_then_said(
    server: FaultProxy, supabase: Supabase, status: int, body: str, words: str
) -> None:
    server.arm(*[Fault.answer(status, body)] * TRIES)
    with pytest.raises(StoreUnavailable, match=f"(?s){words}"):
        await Functions(supabase).call("get_pause")
    assert server.armed == 0


REFUSALS: list[tuple[int, str, type[AtelierError], str]] = [
    (401, said(None, "Invalid API key"), StoreRefused, "SUPABASE_KEY is not accepted"),
    (403, said("42501"), StoreRefused, "SUPABASE_KEY may not do that.*migrate"),
    (404, said("PGRST202"), WrongSchema, "python bot.py migrate.*so it is"),
    (404, said("42P01"), WrongSchema, "python bot.py migrate"),
    (406, said("PGRST106"), StoreRefused, "exposed schemas"),
    (400, said("22P02"), StoreRefused, r"Supabase refuses \(22P02 so it is\)"),
    (409, said("23505"), StoreRefused, r"Supabase refuses \(23505"),
    (413, "<html>", StoreRefused, r"Supabase refuses \(413"),
]


@pytest.mark.parametrize(("status", "body", "error", "words"), REFUSALS)
async def test_a_refusal_is_not_tried_again_and_says_what_to_do(
    server: FaultProxy,
    supabase: Supabase,
    status: int,
    body: str,
    error: type[AtelierError],
    words: str,
) -> None:
    server.arm(Fault.answer(status, body))
    with pytest.raises(error, match=words):
        await Functions(supabase).call("get_pause")
    assert len(server.seen) == 1


async def test_a_lost_call_is_tried_again_and_then_said(
    server: FaultProxy, supabase: Supabase
) -> None:
    server.arm(*[Fault.reset()] * TRIES)
    with pytest.raises(StoreUnavailable, match="Supabase does not answer: "):
        await Functions(supabase).call("get_pause")
    assert len(server.seen) == TRIES


async def test_a_call_without_an_answer_is_tried_again_and_then_said(
    server: FaultProxy, supabase: Supabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tries are counted here: in so little time, not each need reach the server."""
    monkeypatch.setattr(functions, "TRY_SECONDS", 0.05)
    server.arm(*[Fault.silence()] * TRIES)
    with capture_logs() as logs, pytest.raises(StoreUnavailable, match=r"within 0.05 s"):
        await Functions(supabase).call("get_pause")
    retries = [log for log in logs if log["event"] == "stamina.retry_scheduled"]
    assert len(retries) == TRIES - 1
    assert {log["callable"] for log in retries} == {"get_pause"}


async def test_all_tries_together_have_a_limit(server: FaultProxy, supabase: Supabase) -> None:
    server.arm(Fault.silence())
    with pytest.raises(StoreUnavailable, match=r"within 0.05 s"):
        await Functions(supabase).call("get_pause", within=0.05)


async def test_where_nobody_listens_is_an_outage() -> None:
    supabase = await Supabase.connect(NOWHERE, KEY)
    with pytest.raises(StoreUnavailable, match="ConnectError"):
        await Functions(supabase).call("get_pause")
    await supabase.close()


@pytest.mark.parametrize("tries", [1, 2, 3])
async def test_an_answer_tells_whether_an_earlier_try_may_have_been_heard(
    server: FaultProxy, supabase: Supabase, tries: int
) -> None:
    server.arm(*[Fault.answer(503)] * (tries - 1), Fault.answer(200, "null"))
    assert await Functions(supabase).call("get_pause") == (None, tries > 1)


@pytest.mark.parametrize(
    ("url", "key"), [("project.supabase.co", KEY), ("https://[", KEY), (NOWHERE, "")]
)
async def test_an_address_that_is_none_is_refused(url: str, key: str) -> None:
    with pytest.raises(StoreRefused, match=r"SUPABASE_URL is no address"):
        await Supabase.connect(url, key)


NO_CERTIFICATES = {
    "missing": "none.pem",
    "a folder": "",
    "another file": "other.txt",
}


@pytest.mark.parametrize("name", NO_CERTIFICATES.values(), ids=NO_CERTIFICATES)
async def test_certificates_that_cannot_be_read_are_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function that keeps them is put aside, as it may have some."""
    (tmp_path / "other.txt").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
    read = inspect.unwrap(vars(supabase_module)["_certificates"])
    monkeypatch.setattr(supabase_module, "_certificates", read)
    with pytest.raises(StoreRefused, match="SSL_CERT_FILE must name a readable PEM file"):
        await Supabase.connect(NOWHERE, KEY)


@pytest.mark.parametrize("wrong", ["\n", " ", "\x7f", "\u00e9"])
async def test_a_key_that_cannot_be_sent_is_not_repeated_in_the_error(
    server: FaultProxy, wrong: str
) -> None:
    with pytest.raises(StoreRefused, match="SUPABASE_KEY is not accepted") as caught:
        await Supabase.connect(server.url, f"{KEY}{wrong}")
    assert KEY not in "".join(format_exception(caught.value))


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (StorageException("no bucket"), r"Supabase Storage refuses \(no bucket\)"),
        (PostgrestAPIError({"message": "x" * 900, "code": "1"}), r"\(1 x{190,200}\.\.\.\)"),
    ],
)
def test_the_errors_of_the_client_are_translated(raised: Exception, words: str) -> None:
    with pytest.raises(StoreRefused, match=words), translated():
        raise raised


@pytest.mark.parametrize("raised", [httpx.DecodingError("x"), httpx.TooManyRedirects("x")])
def test_every_error_of_the_http_client_is_an_outage(raised: Exception) -> None:
    with pytest.raises(StoreUnavailable, match=type(raised).__name__), translated():
        raise raised


async def test_what_is_sent_is_what_the_function_takes(
    server: FaultProxy, supabase: Supabase
) -> None:
    server.arm(Fault.answer(200, "1"))
    bodies: list[Any] = []

    async def look(request: httpx.Request) -> None:
        bodies.append((request.url.path, json.loads(request.content)))

    supabase.http.event_hooks["request"].append(look)
    small, large = 2**53 - 1, 2**53
    await Functions(supabase).call(
        "f", small=small, large=large, text="a\0\ud800", on=True, no=None
    )
    sent = {"p_small": small, "p_large": str(large), "p_text": "a??", "p_on": True, "p_no": None}
    assert bodies == [("/rest/v1/rpc/f", sent)]
