"""Opens the page in a browser, where there is one, and somebody to see it."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.wording import Lines


def is_wanted(out: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether somebody sits at a display: not in a pipe, at another machine, or in CI."""
    if not out.isatty() or environment.get("CI") or environment.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or any(map(environment.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def show(url: str) -> bool:
    """Open it, and return whether that could be done.

    A browser that would take the terminal (such as `lynx`) is not used.
    """
    try:
        browser = webbrowser.get()
        return type(browser) is not webbrowser.GenericBrowser and browser.open(url)
    except webbrowser.Error:
        return False


def told(url: str) -> Lines:
    """Return where the page is; whoever has the address can do everything there."""
    return (f"The channel as a page: {url}",)
