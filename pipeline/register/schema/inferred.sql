-- Values taken from elsewhere than where a dispatch prints them (the time of a signature, a stamp of receipt, a mail):
-- never in its columns, proposed to a person. For issued_on the value is the last day that it can be.
CREATE TABLE inferred (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    evidence TEXT NOT NULL, -- the words it was taken from
    span_start INTEGER, -- empty: they stand outside of the text
    span_end INTEGER,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL
);
CREATE INDEX inferred_dispatch ON inferred (dispatch_id);
