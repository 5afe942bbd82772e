"""What keeps commands, pictures and secrets as they were meant."""

from __future__ import annotations

from mutants.mutant import Mutant
from mutants.paths import GENERATION, PICTURES, SERVICES, SQLITE, tests_in

COMMANDS_AND_PICTURES = (
    Mutant(
        name="command-once",
        why="a command that the gateway and the history both deliver makes one generation",
        file=f"{SQLITE}/0001_generations.sql",
        text="command_message_id INTEGER NOT NULL UNIQUE,",
        replacement="command_message_id INTEGER NOT NULL,",
        tests=tests_in(
            "tests/contract/test_store_queue.py",
            "test_the_same_command_message_twice_is_one_row[sqlite]",
        ),
    ),
    Mutant(
        name="reaction-once",
        why="a reaction that an earlier process carried out is not carried out again",
        file="cogs/missed_reactions.py",
        text="is_done = reaction.key in done and ",
        replacement="is_done = False and ",
        tests=tests_in(
            "tests/cogs/test_missed_reactions.py",
            "test_what_has_been_carried_out_by_an_earlier_process_is_over",
        ),
    ),
    Mutant(
        name="reaction-on-no-message",
        why="what stands for a reaction is no id of Discord's, so no message is passed over for it",
        file="domain/snowflakes.py",
        text="    return -1 - (int.from_bytes(digest[:8]) >> 1)",
        replacement="    return int.from_bytes(digest[:8]) >> 1",
        tests=tests_in(
            "tests/unit/domain/test_reactions.py",
            "test_key_of_a_reaction_is_no_id_and_always_the_same",
        ),
    ),
    Mutant(
        name="old-reaction-costs-nothing",
        why="nobody knows when a missed reaction came, so nothing is paid for an old one",
        file="cogs/missed_reactions.py",
        text="if old and not awaited and topic_of(ctx) in COSTLY:",
        replacement="if False:",
        tests=tests_in(
            "tests/cogs/test_missed_reactions.py", "test_what_costs_is_left_if_it_may_be_old"
        ),
    ),
    Mutant(
        name="commands-in-order",
        why="no command passes a gap that could not be read, or what is in it would be forgotten",
        file="services/command_queue.py",
        text="if message_id in self._handled or not (self._deferred or self._obstacle):",
        replacement="if True:",
        tests=tests_in(
            f"{SERVICES}/test_command_queue.py",
            "test_nothing_passes_a_gap_that_could_not_be_looked_at",
        ),
    ),
    Mutant(
        name="discords-clock",
        why="how old a command is does not depend on how wrong the machine's clock is",
        file="services/atelier.py",
        text="        opened.clock.listen(bot)\n",
        replacement="",
        tests=tests_in(
            "tests/integration/test_missed_commands.py",
            "test_how_old_a_command_is_does_not_depend_on_the_machines_clock",
        ),
    ),
    Mutant(
        name="first-picture-stays",
        why="a stored picture is never replaced by another",
        file=f"{SQLITE}/0001_generations.sql",
        text="    SELECT RAISE(ABORT, 'a stored picture stays');\n",
        replacement="    SELECT 1;\n",
        tests=tests_in(f"{SERVICES}/database/test_sqlite_schema.py", "test_a_stored_picture_stays"),
    ),
    Mutant(
        name="events-of-work-stay",
        why="what happened to a generation is kept until it has ended, however old it is",
        file=f"{SQLITE}/0015_old_events.sql",
        text="status IN ('completed', 'failed', 'cancelled')\n        AND ",
        replacement="",
        tests=tests_in(
            f"{SERVICES}/database/test_sqlite_schema.py",
            "test_only_old_events_of_what_has_ended_can_be_let_go[needs_attention]",
        ),
    ),
    Mutant(
        name="on-the-disk",
        why="a picture is on the disk before the row says so",
        file="services/storage/folder.py",
        text="        flush(beside)\n",
        replacement="",
        tests=tests_in(
            f"{SERVICES}/storage/test_folder_writing.py",
            "test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_return",
        ),
    ),
    Mutant(
        name="deleted-for-good",
        why="a picture that was on its way does not come back after its deletion",
        file="services/generation/worker.py",
        text="if isinstance(done, PictureStored) and row.archived:",
        replacement="if False:",
        tests=tests_in(
            f"{GENERATION}/test_deletion.py",
            "test_a_picture_on_its_way_does_not_come_back_after_its_deletion",
        ),
    ),
    Mutant(
        name="costs-again",
        why="what costs more than is allowed is not made once more by a button either",
        file="cogs/grid.py",
        text="        self.refuse_costs(parent)\n",
        replacement="",
        tests=tests_in(
            "tests/cogs/test_keeping.py",
            "test_more_of_a_costly_grid_needs_the_same_permission_as_the_first",
        ),
    ),
    Mutant(
        name="pixel-limit",
        why="no picture is decoded that has more pixels than allowed, whatever else it says",
        file="services/pictures/transcoding.py",
        text="    if width * height > max_pixels:\n",
        replacement="    if False:\n",
        tests=tests_in(
            f"{PICTURES}/test_transcoding.py",
            "test_the_limit_is_the_decoders_own_word_for_the_size",
        )
        + tests_in(f"{PICTURES}/test_child.py", "test_a_bad_picture_is_one_here_too"),
    ),
    Mutant(
        name="memory-limit",
        why="no picture is decoded whose pixels would take more memory than there is",
        file="services/pictures/transcoding.py",
        text="    if header.width * header.height * held > max_bytes:\n",
        replacement="    if False:\n",
        tests=tests_in(
            f"{PICTURES}/test_memory.py",
            "test_what_would_take_too_much_memory_is_not_decoded",
            "test_the_pixels_take_no_more_than_is_allowed_and_available",
        ),
    ),
    Mutant(
        name="killed-is-not-broken",
        why="a picture whose process the system killed is tried again, for it may be a good one",
        file="services/pictures/child.py",
        text="        raise NotTranscoded(why)\n",
        replacement="        raise NotAPicture(why)\n",
        tests=tests_in(
            f"{PICTURES}/test_child.py",
            "test_a_killed_process_is_no_bad_picture_but_a_crashed_one_is",
            "test_too_little_memory_may_pass",
        ),
    ),
    Mutant(
        name="memory-comes-back",
        why="too little memory is waited for, as a network that is down",
        file="services/pictures/copier.py",
        text="_BAD = (ForbiddenLink, LinkExpired, NotAPicture)\n",
        replacement="_BAD = (ForbiddenLink, LinkExpired, NotAPicture, NotTranscoded)\n",
        tests=tests_in(
            f"{PICTURES}/test_copier.py",
            "test_what_may_pass_is_tried_for_a_quarter_of_an_hour_and_told",
        ),
    ),
    Mutant(
        name="masked-secrets",
        why="no secret gets into a log line",
        file="services/logs.py",
        text="        return self.mask(line)\n",
        replacement="        return line\n",
        tests=tests_in(f"{SERVICES}/test_logs_secrets.py", "test_secret_is_masked_in_every_layer"),
    ),
)
