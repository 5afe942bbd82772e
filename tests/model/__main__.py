"""Plays one seed and prints all that happens: `.venv/bin/python -m tests.model SEED`."""

import sys

from tests.model.run import run

outcome = run(int(sys.argv[1]), traced=True)
sys.stdout.write("\n".join((*outcome.trace, *outcome.violations, "")))
