"""The generation store, once for each database."""
