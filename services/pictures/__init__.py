"""Pictures on their way from Discord to the image store."""
