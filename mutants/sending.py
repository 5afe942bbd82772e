"""What keeps a request from being sent twice, or too soon."""

from __future__ import annotations

from mutants.mutant import Mutant
from mutants.paths import GENERATION, SERVICES, UNIT, tests_in

SENDING = (
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
        tests=tests_in(
            f"{GENERATION}/test_restart.py",
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
        tests=tests_in(
            f"{SERVICES}/discord/test_one_post.py",
            "test_whatever_the_answer_is_there_was_one_post",
        ),
    ),
    Mutant(
        name="lost-answer",
        why="a request whose answer is lost may have been accepted",
        file="services/discord/midjourney.py",
        text='return Unknown(f"no answer (curl {int(error.code)})")',
        replacement="return Postponed(Reason.UNREACHABLE)",
        tests=tests_in(
            f"{SERVICES}/discord/test_lost_requests.py",
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
        tests=tests_in(f"{SERVICES}/discord/test_midjourney.py", "test_an_answer_means"),
    ),
    Mutant(
        name="never-twice",
        why="an /imagine that nobody answers is not sent again: a person decides",
        file="domain/transitions.py",
        text="return replace(generation, status=Status.NEEDS_ATTENTION, problem=problem)",
        replacement="return ask_again(generation, slot, problem, now)",
        tests=tests_in(
            f"{UNIT}/domain/test_transitions.py",
            "test_a_silent_grid_is_asked_about_and_never_sent_again",
        ),
    ),
    Mutant(
        name="refused-too-late",
        why="a refusal is not believed once the job was seen",
        file="domain/hearing.py",
        text="(failure.accepted == Accepted.NO and not begun)",
        replacement="failure.accepted == Accepted.NO",
        tests=tests_in(
            f"{UNIT}/domain/test_hearing.py",
            "test_not_accepted_is_not_believed_once_the_job_was_seen",
        ),
    ),
    Mutant(
        name="stopped-meanwhile",
        why="what was cancelled or stopped right before it is sent is not sent",
        file="services/generation/worker.py",
        text="return wanted and not self._gate.is_paused",
        replacement="return True",
        tests=tests_in(
            f"{GENERATION}/test_orchestrator_stops.py",
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
        tests=tests_in(
            f"{GENERATION}/test_hold.py", "test_nothing_is_sent_before_a_rate_limit_is_over"
        ),
    ),
    Mutant(
        name="hold-after-full",
        why="after Midjourney's “Queue full” nothing is sent for anybody for a while",
        file="services/generation/loop.py",
        text="if isinstance(effect, HoldBack):",
        replacement="if False:",
        tests=tests_in(
            f"{GENERATION}/test_hold.py", "test_full_queue_holds_everybody_back_longer_each_time"
        ),
    ),
)
