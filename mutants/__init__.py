"""What if a safety mechanism were missing? Each is taken out in turn, and tests have to notice."""
