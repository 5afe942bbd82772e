"""What went wrong with a generation, or with an upscale alone, in English."""

from domain.generation import ProblemKind

PROBLEMS = {
    ProblemKind.REFUSED: (
        "Midjourney refused this: {detail}. Change the prompt and send it again."
    ),
    ProblemKind.BROKEN: ('Midjourney gave up on this one ("{detail}"). Send it again if you like.'),
    ProblemKind.NOT_SENT: (
        "Discord didn't accept the request ({detail}). Nothing was spent; `{prefix}retry "
        "{code}` tries again."
    ),
    ProblemKind.NO_ANSWER: (
        "Midjourney didn't answer in time, so I don't know what became of this one. I won't "
        "send it again by myself, because that could cost twice. Look in the channel for its "
        "grid."
    ),
    ProblemKind.STOPPED: (
        "The job was stopped at Midjourney. Send the prompt again if you want it."
    ),
    ProblemKind.BAD_PICTURE: (
        "A picture couldn't be saved ({detail}). `{prefix}retry {code}` tries again."
    ),
    ProblemKind.NO_BUTTON: (
        "Midjourney's grid has no button for {detail}. "
        "Send the prompt again with `{prefix}imagine`."
    ),
    ProblemKind.ACCOUNT: (
        "An owner has to sort something out first: {detail}. After that, `{prefix}retry "
        "{code}` picks this up again."
    ),
    ProblemKind.FORM: (
        "Midjourney answered with a form, because its remix mode is on. An owner can turn it "
        "off with `/prefer remix`; after that, use `{prefix}retry {code}`."
    ),
    ProblemKind.NO_GRID: (
        "I couldn't read the grid. Reply to it with `{prefix}adopt {code}` again."
    ),
    ProblemKind.STORAGE: (
        "A picture is ready in Discord, but saving it failed ({detail}). `{prefix}retry "
        "{code}` tries again."
    ),
    ProblemKind.FILM: (
        "Midjourney made a film. I only keep pictures; the film is in the channel. Send the "
        "prompt without `--video` for a picture."
    ),
}

UPSCALE_PROBLEMS = {
    ProblemKind.REFUSED: (
        "Midjourney refused an upscale: {detail}. `{prefix}retry {code}` asks again."
    ),
    ProblemKind.BROKEN: (
        'Midjourney gave up on an upscale ("{detail}"). `{prefix}retry {code}` asks again.'
    ),
    ProblemKind.NOT_SENT: (
        "Discord didn't accept the request for an upscale ({detail}). What's saved stays; "
        "`{prefix}retry {code}` asks again."
    ),
    ProblemKind.NO_ANSWER: (
        "Midjourney didn't answer when asked for an upscale. `{prefix}retry {code}` asks again."
    ),
    ProblemKind.STOPPED: (
        "An upscale was stopped at Midjourney. `{prefix}retry {code}` asks again."
    ),
}
