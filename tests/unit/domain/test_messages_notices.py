"""Refusals and notices as messages; what they mean is in the tests of the table of failures."""

from domain.events import JobWaiting, MidjourneyNotice
from domain.messages import EmbedSnapshot, parse
from tests import mj


def test_a_refusal_is_read_whole() -> None:
    assert parse(mj.snapshot("refusal_action_needed")) == MidjourneyNotice(
        message_id=1511000000002097200,
        title="Action needed to continue",
        text="Our AI moderator thinks this is against the rules.",
        colour=16711680,
        nonce=mj.GRID_NONCE,
        buttons=("MJ::Prompts::Appeal::1",),
        private=True,
    )


def test_plain_words_are_a_notice_without_title() -> None:
    assert parse(mj.snapshot("refusal_failed_to_process")) == MidjourneyNotice(
        message_id=1511000000002097200,
        title="",
        text="Failed to process your command :c",
        nonce=mj.GRID_NONCE,
        private=True,
    )


def test_a_refusal_of_a_press_tells_the_grid() -> None:
    heard = parse(mj.snapshot("refusal_action_restricted"))
    assert isinstance(heard, MidjourneyNotice)
    assert heard.reference_id == mj.GRID_ID


def test_a_refusal_in_the_progress_message_beats_its_percent() -> None:
    heard = parse(mj.snapshot("refusal_output_filters"))
    assert isinstance(heard, MidjourneyNotice)
    assert heard.title == "Request cancelled due to output filters"
    assert (heard.message_id, heard.interaction_id) == (mj.PROGRESS_ID, mj.INTERACTION_ID)


def test_a_queued_job_that_shows_its_progress_message_is_progress() -> None:
    embed = EmbedSnapshot(title="Job queued", colour=16776960)
    heard = parse(mj.snapshot("imagine_waiting", embeds=(embed,)))
    assert isinstance(heard, JobWaiting)
    assert heard == parse(mj.snapshot("imagine_waiting"))


def test_the_first_embed_that_says_something_counts() -> None:
    embeds = (EmbedSnapshot(), EmbedSnapshot(description="Only words"))
    heard = parse(mj.snapshot("nothing_at_all", embeds=embeds))
    assert heard == MidjourneyNotice(message_id=1511000000400000005, title="", text="Only words")
