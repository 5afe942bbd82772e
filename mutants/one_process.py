"""What keeps two processes, or two generations, apart."""

from __future__ import annotations

from mutants.mutant import Mutant
from mutants.paths import SERVICES, SQLITE, tests_in

ONE_PROCESS = (
    Mutant(
        name="fence",
        why="the database refuses whoever was replaced by another process",
        file=f"{SQLITE}/changes.py",
        text="yield fence is None or await self._lease.is_current(fence)",
        replacement="yield True",
        tests=tests_in(
            "tests/contract/test_store_lease.py",
            *(
                f"test_an_outdated_fence_changes_nothing[sqlite-{case}]"
                for case in ("create", "claim", "update", "record")
            ),
        ),
    ),
    Mutant(
        name="lease-margin",
        why="nothing is done in the last third of the lease, in which an act might outlast it",
        file="services/lease.py",
        text="return self._left() >= self._seconds / 3",
        replacement="return self._left() > 0",
        tests=tests_in(
            f"{SERVICES}/test_lease.py", "test_nothing_is_done_when_less_than_a_third_is_left"
        ),
    ),
    Mutant(
        name="lease-before-post",
        why="a process that was frozen between writing down and sending does not send",
        file="services/discord/midjourney.py",
        text="if not (self._lease_keeper.lasts() and may_go()):",
        replacement="if not may_go():",
        tests=tests_in(
            f"{SERVICES}/discord/test_one_post.py",
            "test_what_must_not_be_sent_any_more_is_not_sent[lease]",
        ),
    ),
    Mutant(
        name="one-active",
        why="the database has room for one active generation",
        file=f"{SQLITE}/0001_generations.sql",
        text="CREATE UNIQUE INDEX one_active",
        replacement="CREATE INDEX one_active",
        tests=tests_in(
            f"{SERVICES}/database/test_sqlite_schema.py",
            "test_at_most_one_row_is_active",
            "test_a_row_cannot_become_active_beside_another",
        ),
    ),
    Mutant(
        name="one-grid",
        why="a grid belongs to one generation, also if two reach for it at once",
        file=f"{SQLITE}/0008_one_grid.sql",
        text="CREATE UNIQUE INDEX one_grid",
        replacement="CREATE INDEX one_grid",
        tests=tests_in(
            f"{SERVICES}/database/test_sqlite_grids.py",
            "test_nobody_else_gets_it_and_all_of_them_go_on",
        ),
    ),
    Mutant(
        name="supabase-fence",
        why="Supabase refuses whoever was replaced by another process",
        file="supabase/migrations/20261122210100_lease_and_pause.sql",
        text="where name = 'worker' and fence = p_fence for update;",
        replacement="where name = 'worker' for update;",
        tests=tests_in(
            "tests/postgres/test_functions.py",
            "test_a_change_without_the_lease_is_stale",
            "test_a_lease_that_has_run_out_still_counts_until_somebody_takes_it",
        ),
    ),
    Mutant(
        name="supabase-one-active",
        why="Supabase has room for one active generation",
        file="supabase/migrations/20261122210000_generations.sql",
        text="create unique index one_active",
        replacement="create index one_active",
        tests=tests_in(
            "tests/postgres/test_tables.py",
            "test_at_most_one_row_is_active",
            "test_a_row_cannot_become_active_beside_another",
        ),
    ),
)
