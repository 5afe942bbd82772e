"""Numbers for whoever watches from outside: `/metrics`, and the line `alive` once an hour."""
