-- The words of prompts, so that a search needs no look at every row. It follows the table by itself;
-- a prompt that is deleted is gone from it, too.
CREATE VIRTUAL TABLE prompts USING fts5 (
    prompt, content = 'generations', content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 0'
);

INSERT INTO prompts (prompts) VALUES ('rebuild');

CREATE TRIGGER prompts_of_new AFTER INSERT ON generations
BEGIN
    INSERT INTO prompts (rowid, prompt) VALUES (NEW.seq, NEW.prompt);
END;

CREATE TRIGGER prompts_of_changed AFTER UPDATE OF prompt ON generations
BEGIN
    INSERT INTO prompts (prompts, rowid, prompt) VALUES ('delete', OLD.seq, OLD.prompt);
    INSERT INTO prompts (rowid, prompt) VALUES (NEW.seq, NEW.prompt);
END;

CREATE TRIGGER prompts_of_deleted AFTER DELETE ON generations
BEGIN
    INSERT INTO prompts (prompts, rowid, prompt) VALUES ('delete', OLD.seq, OLD.prompt);
END;

-- What is there to show, and what was asked for in a month.
CREATE INDEX finished ON generations (channel_id, seq)
WHERE status = 'completed' AND archiving_at IS NULL;
CREATE INDEX by_channel_and_time ON generations (channel_id, created_at);
