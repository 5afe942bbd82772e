"""What happens to a generation: the one loop that decides, and what it needs."""
