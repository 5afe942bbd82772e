-- What people do by hand: what nobody could read back is refused at once.
CREATE TRIGGER wanted_are_upscales
BEFORE UPDATE OF wanted ON generations
WHEN json_type(NEW.wanted) <> 'array' OR EXISTS (
    SELECT 1 FROM json_each(NEW.wanted)
    WHERE type <> 'integer' OR value NOT BETWEEN 1 AND 4
)
BEGIN
    SELECT RAISE(ABORT, 'wanted are the numbers of upscales');
END;

CREATE TRIGGER buttons_have_ids
BEFORE UPDATE OF buttons ON generations
WHEN json_type(NEW.buttons) <> 'array' OR EXISTS (
    SELECT 1 FROM json_each(NEW.buttons)
    WHERE type <> 'object' OR json_type(value, '$.custom_id') IS NOT 'text'
)
BEGIN
    SELECT RAISE(ABORT, 'a button has a custom_id');
END;

CREATE TRIGGER times_are_dates
BEFORE UPDATE OF not_before ON generations
WHEN NEW.not_before IS NOT NULL AND datetime(NEW.not_before) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'not_before is a time');
END;

CREATE TRIGGER pictures_have_their_facts
BEFORE UPDATE OF
    grid_url, upscale_1_url, upscale_2_url, upscale_3_url, upscale_4_url,
    grid_step, upscale_1_step, upscale_2_step, upscale_3_step, upscale_4_step
ON generations
WHEN (NEW.grid_url IS NOT NULL AND json_extract(NEW.grid_step, '$.sha256') IS NULL)
    OR (NEW.upscale_1_url IS NOT NULL AND json_extract(NEW.upscale_1_step, '$.sha256') IS NULL)
    OR (NEW.upscale_2_url IS NOT NULL AND json_extract(NEW.upscale_2_step, '$.sha256') IS NULL)
    OR (NEW.upscale_3_url IS NOT NULL AND json_extract(NEW.upscale_3_step, '$.sha256') IS NULL)
    OR (NEW.upscale_4_url IS NOT NULL AND json_extract(NEW.upscale_4_step, '$.sha256') IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a picture has its facts');
END;

-- Who empties both marks of the clean-up, and so takes a generation back, has changed it.
CREATE TRIGGER the_taken_back_are_changed
AFTER UPDATE OF archiving_at, archived_at ON generations
WHEN coalesce(OLD.archiving_at, OLD.archived_at) IS NOT NULL
    AND coalesce(NEW.archiving_at, NEW.archived_at) IS NULL
BEGIN
    UPDATE generations
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'), version = OLD.version + 1
    WHERE seq = OLD.seq;
END;

-- Without its row the queue could not be paused, and without that of the lease its fence would begin
-- anew, below that of a process that was replaced.
CREATE TRIGGER the_state_stays
BEFORE DELETE ON queue_state
BEGIN
    SELECT RAISE(ABORT, 'the row of queue_state stays');
END;

CREATE TRIGGER the_lease_stays
BEFORE DELETE ON leases
BEGIN
    SELECT RAISE(ABORT, 'the row of leases stays');
END;

INSERT OR IGNORE INTO queue_state (only_row, last_claimed_turn) VALUES (1, 0);
