"""The Discord side: the connection, its objects as plain records, and what is sent."""
