-- What a dispatch says of each other document that it cites by number: what it prints beside the number, and how it
-- stands to it. Rows are written anew with each reading.
CREATE TABLE cited (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    position INTEGER NOT NULL,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL, -- in one spelling: what a dispatch of that number is found by
    symbol_key TEXT NOT NULL,
    issued_on TEXT, -- YYYY-MM-DD
    issuer TEXT, -- as printed
    issuer_key TEXT, -- its canonical id, else its words; that of the symbol where no issuer is printed
    type TEXT,
    subject TEXT,
    points TEXT NOT NULL, -- the item spoken of, outermost first: a JSON array
    relation TEXT CHECK (relation IN ('urges', 'extends', 'amends', 'replaces', 'corrects', 'answers', 'reports_on',
        'carries_out', 'continues')), -- empty: merely cited
    span_start INTEGER NOT NULL, -- the number
    span_end INTEGER NOT NULL,
    page INTEGER,
    words_start INTEGER NOT NULL, -- the clause it stands in
    words_end INTEGER NOT NULL,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL
);
CREATE INDEX cited_dispatch ON cited (dispatch_id);
CREATE INDEX cited_number ON cited (number_key, issuer_key);
CREATE INDEX cited_symbol ON cited (symbol_key, issued_on);
CREATE INDEX cited_issuer ON cited (issuer_key, issued_on);

-- What a dispatch is found by when another one cites it: "number" its own, "proposed" one that was inferred; where it
-- prints none, "symbol" and "issuer" with as much of the day as is printed.
CREATE TABLE cited_keys (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    kind TEXT NOT NULL CHECK (kind IN ('number', 'proposed', 'symbol', 'issuer')),
    key TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, kind, key)
) WITHOUT ROWID;
CREATE INDEX cited_keys_key ON cited_keys (key, kind);

-- The words by which a dispatch without a number may be known: its subject, or what is left of it.
ALTER TABLE dispatches ADD COLUMN subject_rest TEXT;

-- Inferred from another dispatch: which one the evidence stands in (its text has the span).
ALTER TABLE inferred ADD COLUMN source_id INTEGER REFERENCES dispatches (id);
CREATE INDEX inferred_source ON inferred (source_id) WHERE source_id IS NOT NULL;

-- How a dispatch stands to an earlier one: a proposal until a person decides. What a person decided stays.
CREATE TABLE links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id), -- the later one, which says so
    earlier_id INTEGER NOT NULL REFERENCES dispatches (id),
    relation TEXT NOT NULL,
    evidence TEXT NOT NULL, -- its words in the later one
    span_start INTEGER NOT NULL,
    span_end INTEGER NOT NULL,
    page INTEGER,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected')),
    is_found INTEGER NOT NULL DEFAULT 1 CHECK (is_found IN (0, 1)), -- by the latest reading
    proposed_at TEXT NOT NULL,
    UNIQUE (dispatch_id, earlier_id)
);
CREATE INDEX links_earlier ON links (earlier_id);

-- The obligations of the earlier dispatch that a link concerns, and the later one's that say the same again.
CREATE TABLE link_obligations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    link_id INTEGER NOT NULL REFERENCES links (id),
    obligation_id INTEGER NOT NULL REFERENCES obligations (id), -- of the earlier dispatch
    later_id INTEGER REFERENCES obligations (id), -- of the later one; empty: none of its own says it again
    reason TEXT NOT NULL CHECK (reason IN ('words', 'point', 'day', 'lead', 'only')), -- what they share
    confidence REAL NOT NULL,
    due TEXT, -- the last day that the later one sets
    counts TEXT CHECK (counts IN ('earlier', 'later')) -- told twice: which one counts; empty: both do
);
CREATE INDEX link_obligations_link ON link_obligations (link_id);
CREATE INDEX link_obligations_obligation ON link_obligations (obligation_id);
CREATE INDEX link_obligations_later ON link_obligations (later_id) WHERE later_id IS NOT NULL;

-- A row an obligation that is told twice, in a letter and in one that urges, extends, amends ... it: the one that
-- counts and the one that does not.
CREATE VIEW retold_obligations AS
SELECT iif(r.counts = 'earlier', r.obligation_id, r.later_id) AS obligation_id,
    iif(r.counts = 'earlier', r.later_id, r.obligation_id) AS retold_id, r.link_id, l.relation
FROM link_obligations r
JOIN links l ON l.id = r.link_id AND l.status <> 'rejected' AND (l.is_found OR l.status = 'accepted')
WHERE r.counts IS NOT NULL AND r.later_id IS NOT NULL;

-- A row an obligation that counts: found or entered by a person, not removed, and only once where two dispatches look
-- like the same letter, or one tells again what another has told.
DROP VIEW current_obligations;
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
) AND NOT EXISTS (
    SELECT 1 FROM link_obligations r
    JOIN links l ON l.id = r.link_id AND l.status <> 'rejected' AND (l.is_found OR l.status = 'accepted')
    JOIN obligations k ON k.id = r.obligation_id AND k.status = 'current'
    JOIN dispatches kd ON kd.id = k.dispatch_id AND kd.removed_at IS NULL
    WHERE r.later_id = o.id AND r.counts = 'earlier'
) AND NOT EXISTS (
    SELECT 1 FROM link_obligations r
    JOIN links l ON l.id = r.link_id AND l.status <> 'rejected' AND (l.is_found OR l.status = 'accepted')
    JOIN obligations k ON k.id = r.later_id AND k.status = 'current'
    JOIN dispatches kd ON kd.id = k.dispatch_id AND kd.removed_at IS NULL
    WHERE r.obligation_id = o.id AND r.counts = 'later'
);

-- People decide on links too: a wider CHECK asks for the table anew. Rows, ids and triggers stay as they are.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE former_corrections AS SELECT * FROM corrections;
CREATE TABLE former_sequence AS SELECT seq FROM sqlite_sequence WHERE name = 'corrections';
DROP VIEW corrections_in_force;
DROP TABLE corrections;
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    action TEXT NOT NULL CHECK (action IN
        ('correct', 'confirm', 'add', 'delete', 'remove', 'close', 'accept', 'reject', 'undo')),
    target TEXT NOT NULL CHECK (target IN ('dispatch', 'obligation', 'deadline', 'issue', 'proposal', 'link')),
    target_id INTEGER NOT NULL,
    field TEXT, -- empty: the whole target; then old and new are JSON objects
    old TEXT,
    new TEXT,
    why TEXT NOT NULL,
    part_of INTEGER REFERENCES corrections (id), -- a dispatch confirmed whole: the confirmation of each of its parts
    undoes INTEGER UNIQUE REFERENCES corrections (id)
);
INSERT INTO corrections SELECT * FROM former_corrections ORDER BY id;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM former_sequence)
WHERE name = 'corrections' AND EXISTS (SELECT 1 FROM former_sequence);
INSERT INTO sqlite_sequence (name, seq) SELECT 'corrections', seq FROM former_sequence
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'corrections');
DROP TABLE former_corrections;
DROP TABLE former_sequence;
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
