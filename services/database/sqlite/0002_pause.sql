-- The pause of the queue; all NULL while it runs. `paused_by` is NULL when a stop made it.
ALTER TABLE queue_state ADD COLUMN paused_since TEXT;
ALTER TABLE queue_state ADD COLUMN paused_words TEXT;
ALTER TABLE queue_state ADD COLUMN paused_by INTEGER;
