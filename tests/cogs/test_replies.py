"""Rules for the sentences, whatever their wording; `test_transcripts.py` checks the wording."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs import replies
from cogs.generation_replies import GenerationReplies
from cogs.replies import Replies
from cogs.sentences.languages import LANGUAGES
from domain.errors import BadPrompt, PromptFault
from domain.events import Retried
from domain.generation import Generation, Problem, ProblemKind, Status, Step
from domain.pause import Pause
from domain.reasons import Reason
from domain.requests import objection
from domain.settling import overall
from domain.slots import Slot
from tests.builders import NOW, asked, generation
from tests.cogs.sayings import LATER, pictured

LIMIT = 2000
"""Characters of a message on Discord."""
ENGLISH = Replies("en", "!")
OF_ONE = GenerationReplies(ENGLISH)
BOTH = [Replies(language, "!") for language in LANGUAGES]
MENTION = re.compile(r"@everyone|@here|<@[!&]?\d{15,20}>")
WORDS = st.text() | st.text(alphabet="@everyonehere<&!1234567890>*_`~|#[]() \n", min_size=10)


def stage(made: Generation, percent: int | None = None) -> str:
    """Return the line of the status message about the stage."""
    return OF_ONE.status(made, percent, LATER).splitlines()[1]


@given(st.integers(min_value=0, max_value=100))
def test_midjourneys_own_percent_moves_the_bar_between_the_second_and_the_third_quarter(
    percent: int,
) -> None:
    submitted = generation(Status.SUBMITTED, progress=25.0)
    assert overall(submitted, percent) == 25 + percent / 4


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


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_words_with_and_without_a_detail(kind: ProblemKind) -> None:
    made, odd = pictured(Status.FAILED), "{0} {detail} {x}"
    for words in BOTH:
        assert GenerationReplies(words).because(Problem(kind), made).endswith(".")
        assert "{" not in GenerationReplies(words).because(Problem(kind, odd), made).replace(
            odd, ""
        )


def state(kind: ProblemKind, *slots: int) -> Generation:
    """Return a generation that ended with this problem, with some pictures stored."""
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
    assert f": {told}." in OF_ONE.problem(made)


def test_what_was_typed_and_names_are_shown_in_their_direction() -> None:
    assert replies.as_typed("a\u202e\u200bb\n c") == "`ab c`"
    assert OF_ONE.listed(pictured(Status.QUEUED, author_name="A\u202en\nn"), 1).endswith("by An n")


@pytest.mark.parametrize("reason", Reason)
def test_no_reason_of_our_own_is_told_by_its_key(reason: Reason) -> None:
    for words in BOTH:
        told = GenerationReplies(words).because(
            Problem(ProblemKind.NOT_SENT, str(reason)), pictured(Status.FAILED)
        )
        assert words.sentences.reasons[reason] in told
        assert reason not in words.paused(Pause(words=str(reason), since=NOW)).split()


@pytest.mark.parametrize("fault", PromptFault)
def test_every_fault_of_a_prompt_has_words(fault: PromptFault) -> None:
    for words in BOTH:
        assert words.bad_prompt(BadPrompt(fault, found="{x}"))


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
