"""The cogs: they read what people and Midjourney post, and answer."""
