-- Columns named *_url hold the key of a stored picture; its address is composed on reading.
-- Times are ISO 8601 in UTC with microseconds, so that they sort as text.
CREATE TABLE generations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    turn INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (
        status IN (
            'queued', 'submitting', 'submitted', 'grid_completed', 'variations_in_progress',
            'completed', 'failed', 'cancelled', 'needs_attention'
        )
    ),
    progress REAL NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN status = 'completed' THEN 100.0
            WHEN grid_url IS NOT NULL THEN 50.0 + 12.5 * (
                (upscale_1_url IS NOT NULL) + (upscale_2_url IS NOT NULL)
                + (upscale_3_url IS NOT NULL) + (upscale_4_url IS NOT NULL)
            )
            WHEN status = 'submitted' THEN 25.0
            ELSE 0.0
        END
    ) STORED,
    version INTEGER NOT NULL DEFAULT 1,
    prompt TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    author_name TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    command_message_id INTEGER NOT NULL UNIQUE,
    status_message_id INTEGER,
    notice_message_id INTEGER,
    origin_kind TEXT NOT NULL CHECK (
        origin_kind IN ('imagine', 'variation', 'reroll', 'adopted')
    ),
    parent_id TEXT,
    parent_index INTEGER,
    wanted TEXT NOT NULL CHECK (json_valid(wanted)),
    not_before TEXT,
    echo TEXT,
    buttons TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(buttons)),
    message_flags INTEGER NOT NULL DEFAULT 0,
    grid_url TEXT,
    upscale_1_url TEXT,
    upscale_2_url TEXT,
    upscale_3_url TEXT,
    upscale_4_url TEXT,
    grid_step TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(grid_step)),
    upscale_1_step TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upscale_1_step)),
    upscale_2_step TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upscale_2_step)),
    upscale_3_step TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upscale_3_step)),
    upscale_4_step TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(upscale_4_step)),
    error TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    submitted_at TEXT,
    completed_at TEXT
) STRICT;

-- The constant is the same in every row that the index holds: there is room for one.
CREATE UNIQUE INDEX one_active ON generations ((1))
WHERE status IN ('submitting', 'submitted', 'grid_completed', 'variations_in_progress');

CREATE INDEX queue ON generations (turn, seq) WHERE status = 'queued';
CREATE INDEX by_author ON generations (author_id, seq);
CREATE INDEX by_status ON generations (status, seq);

-- Written anew from the domain's table whenever that has changed.
CREATE TABLE legal_transitions (
    status_before TEXT NOT NULL,
    status_after TEXT NOT NULL,
    PRIMARY KEY (status_before, status_after)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transitions_are_legal
BEFORE UPDATE OF status ON generations
WHEN NEW.status <> OLD.status AND NOT EXISTS (
    SELECT 1 FROM legal_transitions
    WHERE status_before = OLD.status AND status_after = NEW.status
)
BEGIN
    SELECT RAISE(ABORT, 'illegal transition');
END;

CREATE TRIGGER stored_pictures_stay
BEFORE UPDATE OF grid_url, upscale_1_url, upscale_2_url, upscale_3_url, upscale_4_url ON generations
WHEN (OLD.grid_url IS NOT NULL AND NEW.grid_url IS NOT OLD.grid_url)
    OR (OLD.upscale_1_url IS NOT NULL AND NEW.upscale_1_url IS NOT OLD.upscale_1_url)
    OR (OLD.upscale_2_url IS NOT NULL AND NEW.upscale_2_url IS NOT OLD.upscale_2_url)
    OR (OLD.upscale_3_url IS NOT NULL AND NEW.upscale_3_url IS NOT OLD.upscale_3_url)
    OR (OLD.upscale_4_url IS NOT NULL AND NEW.upscale_4_url IS NOT OLD.upscale_4_url)
BEGIN
    SELECT RAISE(ABORT, 'a stored picture stays');
END;

-- What happened to each generation; it goes only with the generation itself.
CREATE TABLE generation_events (
    id INTEGER PRIMARY KEY,
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    status_before TEXT,
    status_after TEXT NOT NULL,
    version INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX events_of_generation ON generation_events (generation_id, id);

CREATE TRIGGER events_are_not_changed
BEFORE UPDATE ON generation_events
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_are_not_deleted
BEFORE DELETE ON generation_events
WHEN EXISTS (SELECT 1 FROM generations WHERE id = OLD.generation_id)
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

-- The highest turn that was ever claimed, also when its generation is gone.
CREATE TABLE queue_state (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last_claimed_turn INTEGER NOT NULL
) STRICT;

INSERT INTO queue_state (only_row, last_claimed_turn) VALUES (1, 0);

-- Whether the holder lives is told by the lock file; `expires_at` is for people who look.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
