-- The digital signatures of a file, in the order of signing, as they were judged when it was read. trusted is empty
-- where no authorities were given to judge by.
CREATE TABLE signatures (
    file_id INTEGER NOT NULL REFERENCES files (id),
    position INTEGER NOT NULL,
    signer TEXT,
    organization TEXT,
    signed_at TEXT, -- by the signer's clock, ISO 8601
    state TEXT NOT NULL CHECK (state IN ('intact', 'changed', 'invalid', 'unreadable')),
    later TEXT NOT NULL CHECK (later IN ('nothing', 'signatures', 'content')),
    trusted INTEGER CHECK (trusted IN (0, 1)),
    PRIMARY KEY (file_id, position)
) WITHOUT ROWID;
