"""Why the demo ends."""

from __future__ import annotations


class DemoFailure(Exception):
    """Why the demo cannot continue, as one sentence, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
