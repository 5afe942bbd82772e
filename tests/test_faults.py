"""Every named fault has a test, and every point at which a process may be killed has two."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.kills import test_kills

FAULTS = {
    "F01": "the gateway drops and is resumed",
    "F02": "the gateway drops, and what happens until a new session is lost",
    "F03": "the connection is open, but nothing comes any more",
    "F04": "events come twice, three times, in another order, or without a field",
    "F05": "one event is missing",
    "F06": "somebody else, or the account by hand, has a job in the channel at once",
    "F07": "Discord or Midjourney accepts a request and does not say so, or says that it failed",
    "F08": "Discord or Cloudflare asks to wait",
    "F09": "a call of Discord's fails, breaks off or is not answered",
    "F10": "Discord refuses the account: 401, 4004, a block, a captcha",
    "F11": "a call of the database fails before or after its commit, or it is away for long",
    "F12": "Storage fails before or after an upload, or refuses it",
    "F13": "what comes from the CDN is no whole picture, or comes too slowly, or is too large",
    "F14": "two processes are at work, and one of them was frozen",
    "F15": "Midjourney never answers, stops, refuses, or its message is deleted",
    "F16": "the machine's clock jumps",
    "F17": "the disk is full, read-only, or has no more files to give",
    "F18": "the status message is deleted, a permission is taken away, slow mode is turned on",
    "F19": "a migration fails, or an old process works with a new schema",
}
"""`pytest -m 'fault(name="F07")'` runs the tests of one."""
POINTS = range(1, 40)


def named() -> Iterator[str]:
    """Return the faults that tests are marked with."""
    for path in Path(__file__).parent.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
                yield ast.literal_eval(node.keywords[0].value)


def test_every_fault_has_a_test() -> None:
    assert set(named()) == FAULTS.keys()


@pytest.mark.parametrize("place", ["folder", "supabase"])
def test_every_point_of_a_kill_has_a_test(place: str) -> None:
    marks = [
        mark
        for test in vars(test_kills).values()
        for mark in getattr(test, "pytestmark", ())
        if mark.name == "parametrize" and ",".join(mark.args[0]) == "name,place"
    ]
    names = sorted(case.id for mark in marks for case in mark.args[1] if place in case.values)
    assert names == [f"K{number:02}-{place}" for number in POINTS]
