"""The rules of Atelier, free of input and output: records, transitions, reading of messages."""
