"""The rules of Atelier, without input or output: records, transitions, parsing of messages."""
