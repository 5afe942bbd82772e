"""Trouble on the way to the database: what was asked for happens once, and is told as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import stamina

from domain.errors import StoreUnavailable
from domain.generation import Slot, Status
from domain.pause import Pause
from domain.ports import Outcome, Query
from services.database.supabase import SupabaseGenerationStore, functions
from services.database.supabase.functions import TRIES
from services.supabase import Supabase
from tests.builders import NOW, new_generation, picture
from tests.contract.databases import SupabaseDatabase, Worker, done
from tests.fault_proxy import Fault, FaultProxy
from tests.supabase_server import SupabaseServer

pytestmark = pytest.mark.postgres

FAULTS = {
    "500": Fault.answer(500, '{"message": "boom"}'),
    "503": Fault.answer(503, '{"message": "paused"}'),
    "502 when it is done": Fault.answer(502, "<html>", handed_on=True),
    "reset": Fault.reset(),
    "reset when it is done": Fault.reset(handed_on=True),
    "silence": Fault.silence(),
    "silence when it is done": Fault.silence(handed_on=True),
}
PAUSE = Pause(words="a captcha", since=NOW)
