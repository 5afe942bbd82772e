"""The channel in a browser: a page of this machine that looks and behaves like the real one."""
