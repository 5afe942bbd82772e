"""Which links are followed at all."""

import posixpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ForbiddenLink
from services.pictures.download import DISCORD_CDN, checked_link

CHANNEL = 77
GOOD = f"https://cdn.discordapp.com/attachments/{CHANNEL}/1234/me_a_cat.png"
SIGNATURE = "?ex=65b2&is=65a1&hm=0f%2Fa+b%20c&"


@pytest.mark.parametrize(
    "url",
    [
        GOOD,
        GOOD + SIGNATURE,
        GOOD.replace("/attachments", "/ephemeral-attachments"),
        GOOD.replace("me_a", ".me_a...b"),
        GOOD.replace("me_a", "m%C3%A9_a"),
        GOOD.replace("me_a", "(me)~+a,b"),
    ],
)
def test_a_link_to_an_attachment_of_the_channel_is_followed_as_it_is(url: str) -> None:
    link = checked_link(url, DISCORD_CDN, CHANNEL)
    assert str(link) == url


@pytest.mark.fault(name="F13")
@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.png",
        GOOD.replace("https", "http"),
        GOOD.replace("https", "HTTPS"),
        GOOD.replace("https", "file"),
        GOOD.replace("https:", ""),
        " " + GOOD,
        GOOD + " ",
        GOOD + "\n",
        GOOD + "\r\nHost: elsewhere",
        GOOD.replace(".com", ".com.evil"),
        GOOD.replace(".com", ".com."),
        GOOD.replace(".com", ".com:443"),
        GOOD.replace(".com", ".com:8443"),
        GOOD.replace(".com", ".com@evil.example"),
        GOOD.replace("cdn.", "me@cdn."),
        GOOD.replace("cdn.", "me:word@cdn."),
        GOOD.replace("cdn.", "evil.example\\@cdn."),
        GOOD.replace("cdn.", "evil.example/cdn."),
        GOOD.replace("cdn.discordapp.com", "media.discordapp.net"),
        GOOD.replace("cdn.discordapp.com", "CDN.discordapp.com"),
        GOOD.replace("cdn.discordapp.com", "cdn.discordapp.com%2eevil"),
        GOOD.replace("cdn.discordapp.com", "cdn.disc\u043erdapp.com"),
        GOOD.replace("cdn.discordapp.com", "xn--cdn-5cd.discordapp.com"),
        GOOD.replace("cdn.discordapp.com", "cdn\u3002discordapp.com"),
        GOOD.replace("cdn.discordapp.com", "[::1]"),
        GOOD.replace("cdn.discordapp.com", "[::ffff:7f00:1]"),
        GOOD.replace("cdn.discordapp.com", "127.0.0.1"),
        GOOD.replace("/attachments/77/", "/ephemeral-attachments/78/"),
        GOOD.replace("/attachments/", "/other-attachments/"),
        GOOD.replace("/attachments/", "//attachments/"),
        GOOD.replace("/attachments/", "/x/../attachments/"),
        GOOD.replace("/77/", "/78/"),
        GOOD.replace("/77/", "/770/"),
        GOOD.replace("/77/", "/77/../78/"),
        GOOD.replace("/77/", "/77/./"),
        GOOD.replace("/77/", "/77//"),
        GOOD.replace("/77/", "/77/%2e%2e/78/"),
        GOOD.replace("/77/", "/77/.%2E/78/"),
        GOOD.replace("/77/", "/77/..%2f78/"),
        GOOD.replace("/77/", "/77/..%5c78/"),
        GOOD.replace("/77/", "/77/..\\78/"),
        GOOD.replace("/77/", "/77/%252e%252e/78/"),
        GOOD.replace("/1234/me_a_cat.png", "/.."),
        GOOD.replace("/1234/me_a_cat.png", "/..?a=b"),
        GOOD.replace("/1234/me_a_cat.png", ""),
        GOOD.replace("/1234/me_a_cat.png", "/"),
        GOOD + "%00",
        GOOD + "%0d%0a",
        GOOD + "%7f",
        GOOD + "%",
        GOOD + "%4",
        GOOD + "?",
        GOOD + "#x",
        GOOD + "?x#y",
        GOOD + "?caf\u00e9",
        GOOD + "?a b",
        GOOD + ";@evil.example",
    ],
)
def test_any_other_link_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenLink):
        checked_link(url, DISCORD_CDN, CHANNEL)


def test_a_refused_link_is_not_repeated() -> None:
    with pytest.raises(ForbiddenLink) as refusal:
        checked_link(f"https://evil.example/{SIGNATURE}", DISCORD_CDN, CHANNEL)
    assert "hm=" not in str(refusal.value)


def test_a_port_belongs_to_the_origin() -> None:
    """The sandbox's origin has one, and no other is the same."""
    sandbox = frozenset({"http://127.0.0.1:8080"})
    tail = f"/attachments/{CHANNEL}/1/a.png"
    assert checked_link(f"http://127.0.0.1:8080{tail}", sandbox, CHANNEL).port == 8080
    for other in ("http://127.0.0.1", "http://127.0.0.1:80800", "https://cdn.discordapp.com"):
        with pytest.raises(ForbiddenLink):
            checked_link(other + tail, sandbox, CHANNEL)


_FRAGMENTS = (
    *("https://", "http://", "cdn.discordapp.com", "evil.example", "/77", "/78"),
    *("/attachments", "/ephemeral-attachments"),
    *("/", "//", "..", ".", "%2e", "%2F", "%25", "%5c", "\\", "@", ":", ":443", "#", "?", "&"),
    *("[::1]", "a.png", "1", "\u3002", "\u212a", " ", "\t", "\n", "\0", "\u202e"),
)
_tails = st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=3), max_size=8).map("".join)
_starts = st.sampled_from(
    ("", "https://cdn.discordapp.com", GOOD.removesuffix("1234/me_a_cat.png"))
)


@given(start=_starts, tail=_tails)
def test_no_link_outside_the_channels_attachments_is_ever_followed(start: str, tail: str) -> None:
    """Judged by other parsers than the one that decides."""
    try:
        link = checked_link(start + tail, DISCORD_CDN, CHANNEL)
    except ForbiddenLink:
        return
    parts = urlsplit(str(link))
    assert str(link) == start + tail
    assert str(link).isascii()
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "cdn.discordapp.com", "")
    assert (link.scheme, link.raw_authority, link.port) == ("https", "cdn.discordapp.com", 443)
    for path in (parts.path, link.raw_path, unquote(parts.path), unquote(unquote(parts.path))):
        _, folder, channel, *_ = posixpath.normpath(path).split("/")
        assert folder in {"attachments", "ephemeral-attachments"}
        assert channel == str(CHANNEL)
