"""The folder in which a demo keeps everything."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from demo.bot_process import LOG
from demo.failure import DemoFailure

if TYPE_CHECKING:
    from collections.abc import Generator


def picture_count(data: Path) -> int:
    """Return how many pictures are stored in a demo's folder."""
    return sum(1 for _ in (data / "pictures").glob("*/*.png"))


@contextlib.contextmanager
def data_folder(wanted: Path | None) -> Generator[Path]:
    """Give the folder for everything that a demo keeps: `wanted`, or a temporary one.

    A temporary one is removed at the end if no picture is in it, unless the demo failed: its log
    may say why. Raises `DemoFailure` if it cannot be used.
    """
    data = _usable(wanted)
    yield data
    if wanted is None and not picture_count(data):
        shutil.rmtree(data, ignore_errors=True)


def _usable(wanted: Path | None) -> Path:
    try:
        if wanted is None:
            return Path(tempfile.mkdtemp(prefix="atelier-demo-")).resolve()
        wanted.mkdir(parents=True, exist_ok=True)
        (wanted / LOG).touch()
    except OSError as error:
        raise DemoFailure(f"{error.filename} cannot be used: {error.strerror}.", code=2) from None
    return wanted.resolve()
