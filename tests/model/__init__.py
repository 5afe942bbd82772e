"""The real bot on a simulated Discord, Midjourney, network and store, with a clock of its own."""
