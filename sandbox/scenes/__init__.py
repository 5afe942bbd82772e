"""Draws what a prompt names: subjects, places, times, weather and colours, in flat shapes."""
