"""People, faults and restarts at random, against the real process in the sandbox, for minutes."""
