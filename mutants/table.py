"""The mechanisms that keep the promise of docs/reliability.md, and the tests that miss each."""

from __future__ import annotations

from mutants.commands import COMMANDS_AND_PICTURES
from mutants.hearing import HEARING
from mutants.one_process import ONE_PROCESS
from mutants.sending import SENDING

MUTANTS = (*SENDING, *ONE_PROCESS, *HEARING, *COMMANDS_AND_PICTURES)
