"""Shows all of Atelier on one machine: the real bot, with a sandbox instead of Discord."""
