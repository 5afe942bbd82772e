-- What was made of a generation, with its buttons or once more, in the order in which it was asked for.
CREATE INDEX children ON generations (parent_id, seq) WHERE parent_id IS NOT NULL;
