"""Measures what is promised of Atelier's speed, on one machine and without an account."""
