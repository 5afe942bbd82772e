"""What `bot.py check` looks at before the worker runs: the machine, the stores, Discord."""
