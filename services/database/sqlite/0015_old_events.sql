-- Events from before this time may be deleted, if their generation has ended. It is set only within
-- the transaction that deletes some; otherwise it is NULL, and events are append-only.
ALTER TABLE queue_state ADD COLUMN events_before TEXT;

DROP TRIGGER events_are_not_deleted;

CREATE TRIGGER events_are_not_deleted
BEFORE DELETE ON generation_events
WHEN EXISTS (
    SELECT 1 FROM generations
    WHERE id = OLD.generation_id AND NOT (
        status IN ('completed', 'failed', 'cancelled')
        AND OLD.at < coalesce((SELECT events_before FROM queue_state), '')
    )
)
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;
