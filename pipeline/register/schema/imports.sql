-- Tracking tables that an office kept by hand (bảng theo dõi) and that were read beside the register. Rows are only
-- ever added.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    columns TEXT NOT NULL, -- how each column was read: a JSON array
    read_rows INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    UNIQUE (sha256, columns)
);

-- What such a table says and the register does not: a proposal until a person decides. What was decided stays, so that
-- the same row, in this table or a later one, is not proposed again.
CREATE TABLE import_proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id INTEGER NOT NULL REFERENCES imports (id), -- the first table that says so
    what TEXT NOT NULL CHECK (what IN ('document', 'duty', 'event', 'deadline')),
    key TEXT NOT NULL UNIQUE, -- the same for the same row, wherever it stands
    document_key TEXT NOT NULL, -- the same for all rows of one document
    sheet TEXT, -- of a workbook: which one
    row INTEGER NOT NULL, -- of the table, from 1
    number TEXT, -- of the document, as printed
    issued_on TEXT,
    issuer TEXT,
    value TEXT NOT NULL, -- what is proposed, for reading: the duty, the day
    said TEXT NOT NULL, -- what the row says: a JSON object
    confidence REAL NOT NULL,
    dispatch_id INTEGER REFERENCES dispatches (id), -- empty: not in the register
    obligation_id INTEGER REFERENCES obligations (id),
    duty_id INTEGER REFERENCES duties (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected', 'settled')),
    proposed_at TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT,
    why TEXT,
    made TEXT -- what accepting it entered: "D4 O12 L3 E7"
);
CREATE INDEX import_proposals_status ON import_proposals (status, document_key);
CREATE INDEX import_proposals_dispatch ON import_proposals (dispatch_id) WHERE dispatch_id IS NOT NULL;
