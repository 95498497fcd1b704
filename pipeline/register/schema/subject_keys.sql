-- A dispatch may have several keys of a kind: its subject as it was read, and as a person corrected it.
CREATE TABLE dispatch_keys_of_today (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    kind TEXT NOT NULL CHECK (kind IN ('number', 'number_date', 'subject', 'text')),
    key TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, kind, key)
);
INSERT INTO dispatch_keys_of_today (dispatch_id, kind, key) SELECT dispatch_id, kind, key FROM dispatch_keys;
DROP TABLE dispatch_keys;
ALTER TABLE dispatch_keys_of_today RENAME TO dispatch_keys;
CREATE INDEX dispatch_keys_key ON dispatch_keys (key, kind);
