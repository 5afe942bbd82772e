"""The generation store, in its form for each database."""
