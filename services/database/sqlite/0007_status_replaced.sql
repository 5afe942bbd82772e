-- Whether somebody has deleted a generation's status message, and it was put up again: once is enough.
ALTER TABLE generations ADD COLUMN status_replaced INTEGER NOT NULL DEFAULT 0;
