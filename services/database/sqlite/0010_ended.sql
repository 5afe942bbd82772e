-- What ended lately is looked for after a restart, however long ago it was asked for.
CREATE INDEX ended ON generations (updated_at, seq)
WHERE status IN ('completed', 'failed', 'cancelled', 'needs_attention');
