"""Measures Atelier's promises about speed, on one machine and without an account."""
