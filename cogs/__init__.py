"""Listener and mouth: what people type, what Midjourney says, and what the bot answers."""
