"""No secret gets into a log line, whatever contains it."""

import logging
from collections.abc import Callable

import pytest

from services import logs
from services.logs import LogFormat
from tests.unit.services.log_harness import FORMATS, library, logged, own

pytestmark = pytest.mark.usefixtures("logs_as_before")

SECRET = "correct-horse/battery staple"
TOKEN = ".".join(("a" * 24, "b" * 6, "c" * 30))
LINK = "https://cdn.discordapp.com/attachments/2/3/grid.png"


class Leaky:
    """A value that shows a secret when it is written."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return f"<Leaky {self._secret}>"


def _caused_by(secret: str) -> Exception:
    error = RuntimeError("harmless")
    error.__cause__ = LookupError(secret)
    return error


def _noted(secret: str) -> Exception:
    error = RuntimeError("harmless")
    error.add_note(f"while using {secret}")
    return error


LAYERS: dict[str, Callable[[str], object]] = {
    "event": lambda secret: own().info(f"using {secret} now"),
    "value": lambda secret: own().info("using", what=secret),
    "object": lambda secret: own().info("using", what=Leaky(secret)),
    "nested": lambda secret: own().info("using", what={"deep": [(secret, 1)]}),
    "bytes": lambda secret: own().info("using", what=secret.encode()),
    "bound": lambda secret: own().bind(what=secret).info("using"),
    "exception": lambda secret: own().error("failed", exc_info=LookupError(secret)),
    "cause": lambda secret: own().error("failed", exc_info=_caused_by(secret)),
    "note": lambda secret: own().error("failed", exc_info=_noted(secret)),
    "group": lambda secret: own().error("e", exc_info=ExceptionGroup("g", [LookupError(secret)])),
    "message": lambda secret: library().warning(f"using {secret} now"),
    "argument": lambda secret: library().warning("using %s now", secret),
    "mapping": lambda secret: library().warning("using %(what)s now", {"what": secret}),
    "objects": lambda secret: library().warning("using %r", [Leaky(secret)]),
    "theirs": lambda secret: library().error("failed", exc_info=LookupError(secret)),
    "their logger": lambda secret: logging.getLogger(f"x.{secret}").warning("using"),
}


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("layer", LAYERS)
def test_secret_is_masked_in_every_layer(layer: str, log_format: LogFormat) -> None:
    line = logged(log_format, lambda: LAYERS[layer](SECRET), SECRET)
    assert "***" in line
    assert "horse" not in line
    assert "staple" not in line


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("layer", LAYERS)
def test_unknown_token_is_masked_in_every_layer(layer: str, log_format: LogFormat) -> None:
    line = logged(log_format, lambda: LAYERS[layer](TOKEN))
    assert "***" in line
    assert "c" * 10 not in line


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"mfa.{'Qw-3' * 21}", "Qw-3"),
        (f"sb_secret_{'Qw-3' * 6}_Zz", "Qw-3"),
        (f"sb_secret_{'Qw-3' * 6}_Zz", "Zz"),
        (f"eyJ{'Qw-3' * 6}.eyJ{'Zz_5' * 9}.{'Xx-6' * 9}", "Qw-3"),
        (f"eyJ{'Qw-3' * 6}.eyJ{'Zz_5' * 9}.{'Xx-6' * 9}", "Xx-6"),
        ("Authorization: Qw3", "Qw3"),
        ("authorization=Qw3", "Qw3"),
        ("Proxy-Authorization: Basic Qw3=", "Qw3"),
        ("GET / Authorization: Bearer Qw3\r\nHost: x", "Qw3"),
        ("{'Authorization': 'Qw3', 'Host': 'x'}", "Qw3"),
        ('{"Authorization": "Bearer Qw3"}', "Qw3"),
        (str(((b"Authorization", b"Bot Qw3"),)), "Qw3"),
        ("https://ann:Qw3@db.example/x", "Qw3"),
        (f"{LINK}?ex=Qw3&is=68f1&hm=0a0b&", "Qw3"),
        (f"{LINK}?ex=Qw3&is=68f1&hm=0a0b&", "0a0b"),
        (f"{LINK}?format=webp&is=68f1&hm=0a0b", "68f1"),
        (f"{LINK}?format=webp&amp;hm=0a0b", "0a0b"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, secret: str, log_format: LogFormat) -> None:
    def act() -> None:
        own().info("using", what=text)
        own().info("using", what={"deep": text})
        library().error("using %s", [text], exc_info=LookupError(text))

    written = logged(log_format, act)
    assert "***" in written
    assert secret not in written


def test_masking_leaves_readable_what_is_around() -> None:
    text = f"GET {LINK}?ex=1&hm=2 failed (Authorization: Bearer abc) at https://a:b@c.example/d"
    assert logs.masker([])(text) == (
        f"GET {LINK}?*** failed (Authorization: ***) at https://***@c.example/d"
    )


@pytest.mark.parametrize(
    "text",
    [
        "nothing to hide",
        f"{LINK}?format=webp&width=64",
        "MJ::JOB::upsample::1::0f0e0d0c-1111-4222-8333-444455556666",
        "https://abcdefghijklmnop.supabase.co/storage/v1/object/public/generations/x/grid.png",
        "discord.ext.commands.errors.CommandInvokeError",
        "no authorization for this channel, ask ann@example.org",
        "1234567890123456789",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert logs.masker([SECRET])(text) == text


def test_masking_twice_is_masking_once() -> None:
    mask = logs.masker([SECRET])
    once = mask(f"Authorization: {TOKEN} {LINK}?ex=1 http://a:b@c {SECRET}")
    assert mask(once) == once


@pytest.mark.parametrize("text", ["", " ", "a", "image"])
def test_text_too_short_for_a_secret_blackens_nothing(text: str) -> None:
    assert logs.masker([text])("an image of a") == "an image of a"


def test_longer_secret_is_masked_whole_where_it_contains_another() -> None:
    assert logs.masker(["battery", "battery-staple"])("battery-staple battery") == "*** ***"


@pytest.mark.parametrize(
    ("secret", "written"),
    [
        ("p@ss word/1", "p%40ss%20word%2F1"),
        ("p%40ss%20word", "p@ss word"),
        ('pass"wo\\rd', 'pass\\"wo\\\\rd'),
    ],
)
def test_secret_is_known_in_its_other_spellings(secret: str, written: str) -> None:
    assert logs.masker([secret])(f"<{written}>") == "<***>"


def test_cutting_a_trace_does_not_cut_a_secret_out_of_its_mask() -> None:
    """Half of a secret has no shape any more, and is not the exact text either."""
    secret = "".join(chr(97 + n % 26) + str(n) for n in range(40))
    for before in range(1300, 1500, 10):
        error = LookupError(f"{'-' * before}{secret}{'-' * 8000}")
        line = logged("logfmt", lambda e=error: own().error("failed", exc_info=e), secret)
        assert not any(secret[n : n + 6] in line for n in range(len(secret) - 6))
