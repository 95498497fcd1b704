-- An index over duties, for lists and counts of a million of them: a row for each time that a duty is to be met (once,
-- or an occurrence of a recurring one) and each span of days through which nothing happened to it. All of it is worked
-- out from the other tables, and laid out anew where these change; nothing is known from here alone. Whether a duty is
-- late on a day is a comparison with that day, never stored. strict and lenient: by either reading of "before D".
CREATE TABLE duty_times (
    id INTEGER PRIMARY KEY,
    obligation_id INTEGER NOT NULL REFERENCES obligations (id) ON DELETE CASCADE,
    duty_id INTEGER NOT NULL,
    letter_id INTEGER NOT NULL,
    period TEXT NOT NULL, -- '' where it does not recur
    is_newest INTEGER NOT NULL, -- 1: so it stands after all that was entered
    from_day TEXT NOT NULL, -- the first day of the span; '' from ever
    until_day TEXT NOT NULL, -- the day after its last; 9999-12-31: no end
    opens TEXT NOT NULL, -- an occurrence: the day from which it is to be seen; '' from ever
    period_start TEXT,
    period_end TEXT,
    due TEXT, -- an occurrence: the day as printed or set by policy
    by_policy INTEGER,
    limit_strict INTEGER, -- the limit that comes first (deadlines)
    limit_lenient INTEGER,
    first_strict TEXT, -- the last day on time by it
    first_lenient TEXT,
    last_strict TEXT NOT NULL, -- the last day on time in force, extended or not; 9999-12-31: none is known
    last_lenient TEXT NOT NULL,
    clock_strict TEXT NOT NULL, -- running: late after its last day; in_time, on_time, done_late, none, no_limit, no_day
    clock_lenient TEXT NOT NULL,
    may_lapse INTEGER NOT NULL, -- an occurrence of which nothing was entered
    state TEXT NOT NULL,
    since TEXT,
    extended TEXT,
    asked_for TEXT,
    given_to INTEGER,
    reported_on TEXT,
    reminders INTEGER NOT NULL,
    version INTEGER NOT NULL, -- how many events were entered of the duty
    body_id INTEGER, -- who owes it: of the day of issue, or to whom it was given
    body_key TEXT NOT NULL,
    held_on TEXT, -- closed: the day on which who answers for the body no longer changes
    printed TEXT,
    sort TEXT NOT NULL,
    issuer_id INTEGER,
    type TEXT,
    issued_on TEXT NOT NULL,
    checkable INTEGER NOT NULL,
    confidence REAL NOT NULL,
    first_due TEXT, -- the first and the last day that any limit of the obligation states
    final_due TEXT
);
CREATE INDEX duty_times_obligation ON duty_times (obligation_id);
CREATE INDEX duty_times_duty ON duty_times (duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_letter ON duty_times (letter_id) WHERE is_newest;
CREATE INDEX duty_times_body ON duty_times (body_id) WHERE is_newest;
CREATE INDEX duty_times_printed ON duty_times (printed) WHERE is_newest;
CREATE INDEX duty_times_strict ON duty_times (last_strict, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_lenient ON duty_times (last_lenient, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_strict_clock ON duty_times (clock_strict, last_strict, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_lenient_clock ON duty_times (clock_lenient, last_lenient, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_body_key ON duty_times (body_key, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_issued_on ON duty_times (issued_on, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_confidence ON duty_times (confidence, duty_id, period) WHERE is_newest;
CREATE INDEX duty_times_type ON duty_times (type) WHERE is_newest;
CREATE INDEX duty_times_begun ON duty_times (state) WHERE is_newest AND state <> 'waiting';
CREATE INDEX duty_times_first_due ON duty_times (first_due) WHERE is_newest;
CREATE INDEX duty_times_dues ON duty_times (first_due) WHERE is_newest AND first_due < final_due;
CREATE INDEX duty_times_strict_year ON duty_times (substr(issued_on, 1, 4), last_strict, duty_id, period)
WHERE is_newest;
CREATE INDEX duty_times_lenient_year ON duty_times (substr(issued_on, 1, 4), last_lenient, duty_id, period)
WHERE is_newest;
CREATE INDEX duty_times_former ON duty_times (until_day) WHERE NOT is_newest;
CREATE INDEX dispatches_issuer_name ON dispatches (issuer);
CREATE INDEX obligations_unstated ON obligations (lead_stated) WHERE NOT lead_stated;

-- By what the index was laid out: the reading of days, and up to which day occurrences are in it.
CREATE TABLE duty_times_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    counted_by TEXT NOT NULL,
    until_day TEXT NOT NULL
);

-- Obligations whose rows in the index are to be laid out anew before it is asked again.
CREATE TABLE duty_times_stale (
    obligation_id INTEGER PRIMARY KEY
);
INSERT INTO duty_times_stale SELECT id FROM obligations;

CREATE TRIGGER duty_times_by_new_duty AFTER INSERT ON duties
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id); END;
CREATE TRIGGER duty_times_by_duty AFTER UPDATE ON duties
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id); END;
CREATE TRIGGER duty_times_by_lost_duty AFTER DELETE ON duties
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (OLD.obligation_id); END;
CREATE TRIGGER duty_times_by_obligation AFTER UPDATE ON obligations
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.id); END;
CREATE TRIGGER duty_times_by_new_deadline AFTER INSERT ON deadlines
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id); END;
CREATE TRIGGER duty_times_by_deadline AFTER UPDATE ON deadlines
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id); END;
CREATE TRIGGER duty_times_by_lost_deadline AFTER DELETE ON deadlines
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (OLD.obligation_id); END;
CREATE TRIGGER duty_times_by_dispatch AFTER UPDATE OF issued_on, type, issuer_id, merged_into, removed_at ON dispatches
WHEN (NEW.issued_on, NEW.type, NEW.issuer_id, NEW.merged_into, NEW.removed_at)
    IS NOT (OLD.issued_on, OLD.type, OLD.issuer_id, OLD.merged_into, OLD.removed_at)
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT o.id FROM dispatches d JOIN obligations o ON o.dispatch_id = d.id
    WHERE d.id = NEW.id OR d.merged_into = NEW.id;
END;
CREATE TRIGGER duty_times_by_settled AFTER INSERT ON settled_fields WHEN NEW.target IN ('dispatch', 'deadline')
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT o.id FROM obligations o WHERE NEW.target = 'dispatch' AND o.dispatch_id = NEW.target_id
    UNION SELECT l.obligation_id FROM deadlines l WHERE NEW.target = 'deadline' AND l.id = NEW.target_id;
END;
CREATE TRIGGER duty_times_by_unsettled AFTER DELETE ON settled_fields WHEN OLD.target IN ('dispatch', 'deadline')
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT o.id FROM obligations o WHERE OLD.target = 'dispatch' AND o.dispatch_id = OLD.target_id
    UNION SELECT l.obligation_id FROM deadlines l WHERE OLD.target = 'deadline' AND l.id = OLD.target_id;
END;
CREATE TRIGGER duty_times_by_anchor AFTER INSERT ON anchors
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT o.id FROM obligations o WHERE NEW.target = 'dispatch' AND o.dispatch_id = NEW.target_id
    UNION SELECT l.obligation_id FROM deadlines l WHERE NEW.target = 'deadline' AND l.id = NEW.target_id;
END;
CREATE TRIGGER duty_times_by_event AFTER INSERT ON duty_events
BEGIN INSERT OR IGNORE INTO duty_times_stale SELECT obligation_id FROM duties WHERE id = NEW.duty_id; END;
CREATE TRIGGER duty_times_by_erased_event AFTER UPDATE ON duty_events
BEGIN INSERT OR IGNORE INTO duty_times_stale SELECT obligation_id FROM duties WHERE id = OLD.duty_id; END;
CREATE TRIGGER duty_times_by_same AFTER INSERT ON same_obligations
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id), (NEW.duplicate_id); END;
CREATE TRIGGER duty_times_by_not_same AFTER DELETE ON same_obligations
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (OLD.obligation_id), (OLD.duplicate_id); END;
CREATE TRIGGER duty_times_by_proposal AFTER UPDATE OF status ON merge_proposals WHEN NEW.status IS NOT OLD.status
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT obligation_id FROM same_obligations WHERE proposal_id = NEW.id
    UNION SELECT duplicate_id FROM same_obligations WHERE proposal_id = NEW.id;
END;
CREATE TRIGGER duty_times_by_retold AFTER INSERT ON link_obligations WHEN NEW.later_id IS NOT NULL
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (NEW.obligation_id), (NEW.later_id); END;
CREATE TRIGGER duty_times_by_not_retold AFTER DELETE ON link_obligations WHEN OLD.later_id IS NOT NULL
BEGIN INSERT OR IGNORE INTO duty_times_stale VALUES (OLD.obligation_id), (OLD.later_id); END;
CREATE TRIGGER duty_times_by_link AFTER UPDATE OF status, is_found ON links
WHEN (NEW.status, NEW.is_found) IS NOT (OLD.status, OLD.is_found)
BEGIN
    INSERT OR IGNORE INTO duty_times_stale
    SELECT obligation_id FROM link_obligations WHERE link_id = NEW.id
    UNION SELECT later_id FROM link_obligations WHERE link_id = NEW.id AND later_id IS NOT NULL;
END;
