"""The sentences: what they tell, and that nothing in them gets out of hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs import generation_replies, replies
from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies
from domain.errors import BadPrompt, PromptFault
from domain.events import Retried
from domain.generation import Generation, Problem, ProblemKind, Slot, Status, Step
from domain.pause import Pause
from domain.reasons import Reason
from domain.requests import objection
from tests.builders import NOW, asked, generation, picture

LIMIT = 2000
"""Characters of a message on Discord."""
ENGLISH = Replies("en", "!")
OF_ONE = GenerationReplies(ENGLISH)
BOTH = [Replies(language, "!") for language in replies.LANGUAGES]
LATER = NOW + timedelta(seconds=41)
MENTION = re.compile(r"@everyone|@here|<@[!&]?\d{15,20}>")
WORDS = st.text() | st.text(alphabet="@everyonehere<&!1234567890>*_`~|#[]() \n", min_size=10)


def pictured(status: Status, *slots: int, **changes: Any) -> Generation:
    """Return a generation with some pictures stored."""
    made = generation(status, code="k7m2qx", prompt="a cat", **changes)
    for number in slots:
        stored = replace(made.step(Slot(number)), picture=picture(made.id, Slot(number)))
        made = made.with_step(Slot(number), stored)
    return made


def stage(made: Generation, percent: int | None = None) -> str:
    """Return the line of the status message about the stage."""
    return OF_ONE.status(made, percent, LATER).splitlines()[1]


def test_status_begins_with_what_it_is_about() -> None:
    first = OF_ONE.status(pictured(Status.QUEUED), None, LATER).splitlines()[0]
    assert first == "🎨 `k7m2qx` · a cat · by Ann"


@pytest.mark.parametrize(
    ("made", "percent", "line"),
    [
        (pictured(Status.QUEUED), None, "░░░░░░░░░░ 0% · waiting for its turn · 0:41"),
        (pictured(Status.SUBMITTING), None, "░░░░░░░░░░ 0% · asking Midjourney · 0:41"),
        (
            pictured(Status.SUBMITTED, progress=25.0),
            None,
            "▓▓░░░░░░░░ 25% · Midjourney is painting · 0:41",
        ),
        (
            pictured(Status.GRID_COMPLETED, 0, progress=50.0),
            100,
            "▓▓▓▓▓░░░░░ 50% · grid saved · upscales 0/4 · 0:41",
        ),
        (
            pictured(Status.VARIATIONS_IN_PROGRESS, 0, 1, 3, progress=75.0),
            100,
            "▓▓▓▓▓▓▓▓░░ 75% · fetching the upscales · upscales 2/4 · 0:41",
        ),
        (
            pictured(Status.COMPLETED, 0, 1, 2, 3, 4, progress=100.0),
            100,
            "▓▓▓▓▓▓▓▓▓▓ 100% · done · upscales 4/4 · 0:41",
        ),
        (pictured(Status.CANCELLED), None, "░░░░░░░░░░ 0% · cancelled · 0:00"),
    ],
    ids=lambda value: value.status.value if isinstance(value, Generation) else "-",
)
def test_status_tells_each_stage(made: Generation, percent: int | None, line: str) -> None:
    assert stage(made, percent) == line


def test_midjourneys_own_percent_is_told_as_well() -> None:
    line = stage(pictured(Status.SUBMITTED, progress=25.0), 48)
    assert line == "▓▓▓▓░░░░░░ 37% · Midjourney is painting, 48% · 0:41"


@given(st.integers(min_value=0, max_value=100))
def test_midjourneys_own_percent_moves_the_bar_between_the_second_and_the_third_quarter(
    percent: int,
) -> None:
    submitted = generation(Status.SUBMITTED, progress=25.0)
    assert generation_replies.overall(submitted, percent) == 25 + percent / 4


def test_upscales_are_counted_among_the_wanted_ones() -> None:
    made = pictured(Status.COMPLETED, 0, 1, 2, wanted=(Slot.UPSCALE_2,), progress=100.0)
    assert "upscales 1/1" in stage(made)
    assert "upscales" not in stage(replace(made, wanted=()))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-5, "0:00"), (59.9, "0:59"), (600, "10:00"), (3723, "1:02:03")]
)
def test_time_is_shown_in_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert replies.duration(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    "ended",
    [
        generation(Status.COMPLETED, completed_at=NOW + timedelta(seconds=9)),
        generation(Status.FAILED, updated_at=NOW + timedelta(seconds=9)),
        generation(Status.NEEDS_ATTENTION, updated_at=NOW + timedelta(seconds=9)),
    ],
    ids=lambda made: made.status.value,
)
def test_time_stands_still_when_a_generation_has_ended(ended: Generation) -> None:
    assert stage(ended).endswith(" · 0:09")


def test_failure_tells_the_reason_and_what_to_do() -> None:
    refused = Problem(ProblemKind.REFUSED, "Banned prompt: `cat` is *banned*")
    made = pictured(Status.FAILED, problem=refused)
    _, line, reason = OF_ONE.status(made, None, LATER).splitlines()
    assert line == "░░░░░░░░░░ 0% · failed · 0:00"
    assert reason == (
        r"Midjourney refused this: Banned prompt: \`cat\` is \*banned\*. "
        "Change the prompt and send it again."
    )


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_words_with_and_without_a_detail(kind: ProblemKind) -> None:
    made, odd = pictured(Status.FAILED), "{0} {detail} {x}"
    for words in BOTH:
        assert GenerationReplies(words).because(Problem(kind), made).endswith(".")
        assert "{" not in GenerationReplies(words).because(Problem(kind, odd), made).replace(
            odd, ""
        )


def state(kind: ProblemKind, *slots: int) -> Generation:
    """Return what has ended by such a problem, with some pictures stored."""
    finished = kind in {ProblemKind.BAD_PICTURE, ProblemKind.STORAGE} or slots
    step = asked(message_id=5 if finished else None)
    return pictured(Status.FAILED, *slots, problem=Problem(kind), steps=(step, *[Step()] * 4))


@pytest.mark.parametrize("kind", ProblemKind)
@pytest.mark.parametrize("slots", [(), (0, 1)], ids=["no grid", "a grid"])
def test_a_retry_that_is_suggested_is_one_that_is_done(
    kind: ProblemKind, slots: tuple[int, ...]
) -> None:
    failed = state(kind, *slots)
    for words in BOTH:
        if f"`!retry {failed.code}`" in GenerationReplies(words).problem(failed):
            assert objection(failed, Retried()) is None


@pytest.mark.parametrize("kind", [kind for kind in ProblemKind if kind != ProblemKind.NO_ANSWER])
def test_every_problem_says_what_to_do_next(kind: ProblemKind) -> None:
    for words in BOTH:
        for slots in ((), (0, 1)):
            told = GenerationReplies(words).problem(state(kind, *slots))
            assert re.search("`!|Send |Change |[Rr]envoyez", told), told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Banned prompt: bar.", "Banned prompt: bar"),
        ("Sorry! Could not complete the job!", "Sorry! Could not complete the job"),
        ("two\nlines\r\n\u2028of it.\n", "two lines of it"),
        ("a\u202egnp.b\u200bad\u2066", "agnp.bad"),
        ("...", "no reason given"),
    ],
)
def test_words_of_others_stand_inside_a_sentence_on_one_line(words: str, told: str) -> None:
    made = pictured(Status.FAILED, problem=Problem(ProblemKind.REFUSED, words))
    assert OF_ONE.problem(made) == (
        f"Midjourney refused this: {told}. Change the prompt and send it again."
    )


def test_a_reason_that_a_person_typed_stays_on_one_line_and_in_its_direction() -> None:
    typed = Pause(words="back\n\u202eat **noon**.", since=NOW, by=1)
    assert ENGLISH.paused(typed) == r"paused (back at \*\*noon\*\*.)"


def test_what_was_typed_and_names_are_shown_in_their_direction() -> None:
    assert replies.as_typed("a\u202e\u200bb\n c") == "`ab c`"
    assert OF_ONE.listed(pictured(Status.QUEUED, author_name="A\u202en\nn"), 1).endswith("by An n")


@pytest.mark.parametrize(
    ("detail", "english", "french"),
    [
        ("unreachable", "Discord can't be reached", "Discord est injoignable"),
        ("upscale_2", "U2", "U2"),
        (
            "grid: dead_link",
            "Grid: its link no longer works",
            "Grille : son lien ne fonctionne plus",
        ),
        ("upscale_2: HTTP *404*", r"U2: HTTP \*404\*", r"U2 : HTTP \*404\*"),
        ("Blocked: captcha", "Blocked: captcha", "Blocked: captcha"),
        ("HTTP 429", "HTTP 429", "HTTP 429"),
    ],
)
def test_reasons_of_our_own_have_words_and_those_of_others_stay(
    detail: str, english: str, french: str
) -> None:
    assert [words.reason(detail) for words in BOTH] == [english, french]


@pytest.mark.parametrize("reason", Reason)
def test_no_reason_of_our_own_is_told_by_its_key(reason: Reason) -> None:
    for words in BOTH:
        told = GenerationReplies(words).because(
            Problem(ProblemKind.NOT_SENT, str(reason)), pictured(Status.FAILED)
        )
        assert words.sentences.reasons[reason] in told
        assert reason not in words.paused(Pause(words=str(reason), since=NOW)).split()


def test_a_pause_repeats_what_its_person_typed() -> None:
    assert ENGLISH.paused(Pause(words="captcha", since=NOW, by=1)) == "paused (captcha)"
    assert (
        ENGLISH.paused(Pause(words="captcha", since=NOW))
        == "paused (Discord is asking for a captcha)"
    )


def test_silence_twice_in_a_row_sends_the_owners_to_the_right_page() -> None:
    silence = Pause(words=str(Reason.SILENCE), since=NOW)
    english, french = (words.stopped(silence, [7]) for words in BOTH)
    assert english == (
        "⏸️ <@7> The queue has stopped: Midjourney didn't answer twice in a row. "
        "Check status.midjourney.com, then type `!resume`. Nothing in the queue is lost."
    )
    assert french == (
        "⏸️ <@7> La file s'est arrêtée : Midjourney n'a pas répondu, deux fois de suite. "
        "Consultez status.midjourney.com, puis tapez `!resume`. Rien de ce qui attend n'est perdu."
    )


@pytest.mark.parametrize("fault", PromptFault)
def test_every_fault_of_a_prompt_has_words(fault: PromptFault) -> None:
    for words in BOTH:
        assert words.bad_prompt(BadPrompt(fault, found="{x}"))


def test_notice_names_prompt_person_time_and_links() -> None:
    done = pictured(Status.COMPLETED, 0, 1, completed_at=LATER)
    links = {Slot.GRID: "https://a.test/grid.png", Slot.UPSCALE_1: "https://a.test/1.png"}
    assert OF_ONE.notice(done, links, LATER + timedelta(hours=1)) == (
        "✅ `k7m2qx` · a cat · by Ann · 0:41\n"
        "Grid: https://a.test/grid.png\n"
        "U1: https://a.test/1.png"
    )


def test_notice_of_a_failure_tells_the_reason() -> None:
    failed = pictured(Status.FAILED, problem=Problem(ProblemKind.STOPPED))
    assert OF_ONE.notice(failed, {}, LATER) == (
        "⚠️ `k7m2qx` · a cat · by Ann · failed\n"
        "The job was stopped at Midjourney. Send the prompt again if you want it."
    )


@given(prompt=WORDS, author=st.text(max_size=32), detail=WORDS, link=st.text(max_size=250))
def test_messages_fit_and_call_nobody_whatever_is_in_them(
    prompt: str, author: str, detail: str, link: str
) -> None:
    made = generation(
        Status.FAILED,
        prompt=prompt,
        author_name=author,
        problem=Problem(ProblemKind.REFUSED, detail),
    )
    links = dict.fromkeys(Slot, link)
    assert len(OF_ONE.notice(made, links, LATER)) <= LIMIT
    told = replies.in_one_message([OF_ONE.status(made, None, LATER), *OF_ONE.each_picture(made)])
    for text in (told, OF_ONE.status(made, None, LATER), OF_ONE.notice(made, {}, LATER)):
        assert len(text) <= LIMIT
        assert not MENTION.search(text)


@given(WORDS)
def test_what_a_person_typed_is_repeated_without_effect(typed: str) -> None:
    for text in (
        ENGLISH.unknown_code(typed),
        ENGLISH.unknown_command(typed),
        ENGLISH.bad_number(typed, 20),
        *(ENGLISH.bad_prompt(BadPrompt(fault, found=typed)) for fault in PromptFault),
    ):
        assert len(text) <= LIMIT
        assert not MENTION.search(text)
        assert "\n" not in text
        assert text.count("`") % 2 == 0


@pytest.mark.parametrize("mark", ["**", "__", "*", "_", "~~", "||", "`", "```"])
def test_markdown_of_a_prompt_is_shown_instead_of_meant(mark: str) -> None:
    shown = replies.shown(f"a {mark}cat{mark}")
    assert shown == f"a {mark}cat{mark}".replace(mark, "".join(f"\\{c}" for c in mark))


def test_long_prompt_is_cut() -> None:
    assert replies.shown("a" * 201) == "a" * 199 + "…"
    assert replies.shown("a" * 200) == "a" * 200
