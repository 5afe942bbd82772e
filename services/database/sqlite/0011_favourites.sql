-- What people want to keep. `kept` is 0 where somebody took it back; the row stays, so that a command
-- that is found again is known to be done. The last one that changed has the highest number.
CREATE TABLE favourites (
    person_id INTEGER NOT NULL,
    generation_id TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
    kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
    number INTEGER NOT NULL UNIQUE,
    since TEXT NOT NULL,
    command_message_id INTEGER,
    PRIMARY KEY (person_id, generation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX favourites_of_person ON favourites (person_id, number) WHERE kept = 1;
CREATE INDEX favourites_of_all ON favourites (number) WHERE kept = 1;
CREATE INDEX favourites_of_generation ON favourites (generation_id, kept, number);
