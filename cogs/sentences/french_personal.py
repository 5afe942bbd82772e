"""What is said of prompts that are sent again, and of what people keep, in French."""

from cogs.sentences import PersonalSentences

PERSONAL = PersonalSentences(
    again="`{code}` à nouveau",
    prompt_deleted="La description de `{code}` a été supprimée : je ne peux pas la renvoyer.",
)
