-- The clean-up: when it began to delete the pictures of a generation, and when they were gone.
ALTER TABLE generations ADD COLUMN archiving_at TEXT;
ALTER TABLE generations ADD COLUMN archived_at TEXT;

CREATE INDEX unarchived ON generations (seq)
WHERE archived_at IS NULL AND status IN ('completed', 'failed', 'cancelled');

-- Who wants it back, with the pictures put back by hand, empties both columns first.
CREATE TRIGGER the_archived_stay_ended
BEFORE UPDATE OF status ON generations
WHEN NEW.status <> OLD.status AND coalesce(NEW.archiving_at, NEW.archived_at) IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an archived generation keeps its status');
END;
