"""The schema of the database: scripts in the Supabase CLI's layout, and checking a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import WrongSchema

if TYPE_CHECKING:
    from services.database.supabase.functions import Functions

_REMEDY = (
    "the database lacks the schema of this version: run `python bot.py migrate` with "
    "SUPABASE_DB_URL set, or `supabase db push`, or paste these files of supabase/migrations into "
    "the SQL editor of the Supabase dashboard, in this order: {}"
)
MIGRATIONS = Path(__file__).parents[3] / "supabase/migrations"


def version_of(script: Path) -> int:
    """Return the number in a script's name, `<version>_<name>.sql`: when it was created."""
    return int(script.name.partition("_")[0])


SCRIPTS = sorted(MIGRATIONS.glob("[0-9]*_*.sql"))
"""In order. They only ever add, so that an older process keeps working meanwhile."""
VERSION = version_of(SCRIPTS[-1])
"""The lowest version that this code works with."""


async def check(functions: Functions) -> None:
    """Raise `WrongSchema` unless the database has at least the schema that this code needs."""
    try:
        found = (await functions.call("atelier_schema_version")).value
    except WrongSchema:  # that function does not even exist
        found = 0
    if missing := [script.name for script in SCRIPTS if version_of(script) > found]:
        raise WrongSchema(_REMEDY.format(", ".join(missing)))
