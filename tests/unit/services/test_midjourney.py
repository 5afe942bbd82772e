"""What Discord's answers to an interaction mean, and what is sent."""

from __future__ import annotations

import pytest

from domain.generation import Problem, ProblemKind
from domain.ports import Answer, Rejected, Taken, Unknown
from services.clock import SystemClock
from services.midjourney import new_nonce, read_answer

STALE_CODE = "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION"
STALE = f'{{"code":50035,"errors":{{"_errors":[{{"code":"{STALE_CODE}"}}]}}}}'


def no(detail: str, retry_after: float | None = None) -> Rejected:
    return Rejected(Problem(ProblemKind.NOT_SENT, detail), retry_after)


def account(detail: str) -> Rejected:
    """Nothing was accepted, and nothing more is to be sent."""
    return Rejected(Problem(ProblemKind.ACCOUNT, detail), retry_after=0)


@pytest.mark.parametrize(
    ("status", "text", "header", "meaning"),
    [
        (204, "", None, Taken()),
        (200, "{}", None, Taken()),
        (400, STALE, None, no(STALE_CODE)),
        (400, '{"captcha_key":["x"]}', None, account("Discord: captcha")),
        (400, '{"code":50035}', None, no("HTTP 400, code 50035")),
        (401, '{"message":"401", "code":0}', None, account("Discord: HTTP 401, code 0")),
        (403, '{"code":10008}', None, account("Discord: HTTP 403, code 10008")),
        (403, "<html>", None, no("HTTP 403")),
        (404, '{"code":10008}', None, no("HTTP 404, code 10008")),
        (429, '{"retry_after":1.5}', "9", no("HTTP 429", 1.5)),
        (429, "<html>", "9", no("HTTP 429", 9)),
        (429, "[]", None, no("HTTP 429", 60)),
        (429, '{"retry_after":-1}', None, no("HTTP 429", 0)),
        (500, "", None, Unknown("HTTP 500")),
        (504, "<html>", None, Unknown("HTTP 504")),
    ],
)
def test_an_answer_means(status: int, text: str, header: str | None, meaning: Answer) -> None:
    """A server error says nothing about acceptance; only an explicit no is a no."""
    assert read_answer(status, text, header) == meaning


def test_nonces_are_snowflakes_and_differ_within_a_millisecond() -> None:
    nonces = {new_nonce(SystemClock()) for _ in range(100)}
    assert len(nonces) == 100
    assert all(17 <= len(nonce) <= 20 and nonce.isdecimal() for nonce in nonces)
