"""The generation store, with one implementation for each database."""
