"""What is said of the channel's pictures, and of people's favourites among them, in English."""

from cogs.sentences import CollectionSentences
from domain.generation import ProblemKind

COLLECTION = CollectionSentences(
    favourite="⭐ `{code}` is one of your favourites now. `{prefix}favs` lists them.",
    favourite_no_more="`{code}` is no longer one of your favourites.",
    no_favourites="No favourites yet. `{prefix}fav k7m2qx` adds one.",
    more="More: `{prefix}{command}`",
    search_what="Search for what? Add words from the prompt: `{prefix}search lighthouse dusk`",
    nothing_found="No prompt here has that in it.",
    stats="📊 **{month}** · {count} in total",
    stats_none="Nothing was asked for in {month}.",
    stats_under_way="in progress",
    stats_waited="Waiting for Midjourney to accept: {average} on average, {longest} at most.",
    stats_problems="Why some failed: {problems}",
    stats_people="By: {people}",
    which_month="I need a month, not {found}. Write it like `{prefix}stats 2026-10`.",
    problem_names={
        ProblemKind.REFUSED: "refused by Midjourney",
        ProblemKind.BROKEN: "Midjourney gave up",
        ProblemKind.NOT_SENT: "not accepted by Discord",
        ProblemKind.NO_ANSWER: "no answer from Midjourney",
        ProblemKind.STOPPED: "stopped at Midjourney",
        ProblemKind.BAD_PICTURE: "a picture that couldn't be saved",
        ProblemKind.NO_BUTTON: "a button was missing",
        ProblemKind.ACCOUNT: "the account needed a person",
        ProblemKind.FORM: "Midjourney asked for a form",
        ProblemKind.NO_GRID: "its grid couldn't be read",
        ProblemKind.STORAGE: "the picture store refused it",
        ProblemKind.FILM: "became a film",
    },
)
