"""What is said of prompts that are sent again, and of what people keep, in English."""

from cogs.sentences import PersonalSentences

PERSONAL = PersonalSentences(
    again="`{code}` again",
    prompt_deleted="The prompt of `{code}` was deleted, so I can't send it again.",
)
