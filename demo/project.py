"""A temporary Supabase project on this machine, for `--supabase`."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from demo.failure import DemoFailure
from tools import postgres, supabase_lite
from tools.environment import SetupProblem

if TYPE_CHECKING:
    from collections.abc import Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The settings of a project for the bot, and the address of its Postgres."""

    url: str
    key: str = field(repr=False)
    database: str = field(repr=False)


@contextlib.contextmanager
def running() -> Generator[Project]:
    """Serve a project with our schema until the block ends; raise `DemoFailure` if that fails.

    Not for use inside an event loop: it runs one itself for a moment.
    """
    with contextlib.ExitStack() as opened:
        try:
            database = opened.enter_context(postgres.running()).url("migrated")
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="atelier-lite-")))
            server = opened.enter_context(supabase_lite.serving(database, folder))
        except SetupProblem as problem:
            raise DemoFailure(str(problem)) from None
        yield Project(url=server.url, key=server.secret_key, database=database)
