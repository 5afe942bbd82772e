-- Parameters that a person prefers, added to their prompts.
CREATE TABLE preferences (
    person_id INTEGER PRIMARY KEY,
    parameters TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;

-- Words of a channel under a name, in lower case; `by_id` is whoever made it first.
CREATE TABLE presets (
    channel_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    by_id INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (channel_id, name)
) STRICT, WITHOUT ROWID;
