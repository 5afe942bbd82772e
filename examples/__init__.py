"""An example for another bot; docs/plug-in.md explains it."""
