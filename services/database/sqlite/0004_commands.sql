-- The latest command message that was handled; NULL before the first. It only ever grows.
ALTER TABLE queue_state ADD COLUMN handled_message_id INTEGER;

-- Who was allowed or denied by command, and by whom.
CREATE TABLE people (
    user_id INTEGER PRIMARY KEY,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    by_id INTEGER NOT NULL,
    since TEXT NOT NULL
) STRICT;

-- How much somebody has waiting, and what they asked for lately.
CREATE INDEX waiting_by_author ON generations (author_id) WHERE status = 'queued';
CREATE INDEX by_author_and_time ON generations (author_id, created_at);
