"""Old events may be deleted, so nothing may ever be decided by them: who reads them is known."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
READING = re.compile(r"(?:from|join)\s+(?:public\.)?generation_events", re.IGNORECASE)
PRODUCT = ("*.py", "domain/**/*.py", "services/**/*", "cogs/**/*.py", "cli/*.py", "supabase/*/*")


def test_only_the_clean_up_reads_events_and_a_move_their_last_number() -> None:
    paths = [path for pattern in PRODUCT for path in ROOT.glob(pattern)]
    texts = {p: p.read_text("utf-8") for p in paths if p.suffix in {".py", ".sql"}}
    assert len(texts) > 200
    found = {str(path.relative_to(ROOT)) for path, text in texts.items() if READING.search(text)}
    assert found == {
        "services/database/sqlite/events.py",
        "supabase/migrations/20261130071500_move.sql",
        "supabase/migrations/20261130093000_old_events.sql",
    }
