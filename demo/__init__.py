"""Shows the whole of Atelier on one machine: the real bot, in a sandbox instead of Discord."""
