-- A dispatch may have several keys of a kind: its subject as it was read, and as a person corrected it.
ALTER TABLE dispatch_keys RENAME TO former_keys;
DROP INDEX dispatch_keys_key;
CREATE TABLE dispatch_keys (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    kind TEXT NOT NULL CHECK (kind IN ('number', 'number_date', 'subject', 'text')),
    key TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, kind, key)
);
CREATE INDEX dispatch_keys_key ON dispatch_keys (key, kind);
INSERT INTO dispatch_keys (dispatch_id, kind, key) SELECT dispatch_id, kind, key FROM former_keys;
DROP TABLE former_keys;
