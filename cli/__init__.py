"""The subcommands of `bot.py`: they read, migrate and clean up."""
