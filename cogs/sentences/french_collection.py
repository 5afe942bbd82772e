"""What is said of the channel's pictures, and of people's favourites among them, in French."""

from cogs.sentences import CollectionSentences

COLLECTION = CollectionSentences(
    favourite="⭐ `{code}` est maintenant une de vos favorites. `{prefix}favs` pour les voir.",
    favourite_no_more="`{code}` n'est plus une de vos favorites.",
    no_favourites="Pas encore de favorites. `{prefix}fav k7m2qx` en ajoute une.",
    more="Suite : `{prefix}{command}`",
)
