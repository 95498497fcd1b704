-- One body's share of an obligation: a row for each body that leads it, the members of a group each for itself. A row
-- stays for good, so that its id keeps what happened; what is read no more is not current.
CREATE TABLE duties (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    obligation_id INTEGER NOT NULL REFERENCES obligations (id),
    body_id INTEGER REFERENCES bodies (id), -- as of the day of issue; empty: nobody is named
    printed TEXT, -- the lead as printed: the body's own name or that of its group
    sort TEXT NOT NULL CHECK (sort IN ('body', 'member', 'group', 'nobody')), -- group: its members are not known
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1))
);
CREATE INDEX duties_obligation ON duties (obligation_id);
CREATE INDEX duties_body ON duties (body_id);

CREATE VIEW current_duties AS
SELECT y.id, y.obligation_id, y.body_id, y.printed, y.sort, o.dispatch_id, o.letter_id, o.quote, o.position
FROM duties y
JOIN current_obligations o ON o.id = y.obligation_id
WHERE y.is_current AND o.kind = 'task';

-- What happened to duties. Rows are only ever added, each bound to the one before by its hash. Of a document that was
-- erased for its secrecy mark the events stay as rows of the kind "erased": their hashes and nothing else.
CREATE TABLE duty_events (
    id INTEGER PRIMARY KEY, -- 1, 2, 3 ... without a gap
    duty_id INTEGER REFERENCES duties (id),
    number INTEGER, -- of the events of this duty: 1, 2, 3 ...
    period TEXT, -- of a recurring duty: which occurrence; empty: all of them
    kind TEXT NOT NULL CHECK (kind IN ('confirmed', 'reminded', 'extended', 'reassigned', 'partly_done', 'reported',
        'accepted', 'returned', 'suspended', 'withdrawn', 'superseded', 'undone', 'erased')),
    day TEXT, -- YYYY-MM-DD: when it happened
    due TEXT, -- extended: the last day from then on; reminded: the day that was asked for, which changes none
    body_id INTEGER REFERENCES bodies (id), -- reassigned: to whom
    body TEXT, -- its name
    proof TEXT, -- the document: D12, or words
    why TEXT,
    made_at TEXT,
    made_by TEXT,
    undoes INTEGER UNIQUE REFERENCES duty_events (id),
    previous TEXT NOT NULL, -- the hash of the row before
    hash TEXT NOT NULL UNIQUE -- SHA-256 of this row and of `previous`
);
CREATE UNIQUE INDEX duty_events_duty ON duty_events (duty_id, number);
CREATE TRIGGER duty_events_are_not_changed BEFORE UPDATE ON duty_events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
CREATE TRIGGER duty_events_are_not_deleted BEFORE DELETE ON duty_events
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;
CREATE TRIGGER duty_events_are_not_replaced BEFORE INSERT ON duty_events
WHEN EXISTS (SELECT 1 FROM duty_events e WHERE e.id = NEW.id OR e.hash = NEW.hash OR e.undoes = NEW.undoes)
BEGIN SELECT RAISE(ABORT, 'events are only ever added'); END;

-- How long the chain is and where it ends.
CREATE TABLE duty_events_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    events INTEGER NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO duties (obligation_id, body_id, printed, sort)
SELECT b.obligation_id, b.body_id, min(b.name), 'body' FROM obligation_bodies b
WHERE b.role = 'lead' AND b.is_current GROUP BY b.obligation_id, b.body_id ORDER BY b.obligation_id, min(b.position);
INSERT INTO duties (obligation_id, sort)
SELECT o.id, 'nobody' FROM obligations o WHERE NOT EXISTS (
    SELECT 1 FROM obligation_bodies b WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current);
