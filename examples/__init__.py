"""What somebody else's bot can do with Atelier; docs/plug-in.md explains it."""
