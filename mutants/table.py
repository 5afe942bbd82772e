"""The mechanisms that keep the promise of docs/reliability.md, and the tests that miss each."""

from __future__ import annotations

from mutants.mutant import Mutant

_UNIT = "tests/unit"
_SERVICES = f"{_UNIT}/services"
_GENERATION = f"{_SERVICES}/generation"
_SQLITE = "services/database/sqlite"


def _in(file: str, *tests: str) -> tuple[str, ...]:
    return tuple(f"{file}::{test}" for test in tests)


_SENDING = (
    Mutant(
        name="intention-first",
        why="a request is written down before it is sent",
        file="services/generation/worker.py",
        text="""\
        intended = await self._inbox.report(generation.id, Intended(slot, nonce, ready.session_id))
        if intended.step(slot).nonce != nonce:
            return
""",
        replacement="""\
        answer = ready.refusal or await self._sender.send(generation, slot, press, lambda: True)
        intended = await self._inbox.report(generation.id, Intended(slot, nonce, ready.session_id))
        return await self._take(answer, generation.id, slot, nonce)
""",
        tests=_in(
            f"{_GENERATION}/test_restart.py",
            "test_what_was_on_its_way_when_the_process_was_killed_is_never_sent_again",
        ),
    ),
    Mutant(
        name="one-post",
        why="a request is posted once, whatever the answer",
        file="services/discord/midjourney.py",
        text="""\
                response = await session.post(url, data=body, headers=headers)
""",
        replacement="""\
                response = await session.post(url, data=body, headers=headers)
                if response.status_code >= 500:
                    response = await session.post(url, data=body, headers=headers)
""",
        tests=_in(
            f"{_SERVICES}/discord/test_one_post.py",
            "test_whatever_the_answer_is_there_was_one_post",
        ),
    ),
    Mutant(
        name="lost-answer",
        why="a request whose answer is lost may have been accepted",
        file="services/discord/midjourney.py",
        text='return Unknown(f"no answer (curl {int(error.code)})")',
        replacement="return Postponed(Reason.UNREACHABLE)",
        tests=_in(
            f"{_SERVICES}/discord/test_lost_requests.py",
            "test_what_may_have_been_read_may_have_been_accepted",
            "test_without_tls_a_connection_is_enough_for_it_to_have_been_read",
        ),
    ),
    Mutant(
        name="server-error",
        why="a server error does not say that nothing was accepted",
        file="services/discord/interaction_answers.py",
        text='return Unknown(f"HTTP {status}")',
        replacement="return Postponed(Reason.UNREACHABLE)",
        tests=_in(f"{_SERVICES}/discord/test_midjourney.py", "test_an_answer_means"),
    ),
    Mutant(
        name="never-twice",
        why="an /imagine that nobody answers is not sent again: a person decides",
        file="domain/transitions.py",
        text="return replace(generation, status=Status.NEEDS_ATTENTION, problem=problem)",
        replacement="return ask_again(generation, slot, problem, now)",
        tests=_in(
            f"{_UNIT}/domain/test_transitions.py",
            "test_a_silent_grid_is_asked_about_and_never_sent_again",
        ),
    ),
    Mutant(
        name="refused-too-late",
        why="a refusal is not believed once the job was seen",
        file="domain/hearing.py",
        text="(failure.accepted == Accepted.NO and not begun)",
        replacement="failure.accepted == Accepted.NO",
        tests=_in(
            f"{_UNIT}/domain/test_hearing.py",
            "test_not_accepted_is_not_believed_once_the_job_was_seen",
        ),
    ),
    Mutant(
        name="stopped-meanwhile",
        why="what was cancelled or stopped right before it is sent is not sent",
        file="services/generation/worker.py",
        text="return wanted and not self._gate.is_paused",
        replacement="return True",
        tests=_in(
            f"{_GENERATION}/test_orchestrator_stops.py",
            "test_nothing_is_sent_for_what_is_stopped_after_it_was_intended",
        ),
    ),
    Mutant(
        name="hold-after-429",
        why="after a 429 nothing is sent for anybody until its time is over",
        file="services/generation/worker.py",
        text="""\
                self._gate.hold.begin(answer.reason, answer.seconds)
                await self._inbox.report(generation_id, NotSent(slot, nonce))
""",
        replacement="""\
                await self._inbox.report(generation_id, NotSent(slot, nonce))
""",
        tests=_in(
            f"{_GENERATION}/test_hold.py", "test_nothing_is_sent_before_a_rate_limit_is_over"
        ),
    ),
    Mutant(
        name="hold-after-full",
        why="after Midjourney's “Queue full” nothing is sent for anybody for a while",
        file="services/generation/loop.py",
        text="if isinstance(effect, HoldBack):",
        replacement="if False:",
        tests=_in(
            f"{_GENERATION}/test_hold.py", "test_full_queue_holds_everybody_back_longer_each_time"
        ),
    ),
)

_ONE_PROCESS = (
    Mutant(
        name="fence",
        why="the database refuses whoever was replaced by another process",
        file=f"{_SQLITE}/store.py",
        text="yield await self._lease.is_current(fence)",
        replacement="yield True",
        tests=_in(
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
        tests=_in(
            f"{_SERVICES}/test_lease.py", "test_nothing_is_done_when_less_than_a_third_is_left"
        ),
    ),
    Mutant(
        name="lease-before-post",
        why="a process that was frozen between writing down and sending does not send",
        file="services/discord/midjourney.py",
        text="if not (self._lease_keeper.lasts() and may_go()):",
        replacement="if not may_go():",
        tests=_in(
            f"{_SERVICES}/discord/test_one_post.py",
            "test_what_must_not_be_sent_any_more_is_not_sent[lease]",
        ),
    ),
    Mutant(
        name="one-active",
        why="the database has room for one active generation",
        file=f"{_SQLITE}/0001_generations.sql",
        text="CREATE UNIQUE INDEX one_active",
        replacement="CREATE INDEX one_active",
        tests=_in(
            f"{_SERVICES}/database/test_sqlite_schema.py",
            "test_at_most_one_row_is_active",
            "test_a_row_cannot_become_active_beside_another",
        ),
    ),
    Mutant(
        name="one-grid",
        why="a grid belongs to one generation, also if two reach for it at once",
        file=f"{_SQLITE}/0008_one_grid.sql",
        text="CREATE UNIQUE INDEX one_grid",
        replacement="CREATE INDEX one_grid",
        tests=_in(
            f"{_SERVICES}/database/test_sqlite_grids.py",
            "test_nobody_else_gets_it_and_all_of_them_go_on",
        ),
    ),
    Mutant(
        name="supabase-fence",
        why="Supabase refuses whoever was replaced by another process",
        file="supabase/migrations/20261122210100_lease_and_pause.sql",
        text="where name = 'worker' and fence = p_fence for update;",
        replacement="where name = 'worker' for update;",
        tests=_in(
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
        tests=_in(
            "tests/postgres/test_tables.py",
            "test_at_most_one_row_is_active",
            "test_a_row_cannot_become_active_beside_another",
        ),
    ),
)

_HEARING = (
    Mutant(
        name="gap-scan",
        why="after each connect the history is read for what was missed",
        file="services/generation/recovery.py",
        text="if self._waited_for_others(now) or self._pause:",
        replacement="if self._pause:",
        tests=_in(
            f"{_GENERATION}/test_recovery.py",
            "test_it_is_read_soon_after_a_connect_and_again_when_a_first_message_must_be_there",
        ),
    ),
    Mutant(
        name="silence-while-away",
        why="while nothing can be heard, no silence is Midjourney's",
        file="services/generation/recovery.py",
        text="counts=hears and (self._forbidden or not unread),",
        replacement="counts=True,",
        tests=_in(
            f"{_GENERATION}/test_recovery.py",
            "test_without_a_connection_there_is_no_silence",
            "test_through_a_connection_that_answers_no_heartbeat_there_is_no_silence",
            "test_nothing_is_overdue_while_the_history_cannot_be_read",
        ),
    ),
    Mutant(
        name="ids-before-text",
        why="the text of a prompt decides only about what no id belongs to",
        file="domain/text_matching.py",
        text="if not isinstance(heard, Job) or match(heard, generations) is not None:",
        replacement="if not isinstance(heard, Job):",
        tests=_in(
            f"{_UNIT}/domain/test_text_matching.py", "test_what_ids_decide_is_no_matter_of_likeness"
        ),
    ),
    Mutant(
        name="strongest-id",
        why="of several ids the strongest decides",
        file="domain/matching.py",
        text="for rung in _LADDER:",
        replacement="for rung in reversed(_LADDER):",
        tests=_in(
            f"{_UNIT}/domain/test_matching.py", "test_a_stronger_id_decides_over_weaker_ones"
        ),
    ),
    Mutant(
        name="only-one-candidate",
        why="what may belong to two generations belongs to neither",
        file="domain/text_matching.py",
        text="if len(able) != 1 or _may_be_unanswered(able[0], gap):",
        replacement="if not able or _may_be_unanswered(able[0], gap):",
        tests=_in(
            f"{_UNIT}/domain/test_text_matching.py",
            "test_two_generations_that_could_claim_one_job_get_none",
        ),
    ),
    Mutant(
        name="no-rival",
        why="of two jobs that may be a generation's, neither is taken for it",
        file="domain/text_matching.py",
        text="return None if any(rivals) else Match(able[0].id, Slot.GRID)",
        replacement="return Match(able[0].id, Slot.GRID)",
        tests=_in(
            f"{_UNIT}/domain/test_text_matching.py",
            "test_two_jobs_that_one_generation_could_claim_are_nobodys",
        ),
    ),
)

_COMMANDS_AND_PICTURES = (
    Mutant(
        name="command-once",
        why="a command that the gateway and the history both deliver makes one generation",
        file=f"{_SQLITE}/0001_generations.sql",
        text="command_message_id INTEGER NOT NULL UNIQUE,",
        replacement="command_message_id INTEGER NOT NULL,",
        tests=_in(
            "tests/contract/test_store_queue.py",
            "test_the_same_command_message_twice_is_one_row[sqlite]",
        ),
    ),
    Mutant(
        name="commands-in-order",
        why="no command passes a gap that could not be read, or what is in it would be forgotten",
        file="services/command_queue.py",
        text="if message_id in self._handled or not (self._deferred or self._obstacle):",
        replacement="if True:",
        tests=_in(
            f"{_SERVICES}/test_command_queue.py",
            "test_nothing_passes_a_gap_that_could_not_be_looked_at",
        ),
    ),
    Mutant(
        name="first-picture-stays",
        why="a stored picture is never replaced by another",
        file=f"{_SQLITE}/0001_generations.sql",
        text="    SELECT RAISE(ABORT, 'a stored picture stays');\n",
        replacement="    SELECT 1;\n",
        tests=_in(f"{_SERVICES}/database/test_sqlite_schema.py", "test_a_stored_picture_stays"),
    ),
    Mutant(
        name="on-the-disk",
        why="a picture is on the disk before the row says so",
        file="services/storage/folder.py",
        text="        _sync(copy)\n",
        replacement="",
        tests=_in(
            f"{_SERVICES}/storage/test_folder_store.py",
            "test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_return",
        ),
    ),
    Mutant(
        name="deleted-for-good",
        why="a picture that was on its way does not come back after its deletion",
        file="services/generation/worker.py",
        text="if isinstance(done, PictureStored) and row.archived:",
        replacement="if False:",
        tests=_in(
            f"{_GENERATION}/test_deletion.py",
            "test_a_picture_on_its_way_does_not_come_back_after_its_deletion",
        ),
    ),
    Mutant(
        name="masked-secrets",
        why="no secret gets into a log line",
        file="services/logs.py",
        text="        return self._mask(line)\n",
        replacement="        return line\n",
        tests=_in(f"{_SERVICES}/test_logs_secrets.py", "test_secret_is_masked_in_every_layer"),
    ),
)

MUTANTS = (*_SENDING, *_ONE_PROCESS, *_HEARING, *_COMMANDS_AND_PICTURES)
