-- The book of what came in (sổ đăng ký văn bản đến): day and number of arrival, one series a year. Rows are only ever
-- added; the newest of a dispatch holds, and one without a day takes it back. A number is given once.
CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    day TEXT, -- YYYY-MM-DD; empty: taken back
    year INTEGER,
    number INTEGER CHECK (number > 0),
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by <> ''),
    why TEXT NOT NULL
);
CREATE INDEX arrivals_dispatch ON arrivals (dispatch_id);
CREATE INDEX arrivals_number ON arrivals (year, number);
CREATE TRIGGER arrivals_are_not_changed BEFORE UPDATE ON arrivals
BEGIN SELECT RAISE(ABORT, 'arrivals are only ever added'); END;
CREATE TRIGGER arrivals_of_two_dispatches BEFORE INSERT ON arrivals
WHEN EXISTS (SELECT 1 FROM arrivals a
    WHERE a.year = NEW.year AND a.number = NEW.number AND a.dispatch_id <> NEW.dispatch_id)
BEGIN SELECT RAISE(ABORT, 'the number of arrival is given'); END;

CREATE VIEW arrivals_in_force AS
SELECT a.id, a.dispatch_id, a.day, a.year, a.number FROM arrivals a
WHERE a.day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM arrivals n WHERE n.dispatch_id = a.dispatch_id AND n.id > a.id);
