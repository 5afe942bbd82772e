"""What is said of prompts that are sent again, and of what people keep, in English."""

from cogs.sentences import PersonalSentences

PERSONAL = PersonalSentences(
    again="`{code}` again",
    prompt_deleted="The prompt of `{code}` was deleted, so I can't send it again.",
    cancelled_all="🛑 Cancelled {count}: {codes}.",
    cancelled_all_running=("I've stopped following `{code}`. Midjourney may still finish it."),
    nothing_to_cancel="You have nothing waiting or running.",
    preferred="with your {parameters}",
    preferences=(
        "I add {parameters} to your prompts where they don't say otherwise. `{prefix}prefer none` "
        "turns that off."
    ),
    no_preferences=(
        "I send your prompts as you type them. `{prefix}prefer --ar 3:2` adds that to each of them."
    ),
    only_parameters=(
        "I can only add parameters to your prompts: `{prefix}prefer --ar 3:2 --s 200`. For words, "
        "there's `{prefix}preset`."
    ),
    preset_set="`+{name}` now means: {words}. Use it like this: `{prefix}imagine a cat +{name}`",
    preset_removed="`+{name}` is gone.",
    preset_form=(
        "Write it like this: `{prefix}preset noir = film noir, rain`. The name is one word of up "
        "to {length} letters and digits."
    ),
    preset_limit=(
        "There are {limit} presets, which is the limit. Remove one first: `{prefix}preset noir "
        "none`"
    ),
    not_your_preset="`+{preset}` was made by {name}; only {name} or an owner can change it.",
    no_presets="No presets yet. `{prefix}preset noir = film noir, rain` adds one.",
    unknown_preset="There's no preset {name}. `{prefix}presets` lists them all.",
    nearest_preset="There's no preset {name}. Did you mean {near}?",
)
