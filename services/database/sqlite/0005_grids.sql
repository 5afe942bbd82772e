-- A grid in the channel belongs to one generation at most; it is looked up by its message.
CREATE INDEX by_grid_message ON generations (json_extract(grid_step, '$.message_id'));
