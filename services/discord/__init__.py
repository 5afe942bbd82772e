"""Discord at the other end: the connection, its objects made plain, and what is sent."""
