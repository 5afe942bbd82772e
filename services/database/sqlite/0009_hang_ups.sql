-- How often in a row Discord's gateway has hung up, and when last; both NULL if it did not.
ALTER TABLE queue_state ADD COLUMN hang_ups INTEGER;
ALTER TABLE queue_state ADD COLUMN hung_up_at TEXT;
