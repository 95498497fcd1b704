-- Days that limits count from and that their documents do not print: the day of receipt (ngày đến), of effect, of an
-- event. Rows are only ever added; the newest for a target and anchor holds, and one without a day takes it back.
CREATE TABLE anchors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL CHECK (target IN ('dispatch', 'deadline')),
    target_id INTEGER NOT NULL,
    anchor TEXT NOT NULL CHECK (anchor IN ('receipt', 'effect', 'event')),
    day TEXT, -- YYYY-MM-DD; empty: taken back
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    why TEXT NOT NULL
);
CREATE INDEX anchors_target ON anchors (target, target_id, anchor);
CREATE TRIGGER anchors_are_not_changed BEFORE UPDATE ON anchors
BEGIN SELECT RAISE(ABORT, 'anchors are only ever added'); END;
CREATE TRIGGER anchors_are_not_deleted BEFORE DELETE ON anchors
BEGIN SELECT RAISE(ABORT, 'anchors are only ever added'); END;

CREATE VIEW anchors_in_force AS
SELECT a.* FROM anchors a
WHERE a.day IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM anchors n
    WHERE n.target = a.target AND n.target_id = a.target_id AND n.anchor = a.anchor AND n.id > a.id
);
