"""What gives an answer to the generation that it belongs to."""

from __future__ import annotations

from mutants.mutant import Mutant
from mutants.paths import GENERATION, UNIT, tests_in

HEARING = (
    Mutant(
        name="gap-scan",
        why="after each connect the history is read for what was missed",
        file="services/generation/recovery.py",
        text="if self._waited_for_others(now) or self._pause:",
        replacement="if self._pause:",
        tests=tests_in(
            f"{GENERATION}/test_recovery.py",
            "test_it_is_read_soon_after_a_connect_and_again_when_a_first_message_must_be_there",
        ),
    ),
    Mutant(
        name="silence-while-away",
        why="while nothing can be heard, no silence is Midjourney's",
        file="services/generation/recovery.py",
        text="counts=hears and (self._forbidden or not unread),",
        replacement="counts=True,",
        tests=tests_in(
            f"{GENERATION}/test_recovery.py",
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
        tests=tests_in(
            f"{UNIT}/domain/test_text_matching.py", "test_what_ids_decide_is_no_matter_of_likeness"
        ),
    ),
    Mutant(
        name="strongest-id",
        why="of several ids the strongest decides",
        file="domain/matching.py",
        text="for rung in _LADDER:",
        replacement="for rung in reversed(_LADDER):",
        tests=tests_in(
            f"{UNIT}/domain/test_matching.py", "test_a_stronger_id_decides_over_weaker_ones"
        ),
    ),
    Mutant(
        name="no-film",
        why="a film that a person makes of our picture is not taken for a grid",
        file="domain/messages.py",
        text="Action.FILM if _is_film(snapshot, line.prompt) else line.action",
        replacement="line.action",
        tests=tests_in(
            f"{UNIT}/domain/test_films.py",
            "test_a_film_is_known_by_its_buttons_or_by_its_file_alone",
        ),
    ),
    Mutant(
        name="film-asked-for",
        why="a film that was asked for is not kept as a grid",
        file="domain/hearing.py",
        text="if heard.action == Action.FILM:",
        replacement="if False:",
        tests=tests_in(
            f"{UNIT}/domain/test_films.py",
            "test_a_film_that_was_asked_for_ends_its_generation_and_says_so",
        ),
    ),
    Mutant(
        name="only-one-candidate",
        why="what may belong to two generations belongs to neither",
        file="domain/text_matching.py",
        text="if len(able) != 1 or _may_be_unanswered(able[0], gap):",
        replacement="if not able or _may_be_unanswered(able[0], gap):",
        tests=tests_in(
            f"{UNIT}/domain/test_text_matching.py",
            "test_two_generations_that_could_claim_one_job_get_none",
        ),
    ),
    Mutant(
        name="only-one-awaited",
        why="other words than those that were sent decide only if nothing else is awaited",
        file="domain/text_matching.py",
        text="if len(awaiting) > 1 and not resembles(able[0], heard.prompt):",
        replacement="if len(awaiting) > len(generations):",
        tests=tests_in(
            f"{UNIT}/domain/test_text_matching_rewritten.py",
            "test_a_personalised_one_in_other_words_is_a_question_if_another_is_awaited",
        ),
    ),
    Mutant(
        name="no-rival",
        why="of two jobs that may be a generation's, neither is taken for it",
        file="domain/text_matching.py",
        text="return None if any(rivals) else Match(able[0].id, Slot.GRID)",
        replacement="return Match(able[0].id, Slot.GRID)",
        tests=tests_in(
            f"{UNIT}/domain/test_text_matching.py",
            "test_two_jobs_that_one_generation_could_claim_are_nobodys",
        ),
    ),
)
