-- Whom a dispatch concerns beside those who lead: bodies that take part in an obligation, and bodies that it is sent to.
-- Groups are written out as their members on the day of issue.
CREATE TABLE involved (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    obligation_id INTEGER REFERENCES obligations (id), -- coordinating: in which
    body_id INTEGER NOT NULL REFERENCES bodies (id),
    role TEXT NOT NULL CHECK (role IN ('coordinating', 'informed'))
);
CREATE INDEX involved_dispatch ON involved (dispatch_id);
CREATE INDEX involved_body ON involved (body_id);
INSERT INTO involved (dispatch_id, obligation_id, body_id, role)
SELECT DISTINCT o.dispatch_id, o.id, b.body_id, 'coordinating' FROM obligation_bodies b
JOIN obligations o ON o.id = b.obligation_id WHERE b.role = 'coordinating' AND b.is_current AND b.body_id IS NOT NULL;
INSERT INTO involved (dispatch_id, body_id, role)
SELECT DISTINCT dispatch_id, body_id, 'informed' FROM addressees WHERE is_current AND body_id IS NOT NULL;
