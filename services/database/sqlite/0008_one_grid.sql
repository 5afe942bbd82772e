-- A grid in the channel belongs to one generation. Where more than one had it before, all of them keep
-- it with their pictures, but it counts as the oldest one's; the others are marked as copies.
ALTER TABLE generations ADD COLUMN grid_copy INTEGER NOT NULL DEFAULT 0;

UPDATE generations SET grid_copy = found.older
FROM (
    SELECT
        seq,
        row_number() OVER (PARTITION BY json_extract(grid_step, '$.message_id') ORDER BY seq) - 1
            AS older
    FROM generations
    WHERE json_extract(grid_step, '$.message_id') IS NOT NULL
) AS found
WHERE generations.seq = found.seq AND found.older > 0;

DROP INDEX by_grid_message;
CREATE UNIQUE INDEX one_grid ON generations (json_extract(grid_step, '$.message_id'), grid_copy);
