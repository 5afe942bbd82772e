"""What is said of the channel's pictures, and of people's favourites among them, in English."""

from cogs.sentences import CollectionSentences

COLLECTION = CollectionSentences(
    favourite="⭐ `{code}` is one of your favourites now. `{prefix}favs` lists them.",
    favourite_no_more="`{code}` is no longer one of your favourites.",
    no_favourites="No favourites yet. `{prefix}fav k7m2qx` adds one.",
    more="More: `{prefix}{command}`",
)
