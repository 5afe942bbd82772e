"""The cogs: they read what people and Midjourney post, and answer."""

EXTENSIONS = (
    "cogs.generation",
    "cogs.grid",
    "cogs.upscale",
    "cogs.personal",
    "cogs.collection",
    "cogs.gallery",
    "cogs.admin",
)
"""What a bot loads, in this order."""
