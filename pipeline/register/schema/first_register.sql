-- Days and times are ISO 8601 text; spans count characters of texts.text, end exclusive; confidence is 0 to 1.
-- Columns hold the value in force: a person's correction stands in its column at once, what the program read in its
-- place is in settled_fields, and the whole story is in corrections.

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at TEXT NOT NULL,
    finished_at TEXT, -- empty: the run was cut short
    version TEXT NOT NULL,
    roots TEXT NOT NULL -- JSON array of the folders and files asked for
);

-- Bytes seen. The same bytes under two paths are one row; a file refused for secrecy has none.
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT UNIQUE, -- empty: the bytes could not be read
    size INTEGER,
    format TEXT,
    medium TEXT CHECK (medium IN ('text', 'scan')),
    pages INTEGER,
    status TEXT NOT NULL CHECK (status IN ('read', 'refused', 'failed')),
    code TEXT, -- why it was refused or failed
    version TEXT NOT NULL,
    read_at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs (id)
);
CREATE INDEX files_status ON files (status);
CREATE INDEX files_run ON files (run_id);

CREATE TABLE file_paths (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES files (id),
    path TEXT NOT NULL,
    size INTEGER,
    mtime_ns INTEGER,
    inode INTEGER,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL, -- when it was last opened
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)), -- 0: other bytes stand there now
    UNIQUE (file_id, path)
);
CREATE UNIQUE INDEX file_paths_current ON file_paths (path) WHERE is_current;

-- Files refused (no dispatch, or secret) and failed. For a secret one only folder, inode and time are kept.
CREATE TABLE failures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER REFERENCES files (id),
    status TEXT NOT NULL CHECK (status IN ('refused', 'failed')),
    code TEXT NOT NULL,
    details TEXT NOT NULL, -- JSON object
    folder TEXT,
    inode INTEGER,
    mtime_ns INTEGER,
    version TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    resolved_at TEXT, -- the file was read well later
    run_id INTEGER REFERENCES runs (id)
);
CREATE UNIQUE INDEX failures_file ON failures (file_id) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX failures_secret ON failures (folder, inode, mtime_ns) WHERE file_id IS NULL;

CREATE TABLE texts (
    file_id INTEGER PRIMARY KEY REFERENCES files (id),
    text TEXT NOT NULL,
    lines TEXT NOT NULL, -- JSON: [[start, end, page, column, bold, x0, top, x1, bottom], ...], trailing nulls left out
    tables TEXT NOT NULL -- JSON: [[start, end, page, [[[cell start, cell end], ...], ...]], ...]
);

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    canonical_id TEXT UNIQUE, -- empty: a printed name that is not identified
    name TEXT NOT NULL,
    name_key TEXT NOT NULL
);
CREATE UNIQUE INDEX bodies_name ON bodies (name_key) WHERE canonical_id IS NULL;

-- What an office issued.
CREATE TABLE dispatches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL UNIQUE REFERENCES files (id),
    type TEXT,
    number TEXT,
    symbol TEXT,
    issued_on TEXT, -- YYYY-MM-DD, YYYY-MM or YYYY, as sharp as printed
    place TEXT,
    issuer TEXT,
    issuer_id INTEGER REFERENCES bodies (id),
    subject TEXT,
    signer_authority TEXT,
    signer_title TEXT,
    signer_name TEXT,
    urgency TEXT,
    merged_into INTEGER REFERENCES dispatches (id), -- a person confirmed that both are the same letter
    entered_at TEXT NOT NULL,
    read_at TEXT NOT NULL,
    version TEXT NOT NULL,
    removed_at TEXT, -- a wrong ingest, taken out by a person
    removed_by TEXT,
    removed_why TEXT
);
CREATE INDEX dispatches_issuer ON dispatches (issuer_id);
CREATE INDEX dispatches_issued_on ON dispatches (issued_on);
CREATE INDEX dispatches_number ON dispatches (number);
CREATE INDEX dispatches_merged ON dispatches (merged_into) WHERE merged_into IS NOT NULL;

-- What makes two dispatches likely the same letter.
CREATE TABLE dispatch_keys (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    kind TEXT NOT NULL CHECK (kind IN ('number', 'number_date', 'subject', 'text')),
    key TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, kind)
);
CREATE INDEX dispatch_keys_key ON dispatch_keys (key, kind);

-- Where each single field of a dispatch was read.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    field TEXT NOT NULL,
    value TEXT NOT NULL, -- as the program read it
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    UNIQUE (dispatch_id, field)
);

CREATE TABLE addressees (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body_id INTEGER REFERENCES bodies (id),
    span_start INTEGER,
    span_end INTEGER,
    page INTEGER,
    rule TEXT NOT NULL, -- "person" where a person entered it
    confidence REAL NOT NULL,
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)) -- 0: a person's list stands in its place
);
CREATE INDEX addressees_dispatch ON addressees (dispatch_id);
CREATE INDEX addressees_body ON addressees (body_id);

CREATE TABLE recipients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL
);
CREATE INDEX recipients_dispatch ON recipients (dispatch_id);

CREATE TABLE citations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL
);
CREATE INDEX citations_dispatch ON citations (dispatch_id);
CREATE INDEX citations_number ON citations (number);

-- Who must do what. A row stays for good: what a later reading does not find again becomes "unmatched", what a person
-- rejects "deleted".
CREATE TABLE obligations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    quote TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('task', 'target')),
    modality TEXT NOT NULL CHECK (modality IN ('ordered', 'requested', 'encouraged')),
    lead_stated INTEGER NOT NULL CHECK (lead_stated IN (0, 1)),
    span_start INTEGER,
    span_end INTEGER,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('current', 'unmatched', 'deleted')),
    is_found INTEGER NOT NULL DEFAULT 1 CHECK (is_found IN (0, 1)), -- by the latest reading
    origin TEXT NOT NULL CHECK (origin IN ('reading', 'person')),
    created_at TEXT NOT NULL
);
CREATE INDEX obligations_dispatch ON obligations (dispatch_id);
CREATE INDEX obligations_unmatched ON obligations (status) WHERE status <> 'current';

CREATE TABLE obligation_bodies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    obligation_id INTEGER NOT NULL REFERENCES obligations (id),
    role TEXT NOT NULL CHECK (role IN ('lead', 'coordinating')),
    position INTEGER NOT NULL,
    name TEXT NOT NULL, -- as printed
    body_id INTEGER REFERENCES bodies (id),
    span_start INTEGER,
    span_end INTEGER,
    page INTEGER,
    rule TEXT NOT NULL, -- "person" where a person entered it
    confidence REAL NOT NULL,
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)) -- 0: a person's list stands in its place
);
CREATE INDEX obligation_bodies_obligation ON obligation_bodies (obligation_id);
CREATE INDEX obligation_bodies_body ON obligation_bodies (body_id);
CREATE INDEX obligation_bodies_name ON obligation_bodies (name);

CREATE TABLE deadlines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    obligation_id INTEGER NOT NULL REFERENCES obligations (id),
    position INTEGER NOT NULL,
    quote TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('date', 'period', 'relative', 'recurring', 'event')),
    due TEXT, -- last day as stated: D for "before D"
    start TEXT,
    boundary TEXT CHECK (boundary IN ('before', 'on_or_before')),
    rrule TEXT,
    offset_amount INTEGER,
    offset_unit TEXT,
    offset_anchor TEXT,
    scope TEXT NOT NULL,
    span_start INTEGER,
    span_end INTEGER,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('current', 'unmatched', 'deleted')),
    is_found INTEGER NOT NULL DEFAULT 1 CHECK (is_found IN (0, 1)),
    origin TEXT NOT NULL CHECK (origin IN ('reading', 'person')),
    created_at TEXT NOT NULL
);
CREATE INDEX deadlines_obligation ON deadlines (obligation_id);
CREATE INDEX deadlines_due ON deadlines (due) WHERE due IS NOT NULL;

-- Read and not understood, or doubtful: to be worked off.
CREATE TABLE issues (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    source TEXT NOT NULL CHECK (source IN ('reading', 'extracting', 'register')),
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    span_start INTEGER,
    span_end INTEGER,
    page INTEGER,
    quote TEXT,
    found_at TEXT NOT NULL,
    closed_at TEXT -- by a person, or because a later reading has it no more
);
CREATE INDEX issues_dispatch ON issues (dispatch_id);
CREATE INDEX issues_open ON issues (code) WHERE closed_at IS NULL;

-- What people said. Rows are only ever added; the newest that is not undone is in force.
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    action TEXT NOT NULL CHECK (action IN
        ('correct', 'confirm', 'add', 'delete', 'remove', 'close', 'accept', 'reject', 'undo')),
    target TEXT NOT NULL CHECK (target IN ('dispatch', 'obligation', 'deadline', 'issue', 'proposal')),
    target_id INTEGER NOT NULL,
    field TEXT, -- empty: the whole target; then old and new are JSON objects
    old TEXT,
    new TEXT,
    why TEXT NOT NULL,
    part_of INTEGER REFERENCES corrections (id), -- a dispatch confirmed whole: the confirmation of each of its parts
    undoes INTEGER UNIQUE REFERENCES corrections (id)
);
CREATE INDEX corrections_target ON corrections (target, target_id);
CREATE TRIGGER corrections_are_not_changed BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END;
CREATE TRIGGER corrections_are_not_deleted BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END;
CREATE TRIGGER corrections_are_not_replaced BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections c WHERE c.id = NEW.id OR c.undoes = NEW.undoes)
BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END;

-- Neither undone itself nor a part of what was undone.
CREATE VIEW corrections_in_force AS
SELECT c.* FROM corrections c
WHERE c.action <> 'undo'
AND NOT EXISTS (SELECT 1 FROM corrections u WHERE u.undoes = c.id)
AND NOT EXISTS (SELECT 1 FROM corrections u WHERE u.undoes = c.part_of);

-- Fields whose value a person settled, with what the program read there ("*": the whole target was confirmed).
CREATE TABLE settled_fields (
    target TEXT NOT NULL CHECK (target IN ('dispatch', 'obligation', 'deadline')),
    target_id INTEGER NOT NULL,
    field TEXT NOT NULL,
    read_value TEXT,
    correction_id INTEGER NOT NULL REFERENCES corrections (id),
    PRIMARY KEY (target, target_id, field)
);

-- Two dispatches that look like the same letter; a person decides.
CREATE TABLE merge_proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id), -- the one entered first
    duplicate_id INTEGER NOT NULL REFERENCES dispatches (id),
    reason TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected')),
    proposed_at TEXT NOT NULL,
    UNIQUE (dispatch_id, duplicate_id)
);
CREATE INDEX merge_proposals_duplicate ON merge_proposals (duplicate_id);

-- The same obligation in both; while the proposal is not rejected it counts once, in the first.
CREATE TABLE same_obligations (
    proposal_id INTEGER NOT NULL REFERENCES merge_proposals (id),
    obligation_id INTEGER NOT NULL REFERENCES obligations (id),
    duplicate_id INTEGER NOT NULL REFERENCES obligations (id),
    PRIMARY KEY (proposal_id, duplicate_id)
);
CREATE INDEX same_obligations_duplicate ON same_obligations (duplicate_id);
CREATE INDEX same_obligations_obligation ON same_obligations (obligation_id);

-- A row a letter: neither removed nor the copy of another.
CREATE VIEW current_dispatches AS
SELECT d.*, b.canonical_id AS issuer_code, f.medium, f.pages, f.format
FROM dispatches d
JOIN files f ON f.id = d.file_id
LEFT JOIN bodies b ON b.id = d.issuer_id
WHERE d.removed_at IS NULL AND d.merged_into IS NULL;

-- A row an obligation that counts: found or entered by a person, not removed, and only once where two dispatches look
-- like the same letter.
CREATE VIEW current_obligations AS
SELECT o.*, COALESCE(d.merged_into, d.id) AS letter_id
FROM obligations o
JOIN dispatches d ON d.id = o.dispatch_id
WHERE o.status = 'current' AND d.removed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM same_obligations s
    JOIN merge_proposals p ON p.id = s.proposal_id AND p.status <> 'rejected'
    JOIN obligations k ON k.id = s.obligation_id AND k.status = 'current'
    JOIN dispatches kd ON kd.id = k.dispatch_id AND kd.removed_at IS NULL
    WHERE s.duplicate_id = o.id
);

CREATE VIEW current_deadlines AS
SELECT l.*, o.dispatch_id, o.letter_id, o.kind AS obligation_kind
FROM deadlines l
JOIN current_obligations o ON o.id = l.obligation_id
WHERE l.status = 'current';

-- One readable row an obligation, for looking at with any tool.
CREATE VIEW task_list AS
SELECT o.id, d.number, d.issued_on, d.issuer, o.quote, o.kind, o.modality,
    (SELECT group_concat(name, '; ') FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current) AS lead,
    (SELECT group_concat(name, '; ') FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'coordinating' AND b.is_current) AS coordinating,
    (SELECT group_concat(quote, '; ') FROM deadlines l
        WHERE l.obligation_id = o.id AND l.status = 'current') AS deadlines,
    (SELECT min(due) FROM deadlines l
        WHERE l.obligation_id = o.id AND l.status = 'current' AND l.kind <> 'recurring') AS due,
    o.page, o.letter_id AS dispatch_id
FROM current_obligations o
JOIN dispatches d ON d.id = o.letter_id;

-- Full-text search: a row a dispatch (its fields and whole text) and a row an obligation, in two indexes: exact, and
-- folded (SQLite folds no đ, so it is replaced).
CREATE TABLE search_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    obligation_id INTEGER UNIQUE REFERENCES obligations (id) -- empty: the dispatch itself
);
CREATE INDEX search_entries_dispatch ON search_entries (dispatch_id);
CREATE UNIQUE INDEX search_entries_whole ON search_entries (dispatch_id) WHERE obligation_id IS NULL;

CREATE VIEW search_rows AS
SELECT e.id,
    iif(e.obligation_id IS NULL, coalesce(d.number, ''), '') AS number,
    iif(e.obligation_id IS NULL, coalesce(d.issuer, ''), '') AS issuer,
    iif(e.obligation_id IS NULL, coalesce(d.subject, ''), '') AS subject,
    coalesce(o.quote, t.text, '') AS text
FROM search_entries e
JOIN dispatches d ON d.id = e.dispatch_id
LEFT JOIN obligations o ON o.id = e.obligation_id
LEFT JOIN texts t ON t.file_id = d.file_id AND e.obligation_id IS NULL;

CREATE VIEW search_rows_folded AS
SELECT id, replace(replace(number, 'đ', 'd'), 'Đ', 'D') AS number,
    replace(replace(issuer, 'đ', 'd'), 'Đ', 'D') AS issuer,
    replace(replace(subject, 'đ', 'd'), 'Đ', 'D') AS subject,
    replace(replace(text, 'đ', 'd'), 'Đ', 'D') AS text
FROM search_rows;

CREATE VIRTUAL TABLE search_exact USING fts5 (
    number, issuer, subject, text, content = 'search_rows', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE search_folded USING fts5 (
    number, issuer, subject, text, content = 'search_rows_folded', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
