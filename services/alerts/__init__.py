"""Messages to whoever runs the worker, about what the channel cannot hear of."""
